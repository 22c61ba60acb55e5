"""Measure how late the event loop of the measuring process itself is."""

import asyncio
from types import TracebackType
from typing import Self

EVERY = 0.05  # seconds


class LoopLag:
    """`seconds` is how late each look came, while a `with` block lasts."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __enter__(self) -> Self:
        self._looking = asyncio.create_task(self._look())
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._looking.cancel()

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            due = now() + EVERY
            await asyncio.sleep(EVERY)
            self.seconds.append(max(0.0, now() - due))
