"""What is painted like a painting of the day, and shown together in the evening."""

import asyncio

import pytest

from bot.chat.games import daily
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break
from bot.gateway import request_limiter
from core.executor.protocol import PaintFailed
from storage import GameKind, Games, Jobs
from tests.bot.chat.conftest import done
from tests.bot.chat.games.daily.test_daily import posted, switch_on
from tests.bot.chat.games.daily.test_daily_hours import bring, is_closing, is_open
from tests.kit.clock import StandingClock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cid: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person, cid.person])


@pytest.fixture(autouse=True)
def many_messages_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ten people bring is more than Telegram lets a bot say in a group at once."""
    monkeypatch.setattr(request_limiter, "A_MINUTE", 1000)


async def morning(ann: Actor, friends: Chat, clock: StandingClock, games: Games) -> SeenMessage:
    """The painting is there, and pictures are taken."""
    await switch_on(ann, friends)
    clock.set("2026-11-26 09:00")
    painting = await ann.expect(text="Painting of the day:", photo=True, chat=friends)
    await is_open(games, friends)
    return painting


async def album(person: Actor, chat: Chat, games: Games, text: str) -> list[SeenMessage]:
    """All the pictures that are shown together, whose words begin so."""
    await person.expect(text=text, photo=True, chat=chat)
    await is_over(games, chat)
    return albums(person, chat)


async def is_over(games: Games, chat: Chat) -> None:
    async def ended() -> bool:
        return await games.under_way(chat.id, 0, GameKind.DAILY) is None

    await until(ended)


def albums(person: Actor, chat: Chat) -> list[SeenMessage]:
    return [seen for message in chat.messages.values() if (seen := person.seen(message.to_watchers())).album]


@pytest.mark.parametrize("count", [10, 11])
async def test_ten_pictures_make_an_album(
    api: Emulator,
    ann: Actor,
    friends: Chat,
    clock: StandingClock,
    games: Games,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:
    """Of several people at once who all send the tenth, there may be one more: these are two albums."""
    monkeypatch.setattr(daily, "PICTURES_A_DAY", count)
    painting = await morning(ann, friends, clock, games)
    people = [Actor.join(api.world, f"P{number}") for number in range(6)]
    friends.members.extend(person.person for person in people)
    for number in range(count):
        await bring(people[number // 2], friends, games)
    await ann.send_photo(picture("red"), chat=friends, reply_to=painting)
    await ann.expect(text="as many pictures for today as I can show", chat=friends)
    for number, person in enumerate(people):
        await done(jobs, person, min(2, max(0, count - 2 * number)))
    clock.set("2026-11-26 21:00")
    shown = await album(ann, friends, games, "1. P0\n2. P0\n3. P1")
    assert len(shown) == count
    assert len({message.album for message in shown}) == (1 if count == 10 else 2)
    assert shown[-6].text == "" if count == 10 else "6. P2\n7. P3\n8. P3\n9. P4\n10. P4\n11. P5"


async def test_what_failed_counts_for_nothing(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games, jobs: Jobs, easel: Easel
) -> None:
    await morning(ann, friends, clock, games)
    easel.failures.append(PaintFailed("no"))
    await bring(ben, friends, games)
    await ben.expect(text="Sorry, this picture didn't work out", chat=friends)
    for _ in range(2):
        await bring(ben, friends, games)
    await bring(ann, friends, games)
    await done(jobs, ben, 2)
    await done(jobs, ann)
    clock.set("2026-11-26 21:00")
    assert len(await album(ann, friends, games, "1. Ben\n2. Ben\n3. Ann")) == 3


async def test_a_full_queue_is_said_and_the_picture_can_be_sent_again(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games, jobs: Jobs, easel: Easel
) -> None:
    painting = await morning(ann, friends, clock, games)
    easel.hold()
    for _ in range(4):  # one is painted, and three wait
        await ben.send_photo(picture("red"), "/style great wave", chat=friends)

    async def is_full() -> bool:
        return len(await jobs.of_user(ben.id)) == 4

    await until(is_full)
    await ben.send_photo(picture("blue"), chat=friends, reply_to=painting)
    await ben.expect(text="already have as many pictures waiting", chat=friends)
    easel.go_on()
    await done(jobs, ben, 4)
    await bring(ben, friends, games)
    await ben.expect(text="🖼 Painting of the day\n", photo=True, chat=friends)


@pytest.mark.parametrize("left", [2, 1, 0])
async def test_who_forgets_everything_is_not_shown(
    ann: Actor,
    ben: Actor,
    cid: Actor,
    friends: Chat,
    clock: StandingClock,
    games: Games,
    jobs: Jobs,
    left: int,
) -> None:
    await morning(ann, friends, clock, games)
    people = [ben, ann, cid]
    for person in people:
        await bring(person, friends, games)
        await done(jobs, person)
    for person in people[: 3 - left]:
        await person.send_text("/forget")
        await person.expect(text="Shall I delete")
        await person.tap("Delete")
        await person.expect(text="I have deleted")
    clock.set("2026-11-26 21:00")
    if left == 2:
        assert "Ben" not in (await album(ann, friends, games, "1. Ann\n2. Cid"))[0].text
    elif left == 1:
        await ann.expect(text="by Cid alone", chat=friends)
    else:
        await is_over(games, friends)
        assert not albums(ann, friends)


async def test_the_evening_waits_for_what_is_being_painted_but_not_for_ever(
    ann: Actor,
    ben: Actor,
    cid: Actor,
    friends: Chat,
    clock: StandingClock,
    games: Games,
    jobs: Jobs,
    easel: Easel,
) -> None:
    await morning(ann, friends, clock, games)
    for person in (ann, cid):
        await bring(person, friends, games)
        await done(jobs, person)
    easel.hold()
    await bring(ben, friends, games)
    clock.set("2026-11-26 21:00")
    await is_closing(games, friends)
    clock.set("2026-11-26 21:14")
    await asyncio.sleep(0.3)
    assert not albums(ann, friends)
    clock.set("2026-11-26 21:16")
    assert len(await album(ann, friends, games, "1. Ann\n2. Cid")) == 2
    easel.go_on()
    await done(jobs, ben)


async def test_what_came_as_a_file_is_in_the_album(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games, jobs: Jobs
) -> None:
    painting = await morning(ann, friends, clock, games)
    await bring(ann, friends, games)
    await done(jobs, ann)
    ann.forbid(friends, "photo")
    await ben.send_document(picture("red", kind="PNG"), chat=friends, reply_to=painting)
    await ben.expect(document=True, chat=friends)
    await done(jobs, ben)
    ann.forbid(friends)
    clock.set("2026-11-26 21:00")
    assert all(message.has_photo for message in await album(ann, friends, games, "1. Ann\n2. Ben"))


async def test_one_covered_picture_covers_the_album(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games, jobs: Jobs
) -> None:
    painting = await morning(ann, friends, clock, games)
    await bring(ann, friends, games)
    await ben.send_photo(picture("red"), chat=friends, reply_to=painting, spoiler=True)
    await done(jobs, ann)
    await done(jobs, ben)
    clock.set("2026-11-26 21:00")
    assert all(message.is_covered for message in await album(ann, friends, games, "1. Ann\n2. Ben"))


async def test_what_is_no_picture_is_said_to_be_none(
    ann: Actor, ben: Actor, friends: Chat, clock: StandingClock, games: Games
) -> None:
    painting = await morning(ann, friends, clock, games)
    await ben.send_document(b"no picture at all", chat=friends, reply_to=painting)
    await ben.expect(text="not a picture I can open", chat=friends)


@pytest.mark.parametrize("lost", ["sendMessage", "editMessageMedia"])
async def test_where_answers_are_lost_there_is_one_painting_and_each_copy_of_its_words_is_heard(
    api: Emulator,
    ann: Actor,
    ben: Actor,
    friends: Chat,
    clock: StandingClock,
    games: Games,
    jobs: Jobs,
    lost: str,
) -> None:
    await switch_on(ann, friends)
    api.faults.next(lost, Break.DROP_AFTER, chat_id=friends.id)
    clock.set("2026-11-26 09:00")
    await ann.expect(text="Painting of the day:", photo=True, chat=friends)
    await is_open(games, friends)
    assert len(posted(friends)) == 1
    copies = [
        ann.seen(message.to_watchers())
        for message in friends.messages.values()
        if "Painting of the day:" in message.text
    ]
    assert len(copies) == (2 if lost == "sendMessage" else 1)
    for copy in copies:
        await ben.send_photo(picture("red"), chat=friends, reply_to=copy)
        await ben.expect(text="🖼 Painting of the day\n", photo=True, chat=friends)
    game = await games.under_way(friends.id, 0, GameKind.DAILY)
    assert game
    await done(jobs, ben, len(copies))
    assert len(await games.entries(game.id)) == len(copies)


async def test_a_painting_that_was_deleted_at_once_is_none(
    api: Emulator, ann: Actor, friends: Chat, clock: StandingClock, games: Games
) -> None:
    await switch_on(ann, friends)
    edit = api.faults.take

    def deleted_meanwhile(method: str, chat_id: int | None = None) -> object:
        if method == "editMessageMedia":
            api.world.delete(next(reversed(friends.messages.values())))
        return edit(method, chat_id)

    api.faults.take = deleted_meanwhile  # type: ignore[method-assign,assignment]
    clock.set("2026-11-26 09:00")
    await ann.expect(text="Painting of the day:", photo=False, chat=friends)
    await is_over(games, friends)
    assert not posted(friends)
