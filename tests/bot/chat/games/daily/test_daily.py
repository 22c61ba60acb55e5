"""A painting comes once a day at its hour, is replied to with photos, and in the evening all are shown."""

import asyncio
import zoneinfo
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import Database, GroupsSettings, Jobs
from tests.bot.chat.conftest import Restart
from tests.kit.clock import StandingClock
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until

HOUR = 3600.0


@pytest.fixture(params=["group", "topic"])
async def place(
    request: pytest.FixtureRequest, api: Emulator, ann: Actor, ben: Actor
) -> tuple[Chat, dict[str, int]]:
    """Ann is an administrator there."""
    if request.param == "topic":
        forum = api.world.add_supergroup("Forum", [ann.person, ben.person], forum=True)
        return forum, {"thread": ann.create_topic(forum, "Cats")}
    return api.world.add_supergroup("Friends", [ann.person, ben.person]), {}


def posted(chat: Chat) -> list[str]:
    """The paintings of the day that stand in the chat."""
    texts = [message.text for message in chat.messages.values() if "photo" in message.content]
    return [text for text in texts if "Painting of the day:" in text]


async def switch_on(ann: Actor, chat: Chat, words: str = "", **where: int) -> str:
    await ann.send_text(f"/daily on {words}".strip(), chat=chat, **where)  # type: ignore[arg-type]
    return (await ann.expect(text="The first one comes", chat=chat)).text


async def test_a_day(
    ann: Actor,
    ben: Actor,
    place: tuple[Chat, dict[str, int]],
    clock: StandingClock,
    jobs: Jobs,
    restart: Restart,
) -> None:
    chat, where = place
    said = await switch_on(ann, chat, **where)
    assert "09:00, UTC" in said
    assert "2026-11-26" in said
    clock.set("2026-11-26 09:00")
    painting = await ben.expect(text="Painting of the day:", photo=True, chat=chat)
    assert painting.thread == where.get("thread", painting.thread)
    for actor, colour in ((ann, "red"), (ben, "green")):
        await actor.send_photo(picture(colour), chat=chat, reply_to=painting, **where)  # type: ignore[misc]
        shown = await actor.expect(photo=True, buttons=["Repaint mine"], chat=chat)
        assert shown.text.startswith("🖼 Painting of the day\n")

    async def done() -> bool:
        return bool(await jobs.history(ann.id) and await jobs.history(ben.id))

    await until(done)
    await restart()
    clock.set("2026-11-26 21:00")
    album = await ben.expect(text="The pictures of the day", photo=True, chat=chat)
    assert album.album
    assert "1. Ann\n2. Ben" in album.text
    await ben.expect(photo=True, where=lambda message: message.album == album.album, chat=chat)
    late = await ben.send_photo(picture("red"), chat=chat, reply_to=painting, **where)  # type: ignore[misc]
    assert (await ben.expect(text="day is over", chat=chat)).reply_to_id == late.id


async def test_each_day_another_painting_until_it_is_switched_off(
    ann: Actor, friends: Chat, clock: StandingClock, restart: Restart
) -> None:
    await switch_on(ann, friends)
    for day in range(26, 30):
        clock.set(f"2026-11-{day} 09:00")
        await ann.expect(text="Painting of the day:", photo=True, chat=friends)
        await restart()
        clock.set(f"2026-11-{day} 21:30")
        await asyncio.sleep(0.3)
    shown = posted(friends)
    assert len(shown) == 4
    assert all(one != other for one, other in pairwise(shown))
    await ann.send_text("/daily off", chat=friends)
    await ann.expect(text="No more paintings of the day", chat=friends)
    clock.set("2026-11-30 09:00")
    await ann.expect_silence(chat=friends)


@pytest.mark.parametrize(
    ("eve", "hour", "moments"),
    [
        ("2026-03-28 20:00", "2:30", ["2026-03-29 01:59", "2026-03-29 03:30", "2026-03-29 04:00"]),
        ("2026-10-24 20:00", "2:30", ["2026-10-25 02:29", "2026-10-25 02:30", "2026-10-25 03:00"]),
    ],
)
async def test_once_where_clocks_are_put_forward_or_back(
    ann: Actor, friends: Chat, clock: StandingClock, restart: Restart, eve: str, hour: str, moments: list[str]
) -> None:
    clock.set(eve, "Europe/Berlin")
    await switch_on(ann, friends, f"{hour} Berlin")
    before, at, after = moments
    clock.set(before, "Europe/Berlin")
    await ann.expect_silence(chat=friends)
    clock.set(at, "Europe/Berlin")
    await ann.expect(text="Painting of the day:", photo=True, chat=friends)
    clock.time += HOUR  # where they are put back, it is half past two again
    await restart()
    await ann.expect_silence(chat=friends)
    clock.set(after, "Europe/Berlin")
    await ann.expect_silence(chat=friends)
    assert len(posted(friends)) == 1


@pytest.mark.parametrize(("hour", "comes"), [("11:59", True), ("12:00", False)])
async def test_a_bot_that_was_down_is_up_to_three_hours_late(
    ann: Actor, friends: Chat, clock: StandingClock, restart: Restart, hour: str, comes: bool
) -> None:
    await switch_on(ann, friends)
    clock.set(f"2026-11-26 {hour}")
    await restart()
    if comes:
        await ann.expect(text="Painting of the day:", photo=True, chat=friends)
    else:
        await ann.expect_silence(chat=friends)


async def test_two_pictures_each(ann: Actor, ben: Actor, friends: Chat, clock: StandingClock) -> None:
    await switch_on(ann, friends)
    clock.set("2026-11-26 09:00")
    painting = await ben.expect(text="Painting of the day:", photo=True, chat=friends)
    for colour in ("red", "green"):
        await ben.send_photo(picture(colour), chat=friends, reply_to=painting)
        await ben.expect(photo=True, buttons=["Repaint mine"], chat=friends)
    await ben.send_photo(picture("blue"), chat=friends, reply_to=painting)
    await ben.expect(text="Two pictures each", chat=friends)


async def test_of_one_picture_a_word_and_of_none_nothing(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, jobs: Jobs
) -> None:
    await switch_on(ann, friends)
    clock.set("2026-11-26 09:00")
    painting = await ben.expect(text="Painting of the day:", photo=True, chat=friends)
    await ben.send_text("Lovely!", chat=friends, reply_to=painting)
    await ben.send_photo(picture("red"), chat=friends, reply_to=painting)
    await ben.expect(photo=True, buttons=["Repaint mine"], chat=friends)

    async def done() -> bool:
        return bool(await jobs.history(ben.id))

    await until(done)
    clock.set("2026-11-26 21:00")
    await ben.expect(text="by Ben alone", chat=friends)
    clock.set("2026-11-27 09:00")
    await ben.expect(text="Painting of the day:", photo=True, chat=friends)
    clock.set("2026-11-27 21:00")
    await ben.expect_silence(chat=friends)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("on 18:30 Europe/Berlin", "18:30, Europe/Berlin time"),
        ("on 7 berlin", "07:00, Europe/Berlin time"),
        ("on New York", "09:00, America/New_York time"),
        ("on 25:00", "I don't know that hour or time zone"),
        ("on 9 Atlantis", "I don't know that hour or time zone"),
        ("on 9 Louisville", "Which one do you mean: America/Kentucky/Louisville, America/Louisville?"),
        ("", "There is no painting of the day here"),
        ("please", "There is no painting of the day here"),
        ("off", "No more paintings of the day"),
    ],
)
async def test_what_is_understood(ann: Actor, friends: Chat, words: str, answer: str) -> None:
    await ann.send_text(f"/daily {words}", chat=friends)
    await ann.expect(text=answer, chat=friends)


async def test_an_hour_that_has_passed_is_for_tomorrow(
    ann: Actor, friends: Chat, clock: StandingClock
) -> None:
    clock.set("2026-11-26 10:00")
    assert "2026-11-27" in await switch_on(ann, friends)
    await ann.expect_silence(chat=friends)


async def test_only_administrators_choose(ann: Actor, ben: Actor, friends: Chat) -> None:
    for words in ("on", "off"):
        await ben.send_text(f"/daily {words}", chat=friends)
        await ben.expect(text="Only this group's administrators", chat=friends)
    await switch_on(ann, friends, "8:15")
    await ben.send_text("/daily", chat=friends)
    await ben.expect(text="08:15, UTC time", chat=friends)


async def test_where_photos_are_not_let_in_it_is_switched_off_and_said_once(
    ann: Actor, friends: Chat, clock: StandingClock, shared: Database
) -> None:
    await switch_on(ann, friends)
    ann.forbid(friends, "photo")
    clock.set("2026-11-26 09:00")
    await ann.expect(text="the painting of the day is off now", chat=friends)
    assert (await GroupsSettings(shared).get(friends.id)).daily_at is None
    clock.set("2026-11-27 09:00")
    await ann.expect_silence(chat=friends)


async def test_a_group_without_games_or_without_the_bot_gets_none(
    ann: Actor, api: Emulator, ben: Actor, friends: Chat, clock: StandingClock
) -> None:
    others = api.world.add_supergroup("Others", [ann.person, ben.person])
    await switch_on(ann, friends)
    await switch_on(ann, others)
    await ann.send_text("/games off", chat=friends)
    await ann.expect(text="Games are off here", chat=friends)
    ann.remove_bot(others)
    clock.set("2026-11-26 09:00")
    await ann.expect_silence(chat=friends)
    assert not posted(others)


def test_zones_are_known_where_the_machine_has_none() -> None:
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    try:
        assert ZoneInfo.no_cache("Europe/Berlin").utcoffset(datetime(2026, 7, 1)) is not None
    finally:
        zoneinfo.reset_tzpath(to=before)
