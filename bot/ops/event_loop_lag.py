"""How late the event loop is: what everything that happens in it waits for."""

import asyncio
from collections.abc import Callable

EVERY = 0.25  # seconds


class LagSampler:
    """Sleeps for a moment, over and over, and sees how much longer it took."""

    def __init__(self, observe: Callable[[float], None]) -> None:
        self._observe = observe
        self._sampling: asyncio.Task[None] | None = None
        self.latest = 0.0  # seconds

    def start(self) -> None:
        self._sampling = asyncio.create_task(self._sample(), name="event loop's lag")

    def stop(self) -> None:
        if self._sampling:
            self._sampling.cancel()

    async def _sample(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            due = now() + EVERY
            await asyncio.sleep(EVERY)
            self.latest = max(0.0, now() - due)
            self._observe(self.latest)
