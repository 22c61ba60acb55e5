"""Measure how late the event loop is, which everything that happens in it waits for."""

import asyncio
from collections.abc import Callable

EVERY = 0.25  # seconds


class LagSampler:
    """Sleep for a moment, over and over, and measure how much longer it took."""

    def __init__(self, observe: Callable[[float], None]) -> None:
        """`observe` is told each delay, in seconds."""
        self._observe = observe
        self.latest = 0.0  # seconds

    async def run(self) -> None:
        """Sample until cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            due = now() + EVERY
            await asyncio.sleep(EVERY)
            self.latest = max(0.0, now() - due)
            self._observe(self.latest)
