"""The painter: a photo, style pictures and a recipe go in; steps come out, the last with the result."""

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from core.device import Device, choose_device, fastest_type  # isort: skip, it quiets TensorFlow
from core import pyramid
from core.article import ArticleLoop
from core.backbone import Backbone, Tensor, as_tensor
from core.colour import Floats
from core.decoding.picture import resize
from core.decoding.pixels import Picture
from core.objective import Objective, State, StyleTarget, Weighting
from core.plan import NARROWEST, Depth, Scale, plan
from core.prepare import finish, prepare, tone
from core.recipe import Article, Manner, Recipe
from core.step import Losses, Step
from core.weights import Progress, load_weights

_FALL = 0.2  # what is left of the learning rate at the last step of a scale
_NOISE = 3.0  # levels; deviation of the start's noise, which gives flat areas something to grow strokes from
_STYLE_SIDE = (
    1024  # px; the style is enlarged over the content up to here, beyond it costs more than it gives
)
_STYLES_KEPT = 48  # style targets; a painting needs three to five, of a few MB each


class NotFiniteError(ArithmeticError):
    """The loss became infinite or not a number: a fault of ours, not of the pictures."""


class _Painted(NamedTuple):
    """A step before it is checked and dressed up as a `Step`."""

    scale: int
    losses: tuple[Tensor, Tensor, Tensor]  # total, style, content
    render: Callable[[], Floats]


def load_painter(
    weights: str = "auto", device: Device = "auto", *, progress: Progress | None = None
) -> "Painter":
    """A painter with what this machine has: weights (see `load_weights`) and a device.

    Raises WeightsError or DeviceError.
    """
    name = choose_device(device)
    loaded = load_weights(weights, progress=progress)
    return Painter(Backbone(loaded, fastest_type()), name)


class Painter:
    """Paints with one backbone. One painting at a time."""

    def __init__(self, backbone: Backbone, device: str = "cpu") -> None:
        """`device` is the name of what TensorFlow computes on, for people to read."""
        self.device = device
        self.backbone = backbone
        self._objective = Objective(backbone)
        self._article: ArticleLoop | None = None
        self._style_targets: OrderedDict[tuple[bytes, int, int, Depth, int], StyleTarget] = OrderedDict()

    @property
    def trace_seconds(self) -> float:
        """Seconds spent so far on tracing steps, once for each kind of step."""
        return self._objective.trace_seconds + (self._article.trace_seconds if self._article else 0)

    def paint(self, content: Picture, styles: Sequence[Picture], recipe: Recipe) -> Iterator[Step]:
        """Paint the content in the manner of the styles, all of them uint8 (H, W, 3), of any size.

        A generator: nothing happens until it is iterated, and closing it ends the painting. Raises
        NotFiniteError, PictureError for too narrow a result, and ValueError for more styles than a recipe's
        `mix` is of.
        """
        started = time.perf_counter()
        recipe.mix_for(len(styles))
        style = styles[0]
        photo, style_floats = prepare(content, style, recipe)
        height, width = photo.shape[:2]
        manner = recipe.manner
        if isinstance(manner, Article):
            total = recipe.steps or manner.steps
            painted = self._as_the_article(photo, style_floats, manner, total)
        else:
            scales = plan(height, width, manner, recipe.steps)
            total = sum(scale.steps for scale in scales)
            painted = self._coarse_to_fine(photo, style_floats, recipe, manner, scales)
        for index, (scale, tensors, render) in enumerate(painted, start=1):
            losses = Losses(*(float(tensor) for tensor in tensors))
            if not math.isfinite(losses.total):
                raise NotFiniteError(f"the loss is {losses.total} at step {index} of {total}")

            def picture(render: Callable[[], Floats] = render) -> Picture:
                return finish(resize(render(), height, width), content, recipe)

            yield Step(index, total, index / total, scale, time.perf_counter() - started, losses, picture)

    def _as_the_article(
        self, photo: Floats, style: Floats, article: Article, steps: int
    ) -> Iterator[_Painted]:
        if self._article is None:
            self._article = ArticleLoop(self.backbone.exact(), article)
        content = as_tensor(photo)
        shown_style = resize(style, *_size_for(style, math.sqrt(photo.shape[0] * photo.shape[1])))
        least, best = math.inf, content
        images = self._article.run(content, as_tensor(shown_style), steps)
        for losses, image in images:
            if (loss := float(losses.total)) < least:
                least, best = loss, image
            if image is content:
                continue

            def render(best: Tensor = best) -> Floats:
                return np.asarray(best[0])

            yield _Painted(max(photo.shape[:2]), losses, render)

    def _coarse_to_fine(
        self, photo: Floats, style: Floats, recipe: Recipe, manner: Manner, scales: list[Scale]
    ) -> Iterator[_Painted]:
        toned = tone(photo, style, recipe)
        noise = np.random.default_rng(recipe.seed).normal(0, _NOISE, photo.shape).astype(np.float32)
        start = as_tensor(toned + noise)
        weighting = Weighting(manner.content_weight, manner.neighbour_weight, manner.smoothness)
        style_key = hashlib.blake2b(style.tobytes(), digest_size=16).digest()
        image: Tensor | None = None
        for scale in scales:
            style_target = self._style_target(style, style_key, scale, manner.style_scale, recipe.seed)
            here = as_tensor(resize(toned, scale.height, scale.width))
            content_target = self._objective.content_target(here, scale.depth)
            here = pyramid.shrink(start, scale.height, scale.width)
            state = State.of(here if image is None else _carried_up(image, here, manner.detail))
            for number in range(scale.steps):
                rate = manner.rate * (1 - (1 - _FALL) * number / max(1, scale.steps - 1))
                state, losses = self._objective.step(
                    state, number + 1, rate, style_target, content_target, weighting, scale.depth
                )

                def render(state: State = state) -> Floats:
                    return tone(np.asarray(state.image[0]), style, recipe)

                yield _Painted(max(scale.height, scale.width), losses, render)
            image = state.image

    def _style_target(
        self, style: Floats, style_key: bytes, scale: Scale, style_scale: float, seed: int
    ) -> StyleTarget:
        wanted = max(scale.side, min(scale.side * style_scale, _STYLE_SIDE))
        height, width = _size_for(style, wanted)
        key = (style_key, height, width, scale.depth, seed)
        if key not in self._style_targets:
            shown = as_tensor(resize(style, height, width))
            self._style_targets[key] = self._objective.style_target(shown, scale.depth, seed)
            if len(self._style_targets) > _STYLES_KEPT:
                self._style_targets.popitem(last=False)
        self._style_targets.move_to_end(key)
        return self._style_targets[key]


def _carried_up(image: Tensor, start: Tensor, detail: float) -> Tensor:
    """A smaller image at the size of `start`, with `detail` of what `start` has beyond the smaller size."""
    coarse = pyramid.enlarge(pyramid.shrink(start, image.shape[1], image.shape[2]), start)
    return pyramid.enlarge(image, start) + detail * (start - coarse)


def _size_for(style: Floats, side: float) -> tuple[int, int]:
    """Height and width of the style at the area of a square of `side` px, but never beyond its own size.

    A narrow style comes larger, for the deepest layer to see something of it.
    """
    height, width = style.shape[:2]
    factor = min(1, max(side / math.sqrt(height * width), NARROWEST / min(height, width)))
    return max(1, round(height * factor)), max(1, round(width * factor))
