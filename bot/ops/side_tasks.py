"""Start, name, watch and cancel what runs beside everything else."""

import asyncio
from collections.abc import Coroutine
from logging import getLogger
from typing import Any, TypeVar

from bot.ops.errors import CannotRun
from core.error_messages import with_kind
from storage import DatabaseError

log = getLogger(__name__)

T = TypeVar("T")


class SideTasks:
    """The bot's side tasks: the loops that fetch, serve, dispatch, sweep and measure.

    One that dies is logged, and ends the wait of `failed` with its reason, so that the bot ends rather than
    live on by half. Unlike an `asyncio.TaskGroup` this cancels nobody by itself: whoever waits for `failed`
    ends the bot in order, deliveries first.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._death: Exception | None = None
        self._died = asyncio.Event()

    def start(self, coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a task and watch it. It may end by itself, if it does so without an error.

        Args:
            coroutine: what it does.
            name: what the log calls it.
        """
        task = asyncio.create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def failed(self) -> None:
        """Wait for ever, or raise why the first task that died did.

        Raises `CannotRun` or `storage.DatabaseError`.
        """
        await self._died.wait()
        if self._death:
            raise self._death

    async def stop(self) -> None:
        """Cancel all that still run, and wait until they have ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        if not isinstance(error, CannotRun | DatabaseError):
            log.error("a side task died", extra={"task": task.get_name()}, exc_info=error)
            error = CannotRun(f"The task {task.get_name()!r} died ({with_kind(error)}).")
        if self._death is None:
            self._death = error
            self._died.set()


async def unbroken(steps: Coroutine[Any, Any, T]) -> T:
    """Take these steps to their end, even if whoever waits for them is cancelled meanwhile."""
    task = asyncio.create_task(steps)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # which nobody hears of any more
        raise


async def cancelled(task: asyncio.Task[None]) -> None:
    """Cancel this task, and wait until it has ended."""
    task.cancel()
    await asyncio.wait([task])


def log_failure(task: asyncio.Task[Any]) -> None:
    """Log why a task that nobody waits for failed, if it did: a callback for when it is done."""
    if not task.cancelled() and (error := task.exception()):
        log.error("failed", extra={"task": task.get_name()}, exc_info=error)
