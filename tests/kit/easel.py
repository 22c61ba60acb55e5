"""An executor that paints at once and in one colour, and fails when told to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from io import BytesIO

import numpy as np
from PIL import Image

from core.decoding.picture import open_picture
from core.decoding.pixels import Picture
from core.executor.protocol import Done, Event, PaintFailed, PaintTask, Progress
from tests.kit.pictures import Colour

STEPS = 5
SIDE = 32


class Easel:
    """The result of a painting is the content's mean colour on its left half, the style's on its right.

    Several styles have bands of the right half, one above the other. The first step shows the content alone.

    After `hold`, paintings stop at their first step until `go_on`, which is for those at work. The
    next paintings raise what is in `failures`, in turn.

    Samples, which are sketches, are refused unless `with_samples` is set. Then they are in
    `samples` rather than in `begun`, and have a hold and failures of their own.
    """

    def __init__(self, slots: int = 1, step_seconds: float = 0) -> None:
        self.slots = slots
        self.ready = True
        self.restarts = 0
        self.trouble: str | None = None
        self.paints_with: str | None = None
        self.step_seconds = step_seconds
        self.failures: deque[Exception] = deque()
        self.begun: list[PaintTask] = []
        self.at_work = 0
        self.with_samples = False
        self.samples: list[PaintTask] = []
        self.sample_failures: deque[Exception] = deque()
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._samples_may_go_on = asyncio.Event()
        self._samples_may_go_on.set()

    def hold(self) -> None:
        self._may_go_on = asyncio.Event()

    def go_on(self) -> None:
        self._may_go_on.set()

    def hold_samples(self) -> None:
        self._samples_may_go_on = asyncio.Event()

    def go_on_samples(self) -> None:
        self._samples_may_go_on.set()

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def paint(self, task: PaintTask) -> AsyncIterator[Event]:
        is_sample = task.recipe.sketch
        if is_sample and not self.with_samples:
            raise PaintFailed("no samples here")
        may_go_on = self._samples_may_go_on if is_sample else self._may_go_on
        failures = self.sample_failures if is_sample else self.failures
        (self.samples if is_sample else self.begun).append(task)
        self.at_work += 1
        assert self.at_work <= self.slots
        try:
            content, styles = colour_of(task.content), [colour_of(style) for style in task.styles]
            for step in range(1, STEPS + 1):
                share, seconds, left = step / STEPS, 0.1 * step, 0.1 * (STEPS - step)
                preview = _picture(content, [content]) if step == 1 else None
                yield Progress(step, STEPS, share, SIDE, None, seconds, left, preview)
                if failures:
                    raise failures.popleft()
                await may_go_on.wait()
                await asyncio.sleep(self.step_seconds)
            picture = _picture(content, styles)
            yield Done(picture, _picture(content, styles, "PNG"), SIDE, SIDE, 0.5)
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


def _picture(left: Colour, right: Sequence[Colour], kind: str = "JPEG") -> bytes:
    image = Image.new("RGB", (SIDE, SIDE), left)
    for number, colour in enumerate(right):
        image.paste(colour, (SIDE // 2, SIDE * number // len(right), SIDE, SIDE))
    data = BytesIO()
    image.save(data, kind)
    return data.getvalue()


def png_and_jpeg(colour: Colour) -> tuple[bytes, bytes]:
    """A picture of one colour, as both of the kinds in which a painting comes."""
    return _picture(colour, [colour], "PNG"), _picture(colour, [colour])
