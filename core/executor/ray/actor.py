"""Paint on a cluster's nodes: a Ray actor for each slot, around the same executor that `local` is.

The actor's process stays light; painting goes on in a worker process of its own below it, which so is
watched, stopped and replaced by the same code as on one machine. This module does without Ray.
"""

import asyncio
import os
import platform
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

from core.decoding.refusal import PictureError
from core.executor.local.executor import LocalExecutor
from core.executor.protocol import Event, ExecutorError, PaintTask
from core.executor.ray.wire import Join
from core.executor.worker.wire import Answer, Stopped

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_LOOK_EVERY = 1.0  # seconds; how soon a new worker's being warm is noticed
_SECRETS = ("RAY_AUTH_TOKEN",)  # which this process has used, and a worker that opens pictures need not know


@dataclass(frozen=True)
class WorkerState:
    """Whether a slot's worker can paint, as far as an actor knows."""

    ready: bool
    restarts: int
    trouble: str | None
    paints_with: str | None


def versions() -> str:
    """What driver and nodes must have in common, for people to read."""
    return f"stylegram {version('stylegram')} with Python {platform.python_version()}"


class PaintingActor:
    """One slot. The constructor takes nothing, so that actors of any version can be asked for theirs."""

    def __init__(self) -> None:
        self._executor: LocalExecutor  # from `start` on
        self._paintings: dict[int, asyncio.Task[None]] = {}
        self._stopped: set[int] = set()  # before they began

    async def versions(self) -> str:
        return versions()

    async def start(self, join: Join, threads: int | None) -> None:
        """Start the worker, on the device that Ray shows this process."""
        setup = join.setup
        for secret in _SECRETS:
            os.environ.pop(secret, None)
        if threads is not None:  # or else each of several workers of a machine would use all its cores
            os.environ["TF_NUM_INTRAOP_THREADS"] = str(threads)
        self._executor = LocalExecutor(
            setup.weights,
            setup.device,
            workers=1,
            nice=setup.nice,
            memory_limit=setup.memory_limit,
            stall=join.stall,
            grace=join.grace,
            hang=join.hang,
            warm_size=setup.warm_size,
            painter=setup.painter,
        )
        await self._executor.start()

    async def states(self) -> AsyncIterator[WorkerState]:
        """The worker's state, and again whenever it changes."""
        told = None
        while True:
            executor = self._executor
            state = WorkerState(executor.ready, executor.restarts, executor.trouble, executor.paints_with)
            if state != told:
                yield (told := state)
            await asyncio.sleep(_LOOK_EVERY)

    async def paint(self, number: int, task: PaintTask) -> AsyncIterator[Answer | Stopped]:
        """The painting's events and its end; errors as well, which Ray would wrap if they were raised.

        Painting is a task beside this one, for that is Ray's own: cancelled while Ray passes an event on, it
        would take the actor for broken.
        """
        if number in self._stopped:
            self._stopped.discard(number)
            yield Stopped()
            return
        events: asyncio.Queue[Event | None] = asyncio.Queue()  # None: there will be no more
        painting = asyncio.create_task(self._paint(task, events))
        painting.add_done_callback(lambda _: events.put_nowait(None))
        self._paintings[number] = painting
        try:
            while (event := await events.get()) is not None:
                yield event
            try:
                await painting
            except asyncio.CancelledError:
                yield Stopped()
            except (PictureError, ExecutorError) as error:
                yield error
        finally:
            painting.cancel()  # which does nothing to what is over
            del self._paintings[number]

    async def _paint(self, task: PaintTask, events: asyncio.Queue[Event | None]) -> None:
        painting = cast("AsyncGenerator[Event, None]", self._executor.paint(task))
        async with aclosing(painting):
            async for event in painting:
                events.put_nowait(event)

    async def stop(self, number: int) -> None:
        """Stop a painting, even if it comes later than this; it does nothing to one that is over."""
        if painting := self._paintings.get(number):
            painting.cancel()
        else:
            self._stopped.add(number)
