"""What the executor's tests have in common."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil

from core.decoding.picture import encode, open_picture
from core.executor.local.executor import LocalExecutor
from core.executor.protocol import Event, PaintTask, Progress
from core.recipe import Recipe

SAMPLES = Path(__file__).parents[2] / "bot" / "demo" / "samples"
SIZE = 128  # px


def sample(name: str) -> bytes:
    return encode(open_picture((SAMPLES / name).read_bytes(), longest=2 * SIZE), "jpeg")


PHOTO = sample("cat.jpg")
STYLE = sample("van-gogh-auvers.jpg")


def task(**changes: Any) -> PaintTask:
    """A painting of five steps, unless said otherwise."""
    recipe = Recipe(**{"size": SIZE, "steps": 5, **changes.pop("recipe", {})})
    return PaintTask(**{"content": PHOTO, "styles": (STYLE,), "recipe": recipe, **changes})


async def paint(executor: LocalExecutor, what: PaintTask) -> list[Event]:
    """All events of a painting."""
    return [event async for event in executor.paint(what)]


async def first_step(events: AsyncIterator[Event]) -> None:
    """Wait until the painting is well under way."""
    while not isinstance(await anext(events), Progress):
        pass


async def exhaust(events: AsyncIterator[Event], within: float = 120) -> None:
    """Wait for the end. Raises TimeoutError after `within` seconds, many more than it takes."""
    async with asyncio.timeout(within):
        async for _ in events:
            pass


def is_alive(pid: int) -> bool:
    """Zombies are not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
