"""When a painting of the day comes: hours that are changed, a bot that is away, groups that change."""

import asyncio

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import Database, GameKind, Games, Jobs
from tests.bot.chat.conftest import Restart, done
from tests.bot.chat.games.daily.test_daily import posted, switch_on
from tests.kit.clock import StandingClock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until


async def comes(person: Actor, chat: Chat) -> None:
    await person.expect(text="Painting of the day:", photo=True, chat=chat)


async def bring(person: Actor, chat: Chat, games: Games, *, thread: int = 0) -> None:
    """A photo in reply to the painting, which is noted."""
    game = await games.under_way(chat.id, thread, GameKind.DAILY)
    assert game
    assert game.message_id
    before = len(await games.entries(game.id))
    painting = person.seen(chat.messages[game.message_id].to_watchers())
    await person.send_photo(picture("red"), chat=chat, reply_to=painting)

    async def is_noted() -> bool:
        return len(await games.entries(game.id)) > before

    await until(is_noted)


async def is_open(games: Games, chat: Chat) -> None:
    """The painting that was seen is put away."""

    async def opened() -> bool:
        game = await games.under_way(chat.id, 0, GameKind.DAILY)
        return game is not None and game.state == "open"

    await until(opened)


async def is_closing(games: Games, chat: Chat) -> None:
    """It is evening, and what is still being painted is waited for."""

    async def closing() -> bool:
        game = await games.under_way(chat.id, 0, GameKind.DAILY)
        return game is not None and game.state == "closing"

    await until(closing)


async def test_two_changes_of_the_hour_in_a_day(ann: Actor, friends: Chat, clock: StandingClock) -> None:
    await switch_on(ann, friends)
    assert "2026-11-26" in await switch_on(ann, friends, "10:00")
    assert "2026-11-26" in await switch_on(ann, friends, "11:00")
    clock.set("2026-11-26 10:30")
    await ann.expect_silence(chat=friends)
    clock.set("2026-11-26 11:00")
    await comes(ann, friends)
    assert "2026-11-27" in await switch_on(ann, friends, "18:00")
    assert "2026-11-27" in await switch_on(ann, friends, "18:30")
    clock.set("2026-11-26 18:30")
    await ann.expect_silence(chat=friends)
    clock.set("2026-11-27 18:30")
    await comes(ann, friends)
    assert len(posted(friends)) == 2


async def test_an_hour_that_was_a_mistake_costs_no_day(
    ann: Actor, friends: Chat, clock: StandingClock
) -> None:
    clock.set("2026-11-26 08:30")
    assert "2026-11-27" in await switch_on(ann, friends, "8:00")
    assert "2026-11-26" in await switch_on(ann, friends, "18:00")
    clock.set("2026-11-26 18:00")
    await comes(ann, friends)


async def test_off_and_on_again_in_a_day(ann: Actor, friends: Chat, clock: StandingClock) -> None:
    await switch_on(ann, friends)
    clock.set("2026-11-26 09:00")
    await comes(ann, friends)
    await ann.send_text("/daily off", chat=friends)
    await ann.expect(text="No more paintings of the day", chat=friends)
    assert "2026-11-27" in await switch_on(ann, friends, "12:00")
    clock.set("2026-11-26 12:00")
    await ann.expect_silence(chat=friends)
    clock.set("2026-11-27 12:00")
    await comes(ann, friends)


async def test_a_new_hour_does_not_cut_short_what_is_still_being_painted(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games, jobs: Jobs, easel: Easel
) -> None:
    await switch_on(ann, friends, "21:05")
    clock.set("2026-11-26 21:05")
    await comes(ann, friends)
    await is_open(games, friends)
    assert "2026-11-27" in await switch_on(ann, friends, "9:06")  # a minute after the pictures are shown
    await bring(ann, friends, games)
    await done(jobs, ann)
    easel.hold()
    await bring(ben, friends, games)
    clock.set("2026-11-27 09:05")
    await is_closing(games, friends)
    clock.set("2026-11-27 09:06")
    await asyncio.sleep(0.3)
    easel.go_on()
    await ann.expect(text="1. Ann\n2. Ben", photo=True, chat=friends)
    await comes(ann, friends)


@pytest.mark.parametrize(("back", "hour"), [("08:00", "09:00"), ("09:30", "09:30")])
async def test_a_bot_that_was_down_in_the_evening_shows_the_pictures_first(
    ann: Actor,
    ben: Actor,
    friends: Chat,
    clock: StandingClock,
    games: Games,
    jobs: Jobs,
    restart: Restart,
    back: str,
    hour: str,
) -> None:
    await switch_on(ann, friends)
    clock.set("2026-11-26 09:00")
    await comes(ann, friends)
    await is_open(games, friends)
    for person in (ann, ben):
        await bring(person, friends, games)
        await done(jobs, person)
    clock.set(f"2026-11-27 {back}")
    await restart()
    await ann.expect(text="1. Ann\n2. Ben", photo=True, chat=friends)
    clock.set(f"2026-11-27 {hour}")
    await comes(ann, friends)


@pytest.mark.parametrize("is_forum", [False, True])
async def test_a_bot_that_is_added_again_keeps_its_word(
    api: Emulator, ann: Actor, clock: StandingClock, is_forum: bool
) -> None:
    chat = api.world.add_supergroup("Friends", [ann.person], forum=is_forum)
    where = {"thread": ann.create_topic(chat, "Cats")} if is_forum else {}
    await switch_on(ann, chat, **where)
    clock.set("2026-11-26 09:00")
    await comes(ann, chat)
    ann.remove_bot(chat)
    ann.add_bot(chat)
    await ann.expect(text="Hello!", chat=chat)
    await ann.send_text("/daily", chat=chat, **where)  # type: ignore[arg-type]
    await ann.expect(text="There is no painting of the day here", chat=chat)
    said = await switch_on(ann, chat, "18:00", **where)
    date = "2026-11-26" if "2026-11-26" in said else "2026-11-27"
    assert date in said
    clock.set(f"{date} 18:00")
    await comes(ann, chat)


async def test_a_group_that_is_silenced_for_a_day(ann: Actor, friends: Chat, clock: StandingClock) -> None:
    await switch_on(ann, friends)
    ann.forbid(friends, "text", "photo")
    clock.set("2026-11-26 09:00")
    await ann.expect_silence(chat=friends)
    ann.forbid(friends)
    clock.set("2026-11-27 09:00")
    await comes(ann, friends)


async def test_where_photos_are_no_longer_let_in_by_the_evening_that_is_said(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games, jobs: Jobs
) -> None:
    await switch_on(ann, friends)
    clock.set("2026-11-26 09:00")
    await comes(ann, friends)
    await is_open(games, friends)
    for person in (ann, ben):
        await bring(person, friends, games)
        await done(jobs, person)
    ann.forbid(friends, "photo")
    clock.set("2026-11-26 21:00")
    await ann.expect(text="not allowed to send here what this game needs", chat=friends)


@pytest.mark.parametrize("is_painting", [False, True])
async def test_a_group_that_becomes_a_supergroup_in_the_middle(
    api: Emulator,
    ann: Actor,
    ben: Actor,
    clock: StandingClock,
    games: Games,
    jobs: Jobs,
    easel: Easel,
    is_painting: bool,
) -> None:
    group = api.world.add_group("Friends", [ann.person, ben.person])
    await switch_on(ann, group)
    clock.set("2026-11-26 09:00")
    await comes(ann, group)
    await is_open(games, group)
    await bring(ann, group, games)
    await done(jobs, ann)
    if is_painting:
        easel.hold()
    await bring(ben, group, games)
    moved = ann.upgrade(group)

    async def has_moved() -> bool:
        return await games.under_way(moved.id, 0, GameKind.DAILY) is not None

    await until(has_moved)
    easel.go_on()
    await done(jobs, ben)
    clock.set("2026-11-26 21:00")
    await ann.expect(text="1. Ann\n2. Ben", photo=True, chat=moved)
    clock.set("2026-11-27 09:00")
    await comes(ann, moved)
    await is_open(games, moved)
    await bring(ben, moved, games)
    await ben.expect(text="🖼 Painting of the day\n", photo=True, chat=moved)


async def test_a_group_that_becomes_a_supergroup_while_the_painting_is_posted(
    api: Emulator,
    ann: Actor,
    ben: Actor,
    clock: StandingClock,
    games: Games,
    restart: Restart,
    shared: Database,
) -> None:
    """Its words are in the group that was."""
    group = api.world.add_group("Friends", [ann.person, ben.person])
    await switch_on(ann, group)
    clock.set("2026-11-26 09:00")
    await comes(ann, group)
    await is_open(games, group)
    await shared.write("UPDATE games SET state = 'posting'")
    moved = ann.upgrade(group)
    await restart()
    await comes(ann, moved)
    await is_open(games, moved)
    await bring(ben, moved, games)
