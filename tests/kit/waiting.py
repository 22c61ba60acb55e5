"""Wait until something has happened that rings no bell."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Until it is true. Raises TimeoutError after `seconds`."""

    async def has_happened() -> bool:
        return happened()

    await until(has_happened, seconds)


async def until(happened: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """The same for what has to be awaited to be known."""
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
