"""Run what is to be done beside the queue, for one job or for all, and wait for it at the end."""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext

from bot.ops import logs
from bot.ops.side_tasks import log_failure
from storage import Job


class Errands:
    """Run short tasks that nobody waits for, but the end of the program."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> frozenset[asyncio.Task[None]]:
        """Return the tasks that have not ended."""
        return frozenset(self._under_way)

    def run(self, errand: Coroutine[None, None, None], job: Job | None = None) -> None:
        """Start a task. What makes it fail is logged, as about this job if it is for one."""
        task = asyncio.create_task(errand, name="errand")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda task: log_failure_of(job, task))


def log_failure_of(job: Job | None, task: asyncio.Task[None]) -> None:
    """Log why a task failed, if it did, as about this job if it is for one."""
    with logs.about_job(job) if job else nullcontext():
        log_failure(task)
