"""The record of a painting: what it looked like on the way, and how its losses fell."""

import importlib.util
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from core.painter import Step
from core.picture import Picture, fit, resize

_MOMENTS = 6  # pictures of the painting's course on the sheet
_FRAMES = 36  # of the time-lapse, at most
_FRAME_SIZE = 480  # px, longest side
_FRAME_MS = 120
_LAST_FRAME_MS = 2500


def plotting_available() -> bool:
    """Whether matplotlib is installed, which only the sheet needs."""
    return importlib.util.find_spec("matplotlib") is not None


class Record:
    """Keeps small pictures of a painting's course, evenly spread over its steps."""

    def __init__(self, content: Picture, style: Picture) -> None:
        self._content = content
        self._style = style
        self._losses: list[tuple[float, float, float]] = []
        self._frames: list[tuple[int, Picture]] = []

    def add(self, step: Step) -> None:
        """Take note of a step; call it for each."""
        self._losses.append((step.loss, step.style_loss, step.content_loss))
        if step.index in _spread(step.total, _FRAMES):
            self._frames.append((step.index, fit(step.picture(), _FRAME_SIZE)))

    def timelapse(self) -> bytes:
        """An animated GIF of the frames so far, endlessly repeated, the last one held."""
        size = self._frames[-1][1].shape[:2]  # coarser scales are not quite of the same proportion
        images = [Image.fromarray(resize(picture, *size)) for _, picture in self._frames]
        durations = [_FRAME_MS] * (len(images) - 1) + [_LAST_FRAME_MS]
        out = BytesIO()
        images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0)
        return out.getvalue()

    def sheet(self, result: Picture) -> bytes:
        """A PNG: content, style, six moments, the result and the curves of the losses."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(15, 9), layout="constrained")
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots(2, 5).flat
        for axis, (title, picture) in zip(axes, self._panels(result), strict=False):
            axis.imshow(picture)
            axis.set_title(title)
            axis.set_axis_off()
        curves = figure.axes[-1]
        steps = np.arange(1, len(self._losses) + 1)
        for name, values in zip(("loss", "style", "content"), zip(*self._losses, strict=True), strict=True):
            curves.plot(steps, values, label=name)
        curves.set_yscale("log")
        curves.yaxis.tick_right()
        curves.set_xlabel("step")
        curves.legend()
        out = BytesIO()
        canvas.print_png(out)  # type: ignore[no-untyped-call]
        return out.getvalue()

    def _panels(self, result: Picture) -> Iterator[tuple[str, Picture]]:
        yield "content", self._content
        yield "style", self._style
        for number in sorted(_spread(len(self._frames), _MOMENTS)):
            index, picture = self._frames[number - 1]
            yield f"step {index}", picture
        yield "result", result


def _spread(total: int, number: int) -> set[int]:
    """At most `number` of 1 to `total`, evenly spread, first and last among them."""
    return {round(value) for value in np.linspace(1, total, min(number, total))}
