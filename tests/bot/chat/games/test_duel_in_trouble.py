"""Duels whose paintings do not come, and how much of the workers games may take."""

import pytest

from bot.chat.games.duel_entries import PAINTING_SECONDS
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.studio.game_clock import AGAIN
from core.decoding.refusal import PictureError, Reason
from core.executor.protocol import PaintFailed, WorkerLost
from storage import GameKind, Games, Jobs, State
from tests.kit.clock import Clock
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.play import Play
from tests.kit.waiting import eventually, until

SLOTS = 4


@pytest.fixture
def easel() -> Easel:
    easel = Easel(SLOTS)
    easel.with_samples = True
    return easel


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor, cleo: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [one.person for one in (ann, ben, cleo)])


@pytest.fixture
def play(
    friends: Chat, games: Games, easel: Easel, clock: Clock, ann: Actor, ben: Actor, cleo: Actor
) -> Play:
    return Play(friends, games, easel, clock.put_forward, (ann, ben, cleo))


async def test_a_worker_lost_thrice_over_small_paintings(play: Play, easel: Easel, clock: Clock) -> None:
    easel.sample_failures.extend([WorkerLost("killed")] * 3)
    await play.begin(GameKind.DUEL, "entering")
    play.close_entries()
    for tries in (1, 2, 3):
        await eventually(lambda tries=tries: len(easel.samples) == tries and not easel.at_work)
        clock.put_forward(AGAIN)
    await play.ann.expect(where=lambda seen: seen.poll is not None, chat=play.chat)


@pytest.mark.parametrize(
    "failure",
    [WorkerLost("killed"), PaintFailed("out of paint"), PictureError(Reason.TRUNCATED, "It is broken.")],
    ids=lambda failure: type(failure).__name__,
)
async def test_small_paintings_that_never_come_end_it_with_a_word(
    failure: Exception, play: Play, easel: Easel, clock: Clock
) -> None:
    easel.sample_failures.extend([failure] * 99)
    await play.begin(GameKind.DUEL, "entering")
    play.close_entries()
    await eventually(lambda: bool(easel.samples) and not easel.at_work)
    clock.put_forward(PAINTING_SECONDS)
    await play.ann.expect(text="I didn't get this duel painted in time, so it ends", chat=play.chat)
    await play.over(GameKind.DUEL)
    await play.begin(GameKind.DUEL, "entering")


async def test_a_photo_that_is_gone_ends_it_with_a_word(api: Emulator, play: Play) -> None:
    await play.begin(GameKind.DUEL, "entering")
    api.faults.next("getFile", bad_request("wrong file_id or the file is temporarily unavailable"), times=9)
    play.close_entries()
    await play.ann.expect(text="something went wrong, so this game ends", chat=play.chat)
    await play.over(GameKind.DUEL)


async def test_whoever_won_has_had_everything_of_theirs_forgotten(
    api: Emulator, play: Play, jobs: Jobs, easel: Easel, clock: Clock
) -> None:
    """Their style waits for room in the queue when they ask for that."""
    await play.begin(GameKind.DUEL, "voting")
    assert play.poll is not None
    await play.cleo.vote(play.poll, 1)
    await play.counted(GameKind.DUEL)
    easel.hold()
    for number in range(1, SLOTS + 4):
        await play.ben.send_photo(picture("blue"), "/style great wave")

        async def is_placed(number: int = number) -> bool:
            return len(await jobs.of_user(play.ben.id)) == number and easel.at_work == min(number, SLOTS)

        await until(is_placed)
    api.world.polls.let_time_pass(121)
    await play.ann.expect(text="I'll paint it as soon as there is room", chat=play.chat)
    await play.ben.send_text("/forget")
    await play.ben.expect(text="Shall I delete everything")
    await play.ben.tap("Delete everything")
    await play.ben.expect(text="I have deleted")
    clock.put_forward(61)
    await play.ann.expect(text="The style that won is gone", chat=play.chat)
    await play.over(GameKind.DUEL)
    easel.go_on()


async def test_who_was_forgotten_before_the_vote_moves_nobodys_votes(api: Emulator, play: Play) -> None:
    await play.begin(GameKind.DUEL, "entering")
    await play.cleo.tap("3", chat=play.chat)
    await play.ben.send_text("/forget")
    await play.ben.expect(text="Shall I delete everything")
    await play.ben.tap("Delete everything")
    await play.ben.expect(text="I have deleted")
    dora = Actor.join(api.world, "Dora")
    play.chat.members.append(dora.person)
    await dora.tap("4", chat=play.chat)
    play.close_entries()
    poll = await play.ann.expect(where=lambda seen: seen.poll is not None, chat=play.chat)
    assert poll.poll is not None
    await dora.vote(poll, len(poll.poll.options) - 1)
    await play.counted(GameKind.DUEL)
    api.world.polls.let_time_pass(121)
    await play.ann.expect(text="Dora's Mona Lisa wins the duel", photo=True, chat=play.chat)


async def test_games_get_half_of_the_workers(
    api: Emulator, ann: Actor, ben: Actor, cleo: Actor, jobs: Jobs, easel: Easel
) -> None:
    easel.hold()
    groups = [api.world.add_supergroup(name, [ann.person]) for name in ("Cats", "Dogs", "Birds")]
    for number, group in enumerate(groups):
        await ann.send_photo(picture("red"), "/guess", chat=group)
        await eventually(lambda number=number: easel.at_work == min(number + 1, SLOTS // 2))

    async def all_are_placed() -> bool:
        return len(await jobs.of_user(ann.id)) == len(groups)

    await until(all_are_placed)
    for private in (ben, cleo):
        await private.send_photo(picture("blue"), "/style great wave")
    await eventually(lambda: easel.at_work == SLOTS)
    states = [job.state for job in await jobs.of_user(ann.id)]
    assert states == [State.RUNNING, State.RUNNING, State.QUEUED]
    easel.go_on()
    for group in groups:
        await ann.expect(where=lambda seen: seen.poll is not None, chat=group)
