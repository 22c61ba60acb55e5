"""The clock of games, over a real database."""

import asyncio
import time

import pytest

from bot.ops.side_tasks import cancelled
from bot.studio.game_clock import GameClock
from storage import Database, Game, GameKind, Games, NewGame, Users
from tests.kit.waiting import eventually


class Steps:
    """Takes steps that last until they may end; each that came to its end is noted."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.may_end = asyncio.Event()

    async def take(self, _game: Game) -> None:
        self.begun += 1
        await self.may_end.wait()
        self.ended += 1


@pytest.fixture
async def game(database: Database) -> Game:
    await Users(database).ensure(7)
    new = NewGame(
        request_key="duel:1",
        kind=GameKind.DUEL,
        state="entering",
        chat_id=-100,
        thread_id=0,
        user_id=7,
        name="Ann",
        due=time.time(),
    )
    game, _ = await Games(database).begin(new)
    assert game is not None
    return game


@pytest.mark.usefixtures("game")
async def test_a_step_under_way_ends_before_the_clock_stops(database: Database) -> None:
    steps = Steps()
    clock = GameClock(Games(database), time.time, steps.take)
    running = asyncio.create_task(clock.run())
    await eventually(lambda: steps.begun == 1)
    await cancelled(running)
    assert steps.ended == 0
    stopping = asyncio.create_task(clock.stop(grace=60))
    steps.may_end.set()
    await stopping
    assert (steps.begun, steps.ended) == (1, 1)


@pytest.mark.usefixtures("game")
async def test_a_step_that_does_not_end_is_cut_short(database: Database) -> None:
    steps = Steps()
    clock = GameClock(Games(database), time.time, steps.take)
    running = asyncio.create_task(clock.run())
    await eventually(lambda: steps.begun == 1)
    await cancelled(running)
    await clock.stop(grace=0.01)
    steps.may_end.set()
    await clock.stop(grace=60)
    assert (steps.begun, steps.ended) == (1, 0)


async def test_a_game_called_meanwhile_is_looked_at_once_its_step_has_been_taken(
    database: Database, game: Game
) -> None:
    steps = Steps()
    clock = GameClock(Games(database), time.time, steps.take)
    running = asyncio.create_task(clock.run())
    await eventually(lambda: steps.begun == 1)
    clock.look_at(game.id)
    steps.may_end.set()
    await eventually(lambda: steps.ended == 2)
    await cancelled(running)
    await clock.stop(grace=60)


@pytest.mark.parametrize("moments", range(6))
async def test_it_stops_even_if_a_game_is_called_just_then(database: Database, moments: int) -> None:
    clock = GameClock(Games(database), time.time, Steps().take)
    running = asyncio.create_task(clock.run())
    await asyncio.sleep(0.2)  # by then it waits, of which nobody tells
    clock.look_at(1)
    for _ in range(moments):
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await cancelled(running)
