"""Administrators: figures, bans, and commands that to everybody else do not exist."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from core.executor.protocol import PaintFailed
from storage import Bans, Database, Jobs, State
from tests.bot.chat.conftest import Restart, done, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture
from tests.kit.waiting import until

UNKNOWN = "I don't know that command"


@pytest.fixture
def settings(settings: Settings, ann: Actor) -> Settings:
    """Ann is the administrator."""
    return settings.model_copy(update={"admin_ids": frozenset({ann.id})})


@pytest.mark.parametrize("command", ["/stats", "/broadcast hello", "/ban 7", "/unban 7"])
async def test_to_others_the_commands_are_unknown(ben: Actor, command: str) -> None:
    await ben.send_text(command)
    await ben.expect(text=UNKNOWN)
    await ben.expect_silence(0.2)


async def test_in_groups_the_commands_are_not_heard(api: Emulator, ann: Actor) -> None:
    friends = api.world.add_group("Friends", [ann.person])
    await ann.expect(text="Hello!", chat=friends)
    await ann.send_text("/stats", chat=friends)
    await ann.expect_silence(chat=friends)


async def test_figures_over_a_chart(ann: Actor, ben: Actor, easel: Easel, jobs: Jobs) -> None:
    await send_pair(ben)
    await ben.tap("Light")
    await result(ben, RED, BLUE)
    await done(jobs, ben)
    easel.failures.append(PaintFailed("losses are not finite"))
    await send_pair(ben)
    await ben.tap("Light")
    await ben.expect(text="Sorry")
    easel.hold()
    for expected in ("Painting", "You are next"):
        await send_pair(ben)
        await ben.tap("Light")
        await ben.expect(text=expected)
    await ann.send_text("/stats")
    shown = await ann.expect(photo=True)
    for line in (
        "4 pictures in 24 hours:",
        "🟩 1 done",
        "🟥 1 failed",
        "⬜ 0 cancelled",
        "🟦 2 under way",
        "1 person asked",
        "1 waiting now",
        "1 of 1 workers painting",
        "PaintFailed: 1",
    ):
        assert line in shown.text.splitlines()
    assert re.search(r"Median: \d+ s", shown.text)
    assert Image.open(BytesIO(shown.photo_bytes())).size == (960, 420)
    easel.go_on()


async def test_figures_of_a_quiet_day(ann: Actor) -> None:
    await ann.send_text("/stats")
    shown = await ann.expect(photo=True)
    assert shown.text.startswith("0 pictures in 24 hours:")
    assert "Median" not in shown.text


async def test_who_is_banned_is_told_so_and_their_pictures_are_stopped(
    ann: Actor, ben: Actor, easel: Easel, jobs: Jobs, restart: Restart
) -> None:
    easel.hold()
    for expected in ("Painting", "You are next"):
        await send_pair(ben)
        await ben.tap("Light")
        await ben.expect(text=expected)
    await ann.send_text(f"/ban {ben.id} too many cats")
    await ann.expect(text=f"{ben.id} is banned. I stopped 2 pictures.")
    for _ in range(2):
        await ben.expect(text="Cancelled.", buttons=["Paint it after all"])
    assert len(await jobs.latest(State.CANCELLED, ben.id, 9)) == 2
    easel.go_on()

    await restart()
    await ben.send_photo(picture("red"))
    await ben.expect(text="You can no longer use this bot: too many cats")
    await ben.expect_silence(0.2)

    await ann.send_text(f"/unban {ben.id}")
    await ann.expect(text="no longer banned")
    await ben.send_photo(picture("red"))
    await ben.expect(text="Now send me the style")


async def test_a_banned_persons_taps_are_answered_and_do_nothing(ann: Actor, ben: Actor, jobs: Jobs) -> None:
    await send_pair(ben)
    await ann.send_text(f"/ban {ben.id}")
    await ann.expect(text="is banned")
    assert await ben.tap("Light") == "You can no longer use this bot."
    assert await jobs.latest(None, ben.id, 9) == []


async def said_of_forwarded(ann: Actor, origin: dict[str, Any], command: str) -> str:
    """What the bot answers to a command in reply to a message forwarded from somebody."""
    forwarded = ann.say({"text": "spam"}, {}, {"forward_origin": {"date": 1} | origin})
    await ann.expect(text="I can only paint pictures")
    await ann.send_text(command, reply_to=forwarded)
    return (await ann.expect()).text


HIDDEN = {"type": "hidden_user", "sender_user_name": "Ben"}
CHANNEL = {"type": "channel", "message_id": 3, "chat": {"id": -1001, "type": "channel", "title": "News"}}


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("/ban spam", "spam"),
        ("/ban", None),
        ("/ban 2 many cats", "2 many cats"),
        ("/ban {ben}", None),
        ("/ban {ben} many cats", "many cats"),
    ],
)
async def test_in_reply_to_a_forwarded_message_its_author_is_meant(
    ann: Actor, ben: Actor, shared: Database, command: str, reason: str | None
) -> None:
    author = {"type": "user", "sender_user": ben.person.to_json()}
    assert f"{ben.id} is banned" in await said_of_forwarded(ann, author, command.format(ben=ben.id))
    assert [(ban.user_id, ban.reason) for ban in await Bans(shared).all()] == [(ben.id, reason)]
    assert "no longer banned" in await said_of_forwarded(ann, author, "/unban")


@pytest.mark.parametrize("command", ["/ban 2", "/ban 123456789 cats", "/unban 2"])
async def test_a_number_that_is_not_the_authors_is_asked_about(
    ann: Actor, ben: Actor, shared: Database, command: str
) -> None:
    author = {"type": "user", "sender_user": ben.person.to_json()}
    said = await said_of_forwarded(ann, author, command)
    assert f"That message is from {ben.id}, but you wrote {command.split()[1]}" in said
    assert await Bans(shared).all() == []


@pytest.mark.parametrize("origin", [HIDDEN, CHANNEL], ids=["hidden", "a channel"])
async def test_who_hides_is_not_guessed(ann: Actor, shared: Database, origin: dict[str, Any]) -> None:
    for command in ("/ban", "/ban spam", "/ban 2 many cats", "/unban"):
        assert "hide who they are" in await said_of_forwarded(ann, origin, command)
    assert await Bans(shared).all() == []
    assert "123456789 is banned" in await said_of_forwarded(ann, origin, "/ban 123456789 cats")


async def test_what_makes_no_sense_is_explained(ann: Actor) -> None:
    for said, answer in (
        ("/ban", "/ban\nWrite the person's number"),
        ("/ban ben", "/ban\nWrite the person's number"),
        ("/unban", "/unban\nWrite the person's number"),
        ("/unban 7", "7 was not banned"),
        (f"/ban {ann.id}", "Administrators can't be banned"),
    ):
        await ann.send_text(said)
        await ann.expect(text=answer)


async def test_the_menu_of_these_commands_is_in_their_own_chats_alone(
    api: Emulator, ann: Actor, restart: Restart
) -> None:
    own = {"type": "chat", "chat_id": ann.id}

    async def has_menu() -> bool:
        menus = [api.world.profile.menu(own, language) for language in ("", "ru")]
        return all({"status", "stats", "ban"} <= {command["command"] for command in menu} for menu in menus)

    await until(has_menu)
    everybody = api.world.profile.menu({"type": "all_private_chats"}, "")
    assert "stats" not in {command["command"] for command in everybody}
    api.world.profile.commands.clear()
    await ann.send_text("/start")
    await ann.expect(text="Send me a photo")
    await until(has_menu)
    await restart()
