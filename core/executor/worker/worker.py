"""The worker: holds a painter and turns tasks into events. It knows nothing of how either of them travels.

`core.executor.worker.child` runs it in a process of its own, a Ray actor in its own. Only a painter
brings TensorFlow in, so a painter that does without it makes a worker that does.
"""

import gc
import json
import logging
import math
import pkgutil
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

import numpy as np

from core import memory
from core.decoding.decoder import Decoder, DecoderUnavailable, DecodingCancelled
from core.decoding.picture import encode, fit
from core.decoding.pixels import Picture
from core.decoding.refusal import PictureError
from core.error_messages import first_line
from core.executor.protocol import (
    Done,
    Event,
    ExecutorError,
    PaintFailed,
    PaintTask,
    Progress,
    WorkerKilled,
    WorkerLost,
)
from core.executor.worker.pace import Pace
from core.executor.worker.wire import PAINTER, WARM_SIZE
from core.memory import TooLarge, check_memory
from core.plan import final_size
from core.recipe import Recipe

if TYPE_CHECKING:
    from core.painter import Painter

log = logging.getLogger(__name__)

_SHRINKING = 0.7  # of the size, where memory does not suffice: half the memory
PREVIEW_EVERY = 2.0  # seconds; making one takes some 50 ms, which so slow the painting by no more than 3 %
PREVIEW_SIZE = 1024  # px
_WARMING = 4  # steps of the optimisation, which leave none of its sizes out
_STYLE_SIZE = 2  # times the result's: no more of a style picture is ever looked at


class Worker:
    """Hold one painter, loaded once, for one painting at a time."""

    def __init__(self, painter: "Painter", others: Callable[[], Iterable[int]] = tuple) -> None:
        """`others` finds the process ids of other workers, with which this one shares the memory."""
        self._painter = painter
        self._others = others
        self._decoder = Decoder()
        self._pace = Pace()

    @classmethod
    def load(
        cls,
        weights: str,
        device: str,
        painter: str = PAINTER,
        others: Callable[[], Iterable[int]] = tuple,
    ) -> Self:
        """Load a painter by the function `painter`, "module:function" of (weights, device).

        Raises PaintFailed where that cannot be: no weights, no such device.
        """
        try:
            return cls(pkgutil.resolve_name(painter)(weights, device), others)
        except Exception as error:
            log.debug("no painter", exc_info=True)
            raise PaintFailed(first_line(error)) from error

    @property
    def description(self) -> str:
        """Say what it paints with, in one line; and why with no better network, where there is a reason."""
        backbone = self._painter.backbone
        description = f"{backbone.name} on {self._painter.device}"
        return f"{description}. {backbone.weights.note}" if backbone.weights.note else description

    def warm_up(self, size: int = WARM_SIZE) -> None:
        """Paint something that nobody will see, which traces the graphs.

        The decoder is started, too. Raises PaintFailed or WorkerLost.
        """
        noise = np.random.default_rng(0).integers(0, 256, (size, size, 3), np.uint8)
        recipe = Recipe(size=size, steps=_WARMING)
        with _executor_errors(), suppress(TooLarge):  # smaller pictures may yet fit: those stay cold
            self._decoder.start()
            for _ in self._attempt(noise, [noise], recipe, time.perf_counter()):
                pass

    def paint(
        self, task: PaintTask, cancelled: threading.Event | None = None
    ) -> Generator[Event, None, None]:
        """Progress for each step, Done. Closing the generator ends the painting.

        Where memory does not suffice it starts over once, smaller: then the steps count from 1 again.
        `cancelled`, which another thread may set, ends the opening of pictures, before the first step.

        Raises PictureError, DecodingCancelled, PaintFailed, or WorkerLost where the worker had better be
        replaced.
        """
        started = time.perf_counter()
        recipe = task.recipe
        with _executor_errors():
            longest = _STYLE_SIZE * recipe.size
            content = self._decoder.open_picture(task.content, longest=recipe.size, cancelled=cancelled)
            styles = [
                self._decoder.open_picture(style, longest=longest, cancelled=cancelled)
                for style in task.styles
            ]
            asked = max(final_size(content.shape[0], content.shape[1], recipe))
            try:
                yield from self._attempt(content, styles, recipe, started)
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
            yield from self._attempt(content, styles, recipe.with_size(smaller), started, shrunk_from=asked)

    def _attempt(
        self,
        content: Picture,
        styles: Sequence[Picture],
        recipe: Recipe,
        started: float,
        shrunk_from: int | None = None,
    ) -> Iterator[Event]:
        height, width = final_size(content.shape[0], content.shape[1], recipe)
        check_memory(height, width, recipe, memory.fair_share(self._others()))
        estimate = self._pace.follow(recipe, height, width, len(styles))
        preview_size = min(PREVIEW_SIZE, max(height, width))
        previewed = -math.inf  # the first step is always shown
        for step in self._painter.paint(content, styles, recipe):
            preview = None
            if time.perf_counter() - previewed > PREVIEW_EVERY and (
                step.index == 1 or step.index < step.total
            ):
                preview = encode(fit(step.picture(), preview_size), "jpeg")
                previewed = time.perf_counter()
            yield Progress(
                step.index,
                step.total,
                step.share,
                step.scale,
                step.losses,
                step.seconds,
                estimate.after(step.share, step.seconds),
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


def _out_of_memory(error: Exception) -> bool:
    import tensorflow as tf  # not before it is needed: see above

    return isinstance(error, MemoryError | tf.errors.ResourceExhaustedError)


@contextmanager
def _executor_errors() -> Iterator[None]:
    """Turn whatever goes wrong into one of the executor's errors."""
    try:
        yield
    except (PictureError, DecodingCancelled, ExecutorError):
        raise
    except DecoderUnavailable as error:  # before it has seen a picture; perhaps there is no memory just now
        raise WorkerKilled(str(error)) from error
    except Exception as error:
        import tensorflow as tf

        log.exception("a painting failed")
        # No memory even so, or the device is in trouble: a fresh process may do better.
        if isinstance(error, MemoryError | tf.errors.OpError):
            raise WorkerLost(first_line(error)) from error
        raise PaintFailed(first_line(error)) from error
