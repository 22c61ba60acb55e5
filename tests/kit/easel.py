"""An executor that paints at once and in one colour, and fails when told to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from io import BytesIO

import numpy as np
from PIL import Image

from core.decoding.picture import open_picture
from core.decoding.pixels import Picture
from core.executor.protocol import Done, Draft, Event, PaintTask, Progress
from tests.kit.pictures import Colour

STEPS = 5
SIDE = 32


class Easel:
    """The result of a painting is the content's mean colour on its left half, the style's on its right.

    After `hold`, paintings stop at their first step until `go_on`, which is for those at work. The
    next paintings raise what is in `failures`, in turn.
    """

    def __init__(self, slots: int = 1, step_seconds: float = 0) -> None:
        self.slots = slots
        self.ready = True
        self.restarts = 0
        self.step_seconds = step_seconds
        self.failures: deque[Exception] = deque()
        self.begun: list[PaintTask] = []
        self.at_work = 0
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()

    def hold(self) -> None:
        self._may_go_on = asyncio.Event()

    def go_on(self) -> None:
        self._may_go_on.set()

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def paint(self, task: PaintTask) -> AsyncIterator[Event]:
        may_go_on = self._may_go_on
        self.begun.append(task)
        self.at_work += 1
        assert self.at_work <= self.slots
        try:
            content, style = colour_of(task.content), colour_of(task.style)
            yield Draft(_picture(content, content), 0.1)
            if self.failures:
                raise self.failures.popleft()
            for step in range(1, STEPS + 1):
                yield Progress(step, STEPS, 1.0, 1.0, 1.0, 0.1 * step, 0.1 * (STEPS - step))
                await may_go_on.wait()
                await asyncio.sleep(self.step_seconds)
            picture = _picture(content, style)
            yield Done(picture, _picture(content, style, "PNG"), SIDE, SIDE, 0.5)
        finally:
            self.at_work -= 1


def colour_of(picture: bytes) -> Colour:
    """The mean colour."""
    return _mean(open_picture(picture))


def halves(picture: bytes) -> tuple[Colour, Colour]:
    """The colours of content and style that a result was painted from."""
    pixels = open_picture(picture)
    middle = pixels.shape[1] // 2
    return _mean(pixels[:, : middle - 2]), _mean(pixels[:, middle + 2 :])


def is_near(one: Colour, other: Colour) -> bool:
    """The same colour, but for what JPEG does to it."""
    return max(abs(int(a) - int(b)) for a, b in zip(one, other, strict=True)) <= 6


def _mean(pixels: Picture) -> Colour:
    red, green, blue = np.mean(pixels, axis=(0, 1))
    return round(red), round(green), round(blue)


def _picture(left: Colour, right: Colour, kind: str = "JPEG") -> bytes:
    image = Image.new("RGB", (SIDE, SIDE), left)
    image.paste(right, (SIDE // 2, 0, SIDE, SIDE))
    data = BytesIO()
    image.save(data, kind)
    return data.getvalue()
