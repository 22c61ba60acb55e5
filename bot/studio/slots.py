"""Hand out the executor's slots: each painting holds one, and its pictures were fetched before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.executor.protocol import Executor


class Slots:
    """Hand out as many slots as the executor has at the time, in the order in which they are asked for."""

    def __init__(self, executor: Executor, on_wanted: Callable[[], None]) -> None:
        """`on_wanted` is called whenever somebody wants a slot, before there is one for them."""
        self._executor = executor
        self._on_wanted = on_wanted
        self._taken = 0
        self._changed = asyncio.Condition()

    @property
    def taken(self) -> int:
        """Count the paintings under way."""
        return self._taken

    @property
    def free(self) -> int:
        """Count the slots that nobody holds."""
        return max(0, self._executor.slots - self._taken)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold a slot as long as the block lasts; wait for it first."""
        self._on_wanted()
        async with self._changed:
            await self._changed.wait_for(lambda: self.free > 0)
            self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            await self.look_around()

    async def look_around(self) -> None:
        """Notice that the executor has more slots than before."""
        async with self._changed:
            self._changed.notify_all()
