"""The record of a painting: what it looked like on the way, and how its losses fell."""

import importlib.util
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from core.decoding.picture import fit
from core.decoding.pixels import Picture
from core.step import Losses, Step

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANELS = 9  # on the sheet; pictures of the painting's course fill what others leave
_FRAMES = 24  # of the time-lapse, at most
_FRAME_SIZE = 480  # px, longest side
_FRAME_COLOURS = 64  # without dithering, whose grain would look painted, and doubles the file
_FRAME_MS = 160
_LAST_FRAME_MS = 2500


def plotting_available() -> bool:
    """Whether matplotlib is installed, which only the sheet needs."""
    return importlib.util.find_spec("matplotlib") is not None


class Record:
    """Keeps small pictures of a painting's course, evenly spread over its steps."""

    def __init__(self, content: Picture, styles: Sequence[Picture]) -> None:
        self._content = content
        self._styles = styles
        self._losses: list[tuple[int, Losses]] = []  # of the steps that have any
        self._frames: list[tuple[int, Picture]] = []

    def add(self, step: Step) -> None:
        """Take note of a step; call it for each."""
        if step.losses is not None:
            self._losses.append((step.index, step.losses))
        if step.index in _spread(step.total, _FRAMES):
            self._frames.append((step.index, fit(step.picture(), _FRAME_SIZE)))

    def timelapse(self) -> bytes:
        """An animated GIF of the frames so far, endlessly repeated, the last one held."""
        images = [
            Image.fromarray(picture).quantize(_FRAME_COLOURS, dither=Image.Dither.NONE)
            for _, picture in self._frames
        ]
        durations = [_FRAME_MS] * (len(images) - 1) + [_LAST_FRAME_MS]
        out = BytesIO()
        images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0)
        return out.getvalue()

    def sheet(self, result: Picture) -> bytes:
        """A PNG: content, styles, some moments, the result and the curves of the losses, if there are any."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(15, 9), layout="constrained")
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots(2, 5).flat
        for axis, (title, picture) in zip(axes, self._panels(result), strict=False):
            axis.imshow(picture)
            axis.set_title(title)
            axis.set_axis_off()
        self._draw_curves(figure.axes[-1])
        out = BytesIO()
        canvas.print_png(out)  # type: ignore[no-untyped-call]
        return out.getvalue()

    def _draw_curves(self, axis: "Axes") -> None:
        if not self._losses:
            axis.set_axis_off()
            return
        steps = [index for index, _ in self._losses]
        axis.plot(steps, [losses.total for _, losses in self._losses], label="loss")
        axis.plot(steps, [losses.style for _, losses in self._losses], label="style")
        axis.plot(steps, [losses.content for _, losses in self._losses], label="content")
        axis.set_yscale("log")
        axis.yaxis.tick_right()
        axis.set_xlabel("step")
        axis.legend()

    def _panels(self, result: Picture) -> Iterator[tuple[str, Picture]]:
        yield "content", self._content
        for number, style in enumerate(self._styles, start=1):
            yield "style" if len(self._styles) == 1 else f"style {number}", style
        for number in sorted(_spread(len(self._frames), _PANELS - 2 - len(self._styles))):
            index, picture = self._frames[number - 1]
            yield f"step {index}", picture
        yield "result", result


def _spread(total: int, number: int) -> set[int]:
    """At most `number` of 1 to `total`, evenly spread, first and last among them."""
    return {round(value) for value in np.linspace(1, total, min(number, total))}
