"""Run attempts, one for each job at a time: begin them, stop them, and put back what did not end."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from logging import getLogger
from typing import NamedTuple

from bot.ops import logs
from bot.ops.side_tasks import cancelled
from bot.studio.attempt import Attempt, Phase
from bot.studio.errands import Errands, log_failure_of
from bot.studio.progress_updates import ProgressMessage, ProgressMessages
from bot.studio.tools import Tools
from storage import DatabaseError, Job, State

log = getLogger(__name__)

LAST_WORDS = 1.0  # seconds for what was cancelled because time was up


class _Running(NamedTuple):
    attempt: Attempt
    task: asyncio.Task[None]


class Attempts:
    """Run the attempts under way. All that is known of them here is lost in a crash, and harmlessly so.

    Args:
        tools: the studio's.
        messages: where progress and results are shown.
        errands: what runs beside.
        on_slow: called when the pictures of a job take their time, and another may have the slot.
        on_end: called with a job whose attempt has ended, for good or until the next.
    """

    def __init__(
        self,
        tools: Tools,
        messages: ProgressMessages,
        errands: Errands,
        on_slow: Callable[[], None],
        on_end: Callable[[Job], None],
    ) -> None:
        self._tools = tools
        self._messages = messages
        self._errands = errands
        self._on_slow = on_slow
        self._on_end = on_end
        self._running: dict[int, _Running] = {}  # by job
        self._closing = False

    def __iter__(self) -> Iterator[Attempt]:
        """Go through the attempts under way."""
        return iter([running.attempt for running in self._running.values()])

    def get(self, job_id: int) -> Attempt | None:
        """Return the attempt at this job, if one is under way."""
        running = self._running.get(job_id)
        return running.attempt if running else None

    def begin(self, job: Job) -> None:
        """Attempt a job that was taken."""
        before = self._running.get(job.id)  # which has failed, and an operator had the job tried again
        if before:
            self._errands.run(self._begin_after(before.task, job), job)
            return
        attempt = Attempt(job, self._messages.of(job), self._tools, self._on_slow)
        task = asyncio.create_task(attempt.run(), name=f"job {job.id}")
        self._running[job.id] = _Running(attempt, task)
        task.add_done_callback(lambda task: self._ended(job, task))

    async def stop(self, job_id: int) -> None:
        """Cancel the attempt at this job, if one is under way, and wait until it has ended."""
        if running := self._running.get(job_id):
            await cancelled(running.task)

    async def wait(self, job_id: int, timeout: float) -> None:  # noqa: ASYNC109
        """Wait until the attempt at this job has ended, `timeout` seconds at most."""
        if running := self._running.get(job_id):
            await asyncio.wait([running.task], timeout=timeout)

    async def close(self, grace: float) -> None:
        """Put back what is being painted, and let deliveries and errands end, all within `grace` seconds."""
        self._closing = True
        unfinished = list(self._running.values())
        for attempt, task in unfinished:
            if attempt.phase is not Phase.DELIVERING:
                task.cancel()
        give_up = time.monotonic() + grace
        tasks = {task for _, task in unfinished}
        while tasks := {task for task in tasks | self._errands.under_way if not task.done()}:
            if (left := give_up - time.monotonic()) <= 0:
                break
            await asyncio.wait(tasks, timeout=left)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=LAST_WORDS)
        for attempt, _ in unfinished:
            with logs.about_job(attempt.job):
                await self._put_back(attempt.job)

    async def _begin_after(self, before: asyncio.Task[None], job: Job) -> None:
        """Begin a job anew. What the attempt before was about to say of it is true no longer."""
        await cancelled(before)
        if self._closing:
            await self._put_back(job)
        else:
            self.begin(job)

    async def _put_back(self, job: Job) -> None:
        """Put a job back that has not ended; where that fails, the next start does it."""
        try:
            if await self._tools.jobs.requeue(job.id):
                log.info("put back")
        except DatabaseError as error:
            log.error("not put back", extra={"reason": str(error)})

    def _ended(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._running[job.id]
        if message := self._messages.drop_if_over(job.id):  # else the job was put back
            self._errands.run(self._tidy(job, message), job)
        self._on_end(job)
        log_failure_of(job, task)

    async def _tidy(self, job: Job, message: ProgressMessage) -> None:
        """Delete what showed the progress, once the job has come to its end."""
        with suppress(DatabaseError):
            now = await self._tools.jobs.get(job.id)
            if now is not None and now.state in (State.DONE, State.FAILED):
                await message.tidy()
