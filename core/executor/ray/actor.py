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
from typing import TYPE_CHECKING, Any, cast

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


def versions() -> str:
    """What driver and nodes must have in common, for people to read."""
    return f"stylegram {version('stylegram')} with Python {platform.python_version()}"


class PaintingActor:
    """One slot. The constructor takes nothing, so that actors of any version can be asked for theirs."""

    def __init__(self) -> None:
        self._executor: LocalExecutor  # from `start` on
        self._paintings: dict[int, asyncio.Task[Any] | None] = {}
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
            state = WorkerState(self._executor.ready, self._executor.restarts, self._executor.trouble)
            if state != told:
                yield (told := state)
            await asyncio.sleep(_LOOK_EVERY)

    async def paint(self, number: int, task: PaintTask) -> AsyncIterator[Answer | Stopped]:
        """The painting's events and its end; errors as well, which Ray would wrap if they were raised."""
        self._paintings[number] = asyncio.current_task()
        painting = cast("AsyncGenerator[Event, None]", self._executor.paint(task))
        try:
            if number in self._stopped:
                raise asyncio.CancelledError
            async with aclosing(painting) as events:
                async for event in events:
                    yield event
        except asyncio.CancelledError:
            yield Stopped()
        except (PictureError, ExecutorError) as error:
            yield error
        finally:
            del self._paintings[number]
            self._stopped.discard(number)

    async def stop(self, number: int) -> None:
        """Stop a painting, even if it comes later than this; it does nothing to one that is over."""
        if painting := self._paintings.get(number):
            painting.cancel()
        else:
            self._stopped.add(number)
