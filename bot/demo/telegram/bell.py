"""Wake everybody who waits, however many they are."""

import asyncio


class Bell:
    """Unlike an `asyncio.Event` it needs no clearing: a ring wakes those who wait now, and nobody later."""

    def __init__(self) -> None:
        self._next_ring = asyncio.Event()

    def ring(self) -> None:
        self._next_ring.set()
        self._next_ring = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within `seconds`."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._next_ring.wait()
        except TimeoutError:
            return False
        return True
