"""Take games on when their time has come, or when what they waited for has happened."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from logging import getLogger

from bot.ops.lasting_trouble import LastingTrouble
from bot.ops.side_tasks import cancelled, log_failure
from storage import DatabaseError, Game, Games

log = getLogger(__name__)

LOOK_AROUND = 20.0  # seconds; how soon a clock that was set is noticed
AGAIN = 60.0  # seconds after which a game that did not move on is taken on again


class GameClock:
    """Run the games of all chats side by side, and the steps of each one after another.

    Args:
        games: where they are kept.
        now: tells the time, in Unix seconds.
        take_step: takes the next step of a game. May raise `DatabaseError`: then it is taken later.
    """

    def __init__(
        self, games: Games, now: Callable[[], float], take_step: Callable[[Game], Awaitable[None]]
    ) -> None:
        self._games = games
        self._now = now
        self._take_step = take_step
        self._called: set[int] = set()  # games to be looked at now
        self._steps: dict[int, asyncio.Task[None]] = {}  # under way, by game
        self._wake = asyncio.Event()
        self._trouble = LastingTrouble(log, "games wait")

    def look_at(self, game_id: int) -> None:
        """Take this game on now: something has happened that it may have waited for."""
        self._called.add(game_id)
        self._wake.set()

    async def run(self) -> None:
        """Run until cancelled; steps under way go on until `stop`.

        Begins with all games under way, as anything may have happened meanwhile, and with last words.
        """
        with suppress(DatabaseError):
            first = [*await self._games.unsaid(), *await self._games.all_under_way()]
            self._called |= {game.id for game in first}
        while True:
            try:
                await self._look()
                wait = await self._seconds_to_next()
            except DatabaseError as error:
                self._trouble.note(str(error))
                wait = LOOK_AROUND
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            self._wake.clear()

    async def stop(self, grace: float) -> None:
        """Let the steps under way end within `grace` seconds: what is cut short is taken again.

        To be called once `run` has ended, so that no more are begun.
        """
        if self._steps:
            await asyncio.wait(list(self._steps.values()), timeout=grace)
        for step in list(self._steps.values()):
            await cancelled(step)

    async def _look(self) -> None:
        for game_id in {game.id for game in await self._games.due()} | self._called:
            if game_id not in self._steps:  # else it is looked at once the step has been taken
                self._called.discard(game_id)
                step = asyncio.create_task(self._take_on(game_id), name=f"game {game_id}")
                self._steps[game_id] = step
                step.add_done_callback(log_failure)
                step.add_done_callback(partial(self._taken, game_id))

    def _taken(self, game_id: int, _step: asyncio.Task[None]) -> None:
        self._steps.pop(game_id, None)
        self._wake.set()

    async def _seconds_to_next(self) -> float:
        due = await self._games.next_due()
        return LOOK_AROUND if due is None else min(LOOK_AROUND, max(0.05, due - self._now()))

    async def _take_on(self, game_id: int) -> None:
        try:
            game = await self._games.get(game_id)
            if game is None or (game.is_over and not game.last_word):
                return
            if game.due is not None and game.due <= self._now():
                await self._games.call(game_id, self._now() + AGAIN)
            await self._take_step(game)
        except DatabaseError as error:
            self._trouble.note(str(error))
            with suppress(DatabaseError):
                await self._games.call(game_id, self._now() + AGAIN)
