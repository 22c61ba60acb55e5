"""While Telegram refuses what the bot says, nobody loses an answer, and nobody waits behind a stranger."""

import json

import pytest

from bot import app
from bot.chat import admission
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError, too_many_requests
from bot.demo.telegram.faults import Break, Fault, RawAnswer, server_error
from bot.gateway import request_limiter, retries
from bot.settings import Settings
from storage import Database, Inbox
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import eventually

OUTAGES = {
    "500": server_error(),
    "502": RawAnswer(b"<html>", 502, "text/html"),
    "404 in HTML": RawAnswer(b"<html>", 404, "text/html"),
    "cut off": Break.DROP_BEFORE,
    "null": RawAnswer(b"null"),
    "no result": RawAnswer(b'{"ok":true,"result":null}'),
    "429": too_many_requests(1),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried briefly is given up long before these outages end."""
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.02)
    monkeypatch.setattr(retries, "LONGEST_DELAY", 0.1)
    monkeypatch.setattr(retries, "BRIEFLY", 0.05)
    monkeypatch.setattr(app, "HANDLERS_GRACE", 0.1)


@pytest.mark.parametrize("fault", OUTAGES.values(), ids=OUTAGES)
async def test_everybody_is_answered_after_an_outage(api: Emulator, settings: Settings, fault: Fault) -> None:
    people = [Actor.join(api.world, f"Person {number}") for number in range(6)]
    api.faults.for_a_time("send*", fault, seconds=0.5)
    async with app.running(settings, Easel()):
        for person in people[:3]:
            await person.send_text("/help")
        for person in people[3:]:
            await person.send_photo(picture("red"))
        for person in people[:3]:
            await person.expect(text="two pictures")
        for person in people[3:]:
            await person.expect(text="style")


async def test_a_restart_in_an_outage_loses_no_answer(api: Emulator, settings: Settings, ann: Actor) -> None:
    async with app.running(settings, Easel()):
        await ann.expect(text="Send me a photo")
        api.faults.for_a_time("send*", server_error(), seconds=600)
        await ann.send_text("/help")
        await eventually(lambda: not api.world.updates.pending)
    api.faults.clear()
    async with app.running(settings, Easel()):
        await ann.expect(text="two pictures")
    database = await Database.open(settings.database)
    assert await Inbox(database).left() == []
    await database.close()


async def test_a_toast_that_cannot_be_shown_does_not_undo_the_tap(
    api: Emulator, settings: Settings, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(request_limiter.WORTH, "answerCallbackQuery", 0.1)
    async with app.running(settings, Easel()):
        for colour in ("red", "blue"):
            await ann.send_photo(picture(colour))
        await ann.expect(buttons=["Balanced"])
        api.faults.for_a_time("answerCallbackQuery", server_error(), seconds=600)
        await ann.tap("Balanced", wait=False)
        await ann.expect(photo=True, buttons=["Another style"])


async def test_a_flood_wait_in_one_chat_delays_nobody_else(
    api: Emulator, settings: Settings, ann: Actor, ben: Actor
) -> None:
    api.faults.flood(600, chat_id=ann.id)
    async with app.running(settings, Easel()):
        for _ in range(20):
            await ann.send_text("/help")
        await ben.expect(text="Send me a photo")
        await ben.send_text("/help")
        await ben.expect(text="two pictures")
        api.faults.clear()


async def test_one_persons_flood_takes_nobodys_place(
    api: Emulator, settings: Settings, ann: Actor, ben: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While her first message cannot be answered, few of those behind it are kept, and Ben's is handled."""
    monkeypatch.setattr("bot.gateway.per_person_order.AT_ONCE", 3)
    monkeypatch.setattr(admission, "LONGEST_LINE", 5)
    api.faults.for_a_time("sendMessage", server_error(), 600, chat_id=ann.id)
    async with app.running(settings, Easel()):
        await ben.expect(text="Send me a photo")
        for _ in range(30):
            await ann.send_text("/help")
        await ben.send_text("/help")
        await ben.expect(text="two pictures")
        await eventually(lambda: not api.world.updates.pending)
        api.faults.clear()
        await ann.expect(text="That was a lot at once")
    assert len([message for message in ann.private.messages.values() if message.sender.is_bot]) <= 7


async def test_a_webhook_that_another_program_set_is_removed(
    api: Emulator, settings: Settings, ann: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    async with app.running(settings, Easel()):
        await ann.expect(text="Send me a photo")
        await api.world.webhook.set("https://thief.example/secret-path", "", 40)
        await ann.send_text("/help")
        api.world.updates.add_raw({})  # ends the poll that waits
        await eventually(lambda: not api.world.webhook.url, seconds=30)
        await ann.send_text("/help")
        await ann.expect(text="two pictures")
    assert "thief.example" in json.dumps([vars(line).get("reason") for line in caplog.records])
    assert "secret-path" not in caplog.text


async def test_another_program_that_polls_is_named_again_and_again(
    api: Emulator, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.ops.lasting_trouble.INTERVAL", 0.2)
    conflict = ApiError(409, "Conflict: terminated by other getUpdates request")
    api.faults.for_a_time("getUpdates", conflict, seconds=600)

    def named() -> int:
        return sum("another program fetches" in vars(line).get("reason", "") for line in caplog.records)

    async with app.running(settings, Easel()):
        await eventually(lambda: named() >= 2)
