"""Start-up and shutdown: one line where it cannot be, and every update answered in its turn."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from telegram import Bot, Update
from telegram.ext import ApplicationBuilder, TypeHandler

from bot import app
from bot.chat import admission
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.faults import Break, server_error
from bot.gateway import retries
from bot.gateway.intake import Intake
from bot.gateway.per_person_order import PerPersonOrder
from bot.ops.errors import CannotRun
from bot.settings import Settings
from bot.studio.retention import Retention
from storage import Database, DatabaseInUse, DatabaseNotWritable, DiskFull, Inbox
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.waiting import eventually


async def test_a_refused_token_is_one_line_without_the_token(settings: Settings) -> None:
    wrong = settings.model_copy(update={"token": Settings(token="123:wrong").token})  # noqa: S106
    with pytest.raises(CannotRun, match="check TELEGRAM_BOT_TOKEN") as refused:
        async with app.running(wrong, Easel()):
            pass
    assert "wrong" not in str(refused.value)


async def test_two_bots_cannot_run_on_one_database(settings: Settings) -> None:
    async with app.running(settings, Easel()):
        with pytest.raises(DatabaseInUse):
            async with app.running(settings, Easel()):
                pass


async def test_a_data_folder_that_cannot_be_is_one_line(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    elsewhere = settings.model_copy(update={"data": tmp_path / "file" / "folder"})
    with pytest.raises(DatabaseNotWritable):
        async with app.running(elsewhere, Easel()):
            pass


async def test_the_bot_waits_for_telegram_to_be_there(
    api: Emulator, settings: Settings, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.02)
    api.faults.next("getMe", server_error(), times=6)
    api.faults.next("getUpdates", Break.DROP_BEFORE)
    async with app.running(settings, Easel()):
        await ann.expect(text="photo")


async def test_command_menus_are_set_in_each_language(api: Emulator, settings: Settings) -> None:
    async with app.running(settings, Easel()):
        await eventually(lambda: len(api.world.profile.commands) == 4)


async def test_who_is_not_on_the_list_is_told_so_and_gets_nothing(
    api: Emulator, settings: Settings, ann: Actor, ben: Actor
) -> None:
    closed = settings.model_copy(update={"allowed_users": frozenset({ann.id})})
    async with app.running(closed, Easel()):
        await ben.expect(text="only for people on its list")
        await ann.expect(text="photo")
        group = api.world.add_group("Painters", [ben.person])
        await ben.send_text("/style", chat=group)
        await ben.expect(text="only for people on its list", chat=group)
        await ben.send_text("what a pity", chat=group)
        await ben.expect_silence(chat=group)


async def test_updates_of_one_person_keep_their_order_and_nobody_waits_for_another(
    api: Emulator, ann: Actor, ben: Actor, database: Database
) -> None:
    handled: list[str] = []
    slow = asyncio.Event()

    async def handle(update: Update, _: object) -> None:
        text = update.message.text if update.message else ""
        if text == "slow":
            await slow.wait()
        handled.append(text or "")

    inbox = Inbox(database)
    builder = ApplicationBuilder().token(api.token).base_url(f"{api.url}/bot")
    application = builder.updater(None).concurrent_updates(PerPersonOrder(inbox)).build()
    application.add_handler(TypeHandler(Update, handle))
    await ann.send_text("slow")
    api.faults.duplicate_updates(1)
    await ann.send_text("after slow")
    await ben.send_text("quick")
    async with application:
        await application.start()
        intake = Intake(application, inbox)
        await intake.accept(
            intake.recognise([update.to_dict() for update in await application.bot.get_updates()])
        )
        await eventually(lambda: "quick" in handled)
        assert handled == ["/start", "/start", "quick"]
        slow.set()
        await application.stop()
    assert handled[3:] == ["slow", "after slow"]


async def test_what_the_database_fails_under_is_handled_again_until_it_works(
    api: Emulator, ann: Actor, database: Database
) -> None:
    failures = [DiskFull("no room"), DiskFull("no room")]
    handled: list[str] = []

    async def handle(update: Update, _: object) -> None:
        if failures:
            raise failures.pop()
        handled.append(update.message.text if update.message and update.message.text else "")

    inbox = Inbox(database)
    builder = ApplicationBuilder().token(api.token).base_url(f"{api.url}/bot")
    application = builder.updater(None).concurrent_updates(PerPersonOrder(inbox)).build()
    application.add_handler(TypeHandler(Update, handle))
    application.add_error_handler(admission.log_error)
    await ann.send_text("and then this")
    async with application:
        await application.start()
        intake = Intake(application, inbox)
        await intake.accept(
            intake.recognise([update.to_dict() for update in await application.bot.get_updates()])
        )
        await ann.expect(text="Nothing you send is lost")
        await eventually(lambda: len(handled) == 2)
        await application.stop()
    assert handled == ["/start", "and then this"]
    assert await inbox.left() == []
    await ann.expect_silence(0)


async def test_what_could_not_be_answered_in_time_is_answered_after_the_next_start(
    api: Emulator, settings: Settings, ann: Actor
) -> None:
    api.faults.next("sendMessage", Break.HANG_BEFORE)
    async with app.running(settings, Easel()):
        await eventually(lambda: not api.faults.planned)  # the answer is on its way, to nowhere
    async with app.running(settings, Easel()):
        await ann.expect(text="photo")
    database = await Database.open(settings.database)
    assert await Inbox(database).left() == []
    await database.close()


async def test_what_the_end_cuts_short_is_handled_after_the_next_start_and_fails_nowhere(
    api: Emulator,
    settings: Settings,
    ann: Actor,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "HANDLERS_GRACE", 0.1)
    async with app.running(settings, Easel()), Bot(api.token, base_url=f"{api.url}/bot") as beside:
        await ann.expect(text="photo")
        group = api.world.add_group("Weekend painters", [ann.person])
        # The bot does not know this poll, and waits for one of its games to say that it asked that.
        poll = await beside.send_poll(group.id, "Whose is it?", ["Nobody's", "Ann's"], is_anonymous=False)
        api.world.vote(ann.person, group.messages[poll.message_id], [1])
        await eventually(lambda: not api.world.updates.pending)
    await asyncio.sleep(2 * retries.FIRST_DELAY)  # in which what was left over would meet a closed database
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    database = await Database.open(settings.database)
    assert [json.loads(body)["poll_answer"]["option_ids"] for body in await Inbox(database).left()] == [[1]]
    await database.close()


async def test_a_revoked_token_ends_the_bot(api: Emulator, settings: Settings) -> None:
    async with app.running(settings, Easel()) as side_tasks:
        api.faults.next("getUpdates", ApiError(401, "Unauthorized"))
        with pytest.raises(CannotRun, match="refused"):
            await side_tasks.failed()


async def test_a_side_task_that_dies_ends_the_bot_with_its_reason(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_: Retention) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(Retention, "run", die)
    async with app.running(settings, Easel()) as side_tasks:
        with pytest.raises(CannotRun, match=r"'retention' died \(RuntimeError: out of luck\)"):
            await side_tasks.failed()


def test_to_end_takes_less_than_the_ten_seconds_that_service_managers_give() -> None:
    assert app.HANDLERS_GRACE + app.STUDIO_GRACE < 10


def test_the_bot_does_not_import_tensorflow() -> None:
    program = "import bot.app, sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
