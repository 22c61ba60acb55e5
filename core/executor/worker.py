"""The worker: holds a painter and turns tasks into events. It knows nothing of how either of them travels.

`core.executor.child` runs it in a process of its own, a Ray actor or a command line in theirs. Only a painter
brings TensorFlow in, so a painter that does without it makes a worker that does.
"""

import gc
import json
import logging
import pkgutil
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

import numpy as np

from core import memory
from core.decoder import Decoder
from core.executor.pace import Pace
from core.executor.protocol import (
    Done,
    Draft,
    Event,
    ExecutorError,
    PaintFailed,
    PaintTask,
    Progress,
    WorkerLost,
)
from core.executor.wire import PAINTER, WARM_SIZE
from core.memory import TooLarge, check_memory
from core.picture import Picture, encode, fit
from core.plan import Depth, Scale, final_size, plan
from core.prepare import sketch
from core.recipe import Article, Recipe
from core.refusal import PictureError

if TYPE_CHECKING:
    from core.painter import Painter

log = logging.getLogger(__name__)

_SHRINKING = 0.7  # of the size, where memory does not suffice: half the memory
_PREVIEW_EVERY = 2.0  # seconds; making one takes some 50 ms, which so slow the painting by no more than 3 %
_PREVIEW_SIZE = 1024  # px
_STYLE_SIZE = 2  # times the result's: no more of a style picture is ever looked at


class Worker:
    """One painter, loaded once. One painting at a time."""

    def __init__(self, painter: "Painter") -> None:
        self._painter = painter
        self._decoder = Decoder()
        self._paces: defaultdict[type, Pace] = defaultdict(Pace)

    @classmethod
    def load(cls, weights: str, device: str, painter: str = PAINTER) -> Self:
        """Load a painter by the function `painter`, "module:function" of (weights, device).

        Raises PaintFailed where that cannot be: no weights, no such device.
        """
        try:
            return cls(pkgutil.resolve_name(painter)(weights, device))
        except Exception as error:
            log.debug("no painter", exc_info=True)
            raise PaintFailed(_one_line(error)) from error

    @property
    def description(self) -> str:
        """What it paints with, in one line."""
        return f"{self._painter.backbone.name} on {self._painter.device}"

    def warm_up(self, size: int = WARM_SIZE) -> None:
        """Paint something that nobody will see: traces the graphs, loads the draft's networks.

        The decoder is started, too. Raises PaintFailed or WorkerLost.
        """
        noise = np.random.default_rng(0).integers(0, 256, (size, size, 3), np.uint8)
        recipe = Recipe(size=size, steps=len(_scales(size, size, Recipe())))
        with _executor_errors(), suppress(TooLarge):  # smaller pictures may yet fit: those stay cold
            self._decoder.start()
            for _ in self._attempt(noise, noise, recipe, time.perf_counter()):
                pass

    def paint(self, task: PaintTask) -> Generator[Event, None, None]:
        """Draft (if any), Progress for each step, Done. Closing the generator ends the painting.

        Where memory does not suffice it starts over once, smaller: then the steps count from 1 again.

        Raises PictureError, PaintFailed, or WorkerLost where the worker had better be replaced.
        """
        started = time.perf_counter()
        recipe = task.recipe
        with _executor_errors():
            content = self._decoder.open_picture(task.content, longest=recipe.size)
            style = self._decoder.open_picture(task.style, longest=_STYLE_SIZE * recipe.size)
            asked = max(final_size(content.shape[0], content.shape[1], recipe))
            try:
                yield from self._attempt(content, style, recipe, started)
                return
            except TooLarge as error:
                if not error.fits:
                    raise
                smaller = error.fits
            except Exception as error:
                if not _out_of_memory(error):
                    raise
                smaller = round(_SHRINKING * asked)
            gc.collect()  # the exception is gone, and now also what it held in cycles of frames
            log.warning("no memory for %d px, trying %d px", asked, smaller)
            yield from self._attempt(content, style, recipe.with_size(smaller), started, shrunk_from=asked)

    def _attempt(
        self,
        content: Picture,
        style: Picture,
        recipe: Recipe,
        started: float,
        shrunk_from: int | None = None,
    ) -> Iterator[Event]:
        height, width = final_size(content.shape[0], content.shape[1], recipe)
        check_memory(height, width, recipe, memory.available())
        if recipe.draft and self._painter.draft is not None:
            draft = sketch(self._painter.draft, content, style, recipe)
            yield Draft(encode(draft, "jpeg"), seconds=time.perf_counter() - started)
        estimate = self._paces[type(recipe.manner)].follow(_scales(height, width, recipe))
        preview_size = min(_PREVIEW_SIZE, max(height, width))  # of all sizes that are painted on the way
        previewed = time.perf_counter()
        for step in self._painter.paint(content, style, recipe):
            preview = None
            if time.perf_counter() - previewed > _PREVIEW_EVERY and step.index < step.total:
                preview = encode(fit(step.picture(), preview_size), "jpeg")
                previewed = time.perf_counter()
            seconds_left = estimate.after(step.index, step.seconds)
            yield Progress(
                step.index,
                step.total,
                step.loss,
                step.style_loss,
                step.content_loss,
                step.seconds,
                seconds_left,
                preview,
            )
        picture = step.picture()
        comment = json.dumps(recipe.to_json())
        yield Done(
            encode(picture, "jpeg", comment=comment),
            encode(picture, "png", comment=comment),
            width,
            height,
            seconds=time.perf_counter() - started,
            shrunk_from=shrunk_from,
        )


def _scales(height: int, width: int, recipe: Recipe) -> list[Scale]:
    manner = recipe.manner
    if isinstance(manner, Article):
        return [Scale(height, width, Depth.ALL, recipe.steps or manner.steps)]
    return plan(height, width, manner, recipe.steps)


def _out_of_memory(error: Exception) -> bool:
    import tensorflow as tf  # not before it is needed: see above

    return isinstance(error, MemoryError | tf.errors.ResourceExhaustedError)


@contextmanager
def _executor_errors() -> Iterator[None]:
    """Whatever goes wrong, as one of the executor's errors."""
    try:
        yield
    except (PictureError, ExecutorError):
        raise
    except Exception as error:
        import tensorflow as tf

        log.exception("a painting failed")
        # No memory even so, or the device is in trouble: a fresh process may do better.
        if isinstance(error, MemoryError | tf.errors.OpError):
            raise WorkerLost(_one_line(error)) from error
        raise PaintFailed(_one_line(error)) from error


def _one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
