"""Take waiting jobs in turn, and begin each as soon as there is a slot for it."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress

from bot.ops.lasting_trouble import LastingTrouble
from bot.ops.side_tasks import SideTasks
from bot.studio.attempt import Phase
from bot.studio.attempts import Attempts
from bot.studio.cancelling import Canceller
from bot.studio.errands import Errands
from bot.studio.line import Line
from bot.studio.samples import Samples
from bot.studio.tools import Tools
from storage import DatabaseError

log = logging.getLogger(__name__)

MOST_FETCHING_SLOWLY = 8  # jobs whose pictures take their time; with more, it is not the pictures
MOST_DELIVERING = 8  # results on their way out; with more, Telegram is in trouble and painting can wait
LOOK_AROUND = 5.0  # seconds; how soon new slots, what others did to jobs, or a cured database are noticed


class Queue:
    """Begin the next job, whenever there is room for one. Whose turn it is, the database knows.

    Args:
        tools: the studio's.
        attempts: what is under way.
        line: which moves on with each job that is begun.
        canceller: stops what was cancelled from elsewhere.
        samples: what is painted while no job wants the worker.
        errands: what runs beside.
        wake: set whenever a look is worth while, before `LOOK_AROUND` seconds have passed.
    """

    def __init__(
        self,
        tools: Tools,
        attempts: Attempts,
        line: Line,
        canceller: Canceller,
        samples: Samples,
        errands: Errands,
        wake: asyncio.Event,
    ) -> None:
        self._tools = tools
        self._attempts = attempts
        self._line = line
        self._canceller = canceller
        self._samples = samples
        self._errands = errands
        self._wake = wake
        self._trouble = LastingTrouble(log, "cannot take the next job")
        self._stopping = False
        self._dispatcher: asyncio.Task[None] | None = None

    def start(self, side_tasks: SideTasks) -> None:
        """Begin to take jobs."""
        self._dispatcher = side_tasks.start(self._dispatch(), "dispatcher")

    async def stop(self) -> None:
        """Take no more jobs."""
        self._stopping = True
        self._wake.set()
        if self._dispatcher:
            await asyncio.wait([self._dispatcher])

    @property
    def spare_slots(self) -> int:
        """Count the slots that no job has, or is about to have."""
        phases = self._phases()
        return self._tools.slots.free - phases[Phase.FETCHING] - phases[Phase.READY]

    async def _dispatch(self) -> None:
        """Begin the next job whenever there is a slot for it; stop what was cancelled from elsewhere."""
        while not self._stopping:
            try:
                if await self._begin_next():
                    continue
            except DatabaseError as error:
                self._trouble.note(str(error), logging.ERROR)
            except Exception as error:
                self._trouble.note(repr(error), logging.ERROR, exc_info=error)
            self._samples.look_around()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AROUND):
                    await self._wake.wait()
            self._wake.clear()

    async def _begin_next(self) -> bool:
        """Begin the next job. Returns False if none waits, or there is no room for it."""
        await self._tools.slots.look_around()
        await self._canceller.look_around()
        if not self._has_room():
            return False
        job = await self._tools.jobs.take(games=self._have_games_room())
        if job is None:
            return False
        self._attempts.begin(job)
        self._samples.make_way()
        self._errands.run(self._line.tell_places())
        return True

    def _has_room(self) -> bool:
        """Say whether another job may be begun.

        Its pictures are fetched before it has a slot. Meanwhile the slot is as good as taken, unless that
        takes long: then others overtake.
        """
        phases = self._phases()
        return (
            self.spare_slots > 0
            and phases[Phase.FETCHING_SLOWLY] < MOST_FETCHING_SLOWLY
            and phases[Phase.DELIVERING] < MOST_DELIVERING
        )

    def _have_games_room(self) -> bool:
        """Say whether a job of a game may be begun: together they get half of the slots, and one at least."""
        played = sum(attempt.job.game_id is not None for attempt in self._attempts)
        return played < max(1, self._tools.executor.slots // 2)

    def _phases(self) -> Counter[Phase]:
        return Counter(attempt.phase for attempt in self._attempts)
