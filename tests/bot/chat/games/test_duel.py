"""Duels of styles, between two to four people, in a group and in a topic."""

from collections.abc import Awaitable, Callable

import pytest

from bot.chat.games.duel_course import VOTE_SECONDS
from bot.chat.games.duel_entries import ENTRY_SECONDS
from bot.chat.games.poll_counts import LATE
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.people.users import Where
from bot.demo.telegram.chats import Chat, Sendable
from bot.demo.telegram.emulator import Emulator
from bot.wording.keyboards.gallery_sheet import Pick
from bot.wording.keyboards.taps import Action, Tap
from storage import OVER, GameKind, Games, Jobs
from tests.bot.chat.conftest import Process, Restart, done
from tests.kit.clock import Clock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until

Begin = Callable[..., Awaitable[SeenMessage]]


@pytest.fixture
def dora(api: Emulator) -> Actor:
    return Actor.join(api.world, "Dora")


@pytest.fixture(params=["group", "topic"])
def place(
    request: pytest.FixtureRequest, api: Emulator, ann: Actor, ben: Actor, cleo: Actor, dora: Actor
) -> tuple[Chat, int | None]:
    people = [one.person for one in (ann, ben, cleo, dora)]
    if request.param == "group":
        return api.world.add_supergroup("Friends", people), None
    forum = api.world.add_supergroup("Forum", people, forum=True)
    return forum, ann.create_topic(forum, "Cats")


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cleo: Actor, dora: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [one.person for one in (ann, ben, cleo, dora)])


@pytest.fixture
def begun(games: Games) -> Begin:
    """Ann begins a duel over Cleo's photo, in a chat and perhaps a topic; returns the bot's question."""

    async def begin(ann: Actor, cleo: Actor, chat: Chat, thread: int | None = None) -> SeenMessage:
        photo = await cleo.send_photo(picture("red"), **in_topic(chat, thread))
        await ann.send_text("/duel", **in_topic(chat, thread, photo))
        asked = await ann.expect(
            text="A duel of styles!", photo=True, buttons=["12", "Surprise me"], chat=chat
        )

        async def is_kept() -> bool:
            return await games.of_message(chat.id, asked.id) is not None

        await until(is_kept)
        return asked

    return begin


def in_topic(chat: Chat, thread: int | None, reply_to: SeenMessage | None = None) -> Where:
    where: Where = {"chat": chat}
    if thread is not None:
        where["thread"] = thread
    if reply_to is not None:
        where["reply_to"] = reply_to
    return where


async def voting(ann: Actor, ben: Actor, chat: Chat, clock: Clock) -> SeenMessage:
    """Ann brings the first painting and Ben the second; returns the poll."""
    await ann.tap("1", chat=chat)
    await ben.tap("2", chat=chat)
    clock.put_forward(ENTRY_SECONDS)
    return await ann.expect(where=lambda seen: seen.poll is not None, chat=chat)


async def starting(games: Games, chat: Chat, asked: SeenMessage) -> str:
    """What the button sends that starts this duel."""
    game = await games.of_message(chat.id, asked.id)
    assert game is not None
    return Tap(Action.GAME, game.id, Pick.BEGIN).data


async def is_over(games: Games, chat: Chat) -> None:
    async def over() -> bool:
        game = await games.last(chat.id, 0, GameKind.DUEL)
        return game is not None and game.state == OVER

    await until(over)


async def test_nobody_waits_for_the_end_of_the_time_once_there_are_two_styles(
    begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat, games: Games
) -> None:
    asked = await begun(ann, cleo, friends)
    await ann.tap("1", chat=friends)
    shown = await ann.expect(text="Great Wave (Ann)", chat=friends)
    assert not any("Start now" in label for label in shown.buttons)
    await ben.tap("2", chat=friends)
    await ann.expect(text="(Ben)", chat=friends)
    assert "Only whoever began the duel" in await ben.tap("Start now", chat=friends)
    await ann.tap("Start now", chat=friends)
    await ann.expect(text="The duel is on!", chat=friends)
    await ann.expect(where=lambda seen: seen.poll is not None, chat=friends)
    assert "no more styles" in await ann.tap_data(asked, await starting(games, friends, asked))  # a late tap


async def test_a_forged_tap_begins_no_duel_of_one_style(
    begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat, games: Games
) -> None:
    asked = await begun(ann, cleo, friends)
    await ann.tap("1", chat=friends)
    await ann.expect(text="Great Wave (Ann)", chat=friends)
    assert "needs two styles" in await ann.tap_data(asked, await starting(games, friends, asked))
    await ben.tap("2", chat=friends)  # it still takes them
    await ann.expect(text="(Ben)", chat=friends)


async def test_two_people(
    begun: Begin,
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    place: tuple[Chat, int | None],
    clock: Clock,
    jobs: Jobs,
) -> None:
    chat, thread = place
    asked = await begun(ann, cleo, chat, thread)
    assert "Great Wave" in await ann.tap("1", chat=chat)
    await ann.expect(text="1 · Great Wave (Ann)", chat=chat)
    reply = await ben.send_text("café terrace", **in_topic(chat, thread, asked))
    await ben.expect_reaction(reply, "👌")
    clock.put_forward(ENTRY_SECONDS)
    album = await ann.expect(text="2 · Café Terrace (Ben)", photo=True, where=_in_album, chat=chat)
    poll = await ann.expect(where=lambda seen: seen.poll is not None, chat=chat)
    assert thread in (None, poll.thread)
    assert poll.reply_to_id == album.id
    assert poll.poll is not None
    assert poll.poll.options == ["1 · Great Wave (Ann)", "2 · Café Terrace (Ben)"]
    await cleo.vote(poll, 1)
    await ben.vote(poll, 1)
    await ann.vote(poll, 0)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    shown = await ann.expect(text="wins the duel", photo=True, buttons=["Repaint mine"], chat=chat)
    assert "Ben's Café Terrace wins the duel over Ann's Great Wave on Cleo's photo" in shown.text
    assert "tie" not in shown.text
    [job] = await done(jobs, ben)
    assert job.content.file_id
    assert job.styles[0].painting == "van-gogh-cafe-terrace"


def _in_album(seen: SeenMessage) -> bool:
    return seen.album is not None


async def test_four_people_need_not_wait_and_pictures_are_styles_too(
    begun: Begin, api: Emulator, ann: Actor, ben: Actor, cleo: Actor, dora: Actor, friends: Chat
) -> None:
    asked = await begun(ann, cleo, friends)
    await ann.tap("1", chat=friends)
    await ben.tap("2", chat=friends)
    await cleo.send_photo(picture("blue"), chat=friends, reply_to=asked)
    await ann.expect(text="3 · own picture (Cleo)", chat=friends)
    await dora.tap("Surprise me", chat=friends)
    poll = await ann.expect(where=lambda seen: seen.poll is not None, chat=friends)
    assert poll.poll is not None
    assert len(poll.poll.options) == 4
    await dora.vote(poll, 2)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    shown = await ann.expect(text="Cleo's own picture wins the duel over", photo=True, chat=friends)
    assert all(f"{name}'s" in shown.text for name in ("Ann", "Ben", "Dora"))


@pytest.mark.parametrize("votes", [0, 1])
async def test_a_tie_is_broken_by_lot(
    begun: Begin,
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
    clock: Clock,
    votes: int,
) -> None:
    await begun(ann, cleo, friends)
    poll = await voting(ann, ben, friends, clock)
    if votes:
        await ann.vote(poll, 0)
        await ben.vote(poll, 1)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    await ann.expect(text="It was a tie, so lots were drawn.", photo=True, chat=friends)


async def test_it_survives_a_restart_in_every_state(
    begun: Begin,
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
    clock: Clock,
    restart: Restart,
    easel: Easel,
) -> None:
    await begun(ann, cleo, friends)
    await restart()
    await ann.tap("1", chat=friends)
    easel.hold_samples()
    await ben.tap("2", chat=friends)
    clock.put_forward(ENTRY_SECONDS)
    await ann.expect(text="The duel is on!", chat=friends)
    await restart()
    easel.go_on_samples()
    poll = await ann.expect(where=lambda seen: seen.poll is not None, chat=friends)
    await restart()
    await cleo.vote(poll, 0)
    easel.hold()
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    await ann.expect(text="Painting", chat=friends)
    await restart()
    easel.go_on()
    await ann.expect(text="Ann's Great Wave wins the duel over Ben's", photo=True, chat=friends)
    messages = [SeenMessage(one.to_watchers(), api.world.files) for one in friends.messages.values()]
    assert sum(seen.poll is not None for seen in messages) == 1
    assert len({seen.album for seen in messages if seen.album}) == 1


@pytest.mark.parametrize("is_closed", [True, False])
async def test_a_poll_whose_time_ran_out_while_the_bot_was_away(
    begun: Begin,
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
    clock: Clock,
    process: Process,
    is_closed: bool,
) -> None:
    await begun(ann, cleo, friends)
    poll = await voting(ann, ben, friends, clock)

    await process.stop()
    api.world.vote(cleo.person, cleo.message(poll), [1])
    clock.put_forward(VOTE_SECONDS + LATE)
    if is_closed:
        api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    await process.start()

    async def is_won() -> bool:
        clock.put_forward(0.1)  # the last counts may be on their way
        return any("wins the duel" in message.text for message in friends.messages.values())

    await until(is_won)
    await ann.expect(text="Ben's Café Terrace wins the duel", photo=True, chat=friends)


async def test_taps_that_are_late_double_or_forged(
    begun: Begin,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    dora: Actor,
    friends: Chat,
    clock: Clock,
) -> None:
    asked = await begun(ann, cleo, friends)
    assert await ann.tap("1", chat=friends) == "You bring Great Wave."
    assert await ann.tap("1", chat=friends) == "You bring Great Wave."
    assert await ann.tap("2", chat=friends) == "You bring Great Wave already: one each."
    assert await ben.tap("1", chat=friends) == "Somebody brings that one already: choose another."
    data = asked.callback_data("3") or ""
    assert await cleo.tap_data(asked, f"{data}x") == "That button no longer works."
    assert await cleo.tap_data(asked, "j:999:r") == "That game is over."
    await ben.tap("2", chat=friends)
    clock.put_forward(ENTRY_SECONDS)
    await ann.expect(where=lambda seen: seen.poll is not None, chat=friends)
    assert await dora.tap_data(asked, data) == "This duel takes no more styles."
    await dora.send_photo(picture("blue"), chat=friends, reply_to=asked)
    await dora.expect(text="This duel takes no more styles.", chat=friends)
    await ann.send_text("/duel cancel", chat=friends)
    await ann.expect(text="The duel is cancelled", chat=friends)
    assert await dora.tap_data(asked, data) == "That duel is over."


async def test_words_that_name_no_painting_or_several(
    begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat
) -> None:
    asked = await begun(ann, cleo, friends)
    await ben.send_text("my neighbour's fence", chat=friends, reply_to=asked)
    await ben.expect(text="I have no painting of that name", chat=friends)
    await ben.send_text("van gogh", chat=friends, reply_to=asked)
    await ben.expect(text="Which of them:", chat=friends)


async def test_cancelling_is_for_who_began_it_and_administrators(
    begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat, clock: Clock
) -> None:
    await begun(ben, cleo, friends)
    await cleo.send_text("/duel cancel", chat=friends)
    await cleo.expect(text="Only whoever began the duel, or an administrator", chat=friends)
    poll = await voting(ann, ben, friends, clock)
    ann.promote(friends, cleo)
    await cleo.send_text("/duel cancel", chat=friends)
    await cleo.expect(text="The duel is cancelled", chat=friends)
    now = cleo.seen(cleo.message(poll).to_watchers()).poll
    assert now is not None
    assert now.is_closed
    await cleo.send_text("/duel cancel", chat=friends)
    await cleo.expect(text="There is no duel here to cancel", chat=friends)


@pytest.mark.parametrize(("taps", "word"), [(0, "Nobody brought a style"), (1, "Only Ben brought a style")])
async def test_too_few_styles_end_it_with_a_word(
    begun: Begin,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
    clock: Clock,
    taps: int,
    word: str,
) -> None:
    await begun(ann, cleo, friends)
    if taps:
        await ben.tap("1", chat=friends)
    clock.put_forward(ENTRY_SECONDS)
    await ann.expect(text=word, chat=friends)
    await begun(ann, cleo, friends)


async def test_one_at_a_time_and_with_a_photo(
    begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat
) -> None:
    await ann.send_text("/duel", chat=friends)
    await ann.expect(text="Reply to a photo with /duel", chat=friends)
    asked = await begun(ann, cleo, friends)
    await ben.send_photo(picture("blue"), "/duel", chat=friends)
    said = await ben.expect(text="A duel is under way here already", chat=friends)
    assert said.reply_to_id == asked.id


@pytest.mark.parametrize("kind", ["photo", "poll"])
async def test_what_is_forbidden_meanwhile_ends_it_with_a_word(
    kind: Sendable, begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat, clock: Clock
) -> None:
    await begun(ann, cleo, friends)
    await ann.tap("1", chat=friends)
    await ben.tap("2", chat=friends)
    ann.forbid(friends, kind)
    clock.put_forward(ENTRY_SECONDS)
    await ann.expect(text="not allowed to send here what this game needs", chat=friends)


async def test_it_ends_where_the_bot_is_removed(
    begun: Begin, ann: Actor, ben: Actor, cleo: Actor, friends: Chat, games: Games
) -> None:
    await begun(ann, cleo, friends)
    await ben.tap("2", chat=friends)
    ann.remove_bot(friends)
    await is_over(games, friends)


async def test_a_group_that_becomes_a_supergroup_plays_on(
    begun: Begin,
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    clock: Clock,
    games: Games,
) -> None:
    group = api.world.add_group("Friends", [ann.person, ben.person, cleo.person])
    await begun(ann, cleo, group)
    await ann.tap("1", chat=group)
    await ben.tap("2", chat=group)
    moved = ann.upgrade(group)

    async def has_moved() -> bool:
        return await games.under_way(moved.id, 0, GameKind.DUEL) is not None

    await until(has_moved)
    clock.put_forward(ENTRY_SECONDS)
    poll = await ann.expect(where=lambda seen: seen.poll is not None, chat=moved)
    await ann.vote(poll, 0)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    await ann.expect(text="Ann's Great Wave wins the duel", photo=True, chat=moved)


async def test_a_full_queue_is_said_and_waited_for(
    begun: Begin,
    api: Emulator,
    ann: Actor,
    ben: Actor,
    cleo: Actor,
    friends: Chat,
    clock: Clock,
    easel: Easel,
    jobs: Jobs,
) -> None:
    await begun(ann, cleo, friends)
    poll = await voting(ann, ben, friends, clock)
    await ann.vote(poll, 0)
    easel.hold()
    for colour in ("blue", "red", "green", "yellow"):
        await ann.send_photo(picture(colour), "/style great wave")
        await ann.expect()
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    await ann.expect(text="I'll paint it as soon as there is room", chat=friends)
    easel.go_on()
    await done(jobs, ann, 4)
    clock.put_forward(61)
    await ann.expect(text="Ann's Great Wave wins the duel", photo=True, chat=friends)


async def test_in_russian(api: Emulator, cleo: Actor, ben: Actor, clock: Clock) -> None:
    olga = Actor.join(api.world, "Ольга", language="ru")
    chat = api.world.add_supergroup("Друзья", [olga.person, ben.person, cleo.person])
    photo = await cleo.send_photo(picture("red"), chat=chat)
    await olga.send_text("/duel", chat=chat, reply_to=photo)
    await olga.expect(text="Дуэль стилей!", photo=True, chat=chat)
    await olga.tap("1", chat=chat)
    await ben.tap("2", chat=chat)
    clock.put_forward(ENTRY_SECONDS)
    poll = await olga.expect(where=lambda seen: seen.poll is not None, chat=chat)
    await ben.vote(poll, 0)
    api.world.polls.let_time_pass(VOTE_SECONDS + 1)
    await olga.expect(text="побеждает в дуэли", photo=True, chat=chat)
