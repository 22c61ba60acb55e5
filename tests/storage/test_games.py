"""Games: begun once, moved on by whoever knows their state, and never in the way of private paintings."""

import pytest

from storage import (
    OVER,
    Chats,
    Database,
    Game,
    GameKind,
    Games,
    Jobs,
    NewEntry,
    NewGame,
    PictureRef,
    Score,
    Users,
)
from storage.games import FAREWELL
from tests.storage.conftest import Ask, Clock


@pytest.fixture
def games(database: Database, clock: Clock) -> Games:
    return Games(database, now=clock)


def new(key: str = "a duel", **fields: object) -> NewGame:
    values: dict[str, object] = {
        "request_key": key,
        "kind": GameKind.DUEL,
        "state": "open",
        "chat_id": -1,
        "thread_id": 0,
        "user_id": 7,
        "name": "Ann",
    }
    return NewGame(**(values | fields))  # type: ignore[arg-type]


async def begun(games: Games, database: Database, key: str = "a duel", **fields: object) -> Game:
    for user_id in (7, 8):
        await Users(database).ensure(user_id)
    game, is_new = await games.begin(new(key, **fields))
    assert game
    assert is_new
    return game


def style(name: str, message_id: int, user_id: int = 7) -> NewEntry:
    return NewEntry(user_id=user_id, name="Ann", picture=PictureRef(name, message_id=message_id))


async def test_the_same_command_begins_one_game_and_another_none_beside_it(
    games: Games, database: Database
) -> None:
    game = await begun(games, database, content=PictureRef("photo", "small", 5, spoiler=True))
    assert await games.begin(new()) == (game, False)
    other = new("another")
    assert await games.begin(other) == (None, False)
    assert await games.under_way(-1, 0, GameKind.DUEL) == game
    await begun(games, database, "elsewhere", thread_id=3)
    await games.move_on(game, OVER)
    assert (await games.begin(other))[1]


async def test_a_game_is_moved_on_only_from_the_state_that_is_known(games: Games, database: Database) -> None:
    game = await begun(games, database)
    assert await games.move_on(game, "voting", due=5.0, poll_id="p", poll_message_id=9, details={"round": 1})
    assert not await games.move_on(game, "voting")
    now = await games.of_poll("p")
    assert now
    assert (now.state, now.due, now.poll_message_id, now.details) == ("voting", 5.0, 9, {"round": 1})
    assert await games.of_message(-1, 9) == now
    assert await games.count_votes("p", [2, 1])
    assert await games.move_on(now, OVER)
    ended = await games.get(game.id)
    assert ended
    assert (ended.is_over, ended.due) == (True, None)
    assert not await games.count_votes("p", [0, 0])
    assert await games.votes(game.id) == (2, 1)


async def test_votes_count_in_either_of_two_polls_of_a_game(games: Games, database: Database) -> None:
    game = await begun(games, database)
    assert not await games.count_votes("first", [1, 0, 0])
    await games.asks_in(game.id, "first")
    await games.asks_in(game.id, "first")
    assert await games.votes(game.id) == ()
    assert await games.count_votes("first", [1, 0, 0])
    await games.move_on(game, "voting", poll_id="second", poll_message_id=9)
    assert await games.votes(game.id) == (1, 0, 0)
    await games.count_votes("second", [1, 2, 0])
    await games.count_votes("first", [1, 0, 1])
    assert await games.votes(game.id) == (2, 2, 1)
    for poll in ("first", "second"):
        found = await games.of_poll(poll)
        assert found
        assert (found.id, found.poll_id) == (game.id, "second")
    await Users(database).forget(7)
    assert await games.of_poll("first") is None


async def test_a_poll_that_was_counted_before_it_was_noted_keeps_its_votes(
    games: Games, database: Database
) -> None:
    game = await begun(games, database)
    await games.asks_in(game.id, "p")
    await games.count_votes("p", [0, 1])
    await games.move_on(game, "voting", poll_id="p")
    assert await games.votes(game.id) == (0, 1)


async def test_the_last_word_of_a_game_is_due_until_it_was_said(
    games: Games, database: Database, clock: Clock
) -> None:
    game = await begun(games, database)
    await games.move_on(game, OVER, last_word="Good bye!")
    assert (await games.begin(new("another")))[1]
    assert [each.last_word for each in await games.unsaid()] == ["Good bye!"]
    assert await games.due() == []
    clock.time += FAREWELL
    assert [each.id for each in await games.due()] == [game.id]
    await games.said_last_word(game.id)
    assert await games.unsaid() == []
    assert await games.due() == []


async def test_games_are_due_at_their_time_and_when_called(
    games: Games, database: Database, clock: Clock
) -> None:
    game = await begun(games, database, due=clock() + 10)
    assert await games.due() == []
    assert await games.next_due() == clock() + 10
    clock.time += 10
    assert [due.id for due in await games.due()] == [game.id]
    await games.call(game.id, clock() + 60)
    assert await games.due() == []
    await games.call(game.id)
    assert [due.id for due in await games.due()] == [game.id]
    await games.move_on(game, OVER)
    assert await games.due() == []
    assert await games.next_due() is None


async def test_what_is_brought_twice_counts_once_and_there_is_room_for_so_many(
    games: Games, database: Database
) -> None:
    game = await begun(games, database)
    first = await games.enter(game, style("wave", 11), most=2)
    assert first
    assert await games.enter(game, style("wave", 11), most=2) == first
    second = await games.enter(game, style("night", 12, user_id=8), most=2)
    assert second
    assert await games.enter(game, style("scream", 13), most=2) is None
    assert [entry.number for entry in await games.entries(game.id)] == [1, 2]
    await games.set_job(game.id, 2, 99)
    assert [entry.job_id for entry in await games.entries(game.id)] == [None, 99]
    await games.move_on(game, "voting")
    assert await games.enter(game, style("late", 14), most=9) is None


async def test_the_first_guess_counts_and_the_best_come_first(
    games: Games, database: Database, clock: Clock
) -> None:
    for number, (ann, ben) in enumerate([(True, True), (True, False)]):
        game = await begun(games, database, f"guess {number}", kind=GameKind.GUESS)
        await games.move_on(game, "voting", poll_id=f"poll {number}")
        voting = await games.get(game.id)
        assert voting
        await games.guessed(voting, 7, "Ann", is_right=ann)
        await games.guessed(voting, 8, f"Ben {number}", is_right=ben)
        await games.guessed(voting, 8, "Ben again", is_right=True)
        clock.time += 1
        await games.move_on(voting, OVER)
    assert await games.top(-1) == [
        Score(user_id=7, name="Ann", score=2, guesses=2),
        Score(user_id=8, name="Ben 1", score=1, guesses=2),
    ]
    await Users(database).forget(7)
    assert [score.user_id for score in await games.top(-1)] == [8]
    assert await games.top(-2) == []


async def test_a_game_follows_its_group_and_drops_the_ids_of_messages(
    games: Games, database: Database
) -> None:
    game = await begun(games, database, content=PictureRef("photo", message_id=5))
    await games.enter(game, style("wave", 11), most=2)
    details = {"messages": {"album": 8}, "round": 1}
    await games.move_on(game, "voting", message_id=6, poll_id="p", poll_message_id=9, details=details)
    await Chats(database).move(-1, -1001)
    moved = await games.of_poll("p")
    assert moved
    assert (moved.chat_id, moved.message_id, moved.poll_message_id) == (-1001, None, None)
    assert moved.details == {"round": 1}
    assert moved.content == PictureRef("photo")
    assert [entry.picture for entry in await games.entries(game.id)] == [PictureRef("wave")]


async def test_ended_games_are_swept_and_scores_stay(games: Games, database: Database, clock: Clock) -> None:
    game = await begun(games, database)
    await games.move_on(game, "voting", poll_id="p")
    voting = await games.get(game.id)
    assert voting
    await games.guessed(voting, 7, "Ann", is_right=True)
    await games.move_on(voting, OVER)
    assert await games.sweep(60) == 0
    clock.time += 61
    assert await games.sweep(60) == 1
    assert len(await games.top(-1)) == 1


async def test_all_games_together_have_one_turn(jobs: Jobs, ask: Ask) -> None:
    await ask(1, game_id=1)
    await ask(2, game_id=1)
    await ask(3, game_id=2)
    await ask(4)
    await ask(5)
    taken = [await jobs.take() for _ in range(5)]
    assert [job.user_id for job in taken if job] == [1, 4, 5, 2, 3]


async def test_nothing_is_secret_of_a_game_that_is_over(
    games: Games, database: Database, jobs: Jobs, ask: Ask
) -> None:
    game = await begun(games, database)
    painted = await ask(7, game_id=game.id, secret=True)
    other = await ask(7, game_id=game.id + 1, secret=True)
    await games.move_on(game, OVER)
    assert [job and job.secret for job in (await jobs.get(painted.id), await jobs.get(other.id))] == [
        False,
        True,
    ]


async def test_jobs_of_games_wait_where_there_is_no_room_for_them(jobs: Jobs, ask: Ask) -> None:
    played = await ask(1, game_id=1)
    private = await ask(2)
    first = await jobs.take(games=False)
    assert first
    assert first.id == private.id
    assert await jobs.take(games=False) is None
    second = await jobs.take()
    assert second
    assert second.id == played.id
