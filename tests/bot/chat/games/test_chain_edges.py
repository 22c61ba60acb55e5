"""A chain in a group that changes, with people who leave, and with answers that are lost."""

from typing import Any

import pytest

from bot.chat import arrival
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.faults import Break
from storage import Database, Games, Jobs
from tests.bot.chat.conftest import Restart
from tests.bot.chat.games.test_chain import first, held, is_asked, is_open, is_over, link, way
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cid: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person, cid.person])


@pytest.fixture
def group(api: Emulator, ann: Actor, ben: Actor, cid: Actor) -> Chat:
    """That can become a supergroup."""
    return api.world.add_group("Friends", [ann.person, ben.person, cid.person])


def said(chat: Chat, words: str) -> list[Any]:
    return [message for message in chat.messages.values() if words in message.text]


@pytest.mark.parametrize("how", ["a command", "a picture alone"])
async def test_after_a_move_it_goes_on_in_the_new_chat(
    ann: Actor, ben: Actor, group: Chat, jobs: Jobs, games: Games, restart: Restart, how: str
) -> None:
    shown = await first(ann, group, jobs)
    await link(ben, group, games, shown, 1)
    moved = ann.upgrade(group)
    latest = await ann.expect(text="The chain goes on here", photo=True, chat=moved)
    await restart()
    await ann.send_photo(
        picture("green"), "/chain" if how == "a command" else "", chat=moved, reply_to=latest
    )
    shown = await ann.expect(text="Link 2 of 5 · Ann", photo=True, chat=moved)
    await is_open(games, moved)
    await link(ben, moved, games, shown, 3)
    await ben.send_text("/chain end", chat=moved)
    end = await way(ann, moved)
    assert "Ann → Ben → Ann → Ben" in end.text
    assert len(held(end)) == 5
    await is_over(games, moved)
    assert len(said(moved, "The chain goes on here")) == 1


async def test_a_move_while_a_link_is_painted(
    ann: Actor, ben: Actor, group: Chat, jobs: Jobs, games: Games, easel: Easel
) -> None:
    shown = await first(ann, group, jobs)
    easel.hold()
    await ben.send_photo(picture("blue"), "/chain", chat=group, reply_to=shown)
    await is_asked(ben, jobs)
    moved = ann.upgrade(group)

    async def has_moved() -> bool:
        return bool(await games.all_under_way(moved.id))

    await until(has_moved)
    easel.go_on()
    shown = await ben.expect(text="Link 1 of 5 · Ben", photo=True, chat=moved)
    await is_open(games, moved)
    await link(ann, moved, games, shown, 2)


async def test_a_move_while_the_end_is_shown(
    ann: Actor, ben: Actor, group: Chat, jobs: Jobs, games: Games, restart: Restart, shared: Database
) -> None:
    shown = await first(ann, group, jobs)
    await link(ben, group, games, shown, 1)
    await shared.write("UPDATE games SET state = replace(state, 'open', 'animating')")
    moved = ann.upgrade(group)
    await restart()
    assert "Ann → Ben" in (await way(ann, moved)).text
    await is_over(games, moved)


async def test_after_a_move_one_can_begin_with_the_picture_of_before(
    ann: Actor, ben: Actor, group: Chat, jobs: Jobs, games: Games
) -> None:
    await first(ann, group, jobs)
    moved = ann.upgrade(group)
    await ben.send_photo(picture("blue"), "/chain", chat=moved)
    latest = await ben.expect(text="my latest picture here", photo=True, chat=moved)
    await link(ben, moved, games, latest, 1)


async def test_who_began_it_leaves_and_it_goes_on(
    ann: Actor, ben: Actor, cid: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    shown = await first(ann, friends, jobs)
    shown = await link(ben, friends, games, shown, 1)
    ben.leave(friends)
    await link(cid, friends, games, shown, 2)
    await cid.send_text("/chain end", chat=friends)
    assert "Ann → Ben → Cid" in (await way(ann, friends)).text


async def test_who_painted_the_first_picture_leaves(
    ann: Actor, ben: Actor, cid: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    shown = await first(cid, friends, jobs)
    await link(ben, friends, games, shown, 1)
    cid.leave(friends)
    await ben.send_text("/chain end", chat=friends)
    end = await way(ann, friends, "Ben")
    assert len(held(end)) == 3


@pytest.mark.parametrize("late", [False, True])
async def test_a_picture_that_cannot_be_opened_makes_no_link(
    ann: Actor,
    ben: Actor,
    friends: Chat,
    jobs: Jobs,
    games: Games,
    monkeypatch: pytest.MonkeyPatch,
    late: bool,
) -> None:
    shown = await first(ann, friends, jobs)
    if late:
        monkeypatch.setattr(arrival, "A_MOMENT", 0)
    await ben.send_document(b"no picture at all", "/chain", chat=friends, reply_to=shown)
    await ben.expect(text="not a picture I can open", chat=friends)
    if late:
        await ben.expect(text="Ben's link didn't work out", chat=friends)
        await is_open(games, friends)
    await link(ben, friends, games, shown, 1)


async def test_of_two_links_at_once_one_is_painted(
    ann: Actor, ben: Actor, cid: Actor, friends: Chat, jobs: Jobs, games: Games, easel: Easel
) -> None:
    shown = await first(ann, friends, jobs)
    easel.hold()
    await ben.send_photo(picture("blue"), "/chain", chat=friends, reply_to=shown)
    await cid.send_photo(picture("green"), "/chain", chat=friends, reply_to=shown)
    await ann.expect(text="still painting the link before", chat=friends)
    easel.go_on()
    await ann.expect(text="Link 1 of 5", photo=True, chat=friends)
    await is_open(games, friends)
    assert len(await jobs.history(ben.id)) + len(await jobs.history(cid.id)) == 1
    assert not said(friends, "Link 2 of 5")


async def test_the_end_twice(ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games) -> None:
    shown = await first(ann, friends, jobs)
    await link(ben, friends, games, shown, 1)
    for _ in range(2):
        await ben.send_text("/chain end", chat=friends)
    await way(ann, friends)
    await is_over(games, friends)
    await ben.send_text("/chain end", chat=friends)
    await ann.expect(text="There's no chain here", chat=friends)
    assert len(animations(friends)) == 1


def animations(chat: Chat) -> list[SeenMessage]:
    return [message for message in chat.messages.values() if "animation" in message.content]  # type: ignore[misc]


@pytest.mark.parametrize("lost", ["sendMessage", "editMessageMedia"])
async def test_where_answers_are_lost_there_is_one_animation(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games, lost: str
) -> None:
    shown = await first(ann, friends, jobs)
    await link(ben, friends, games, shown, 1)
    api.faults.next(lost, Break.DROP_AFTER, chat_id=friends.id)
    await ben.send_text("/chain end", chat=friends)
    await way(ann, friends)
    await is_over(games, friends)
    assert len(animations(friends)) == 1
    assert len(said(friends, "The whole chain")) == (2 if lost == "sendMessage" else 1)


async def test_where_it_cannot_be_shown_in_the_message_that_is_said_there(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, games: Games
) -> None:
    shown = await first(ann, friends, jobs)
    await link(ben, friends, games, shown, 1)
    for _ in range(4):
        api.faults.next("getFile", bad_request("wrong file_id or the file is temporarily unavailable"))
    await ben.send_text("/chain end", chat=friends)
    assert "Ann → Ben" in (await ann.expect(text="can't make its animation", chat=friends)).text
    await is_over(games, friends)
