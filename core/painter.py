"""The painter: a photo, style pictures and a recipe go in; steps come out, the last with the result."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from core.device import Device, choose_device, fastest_type  # isort: skip, it quiets TensorFlow
import tensorflow as tf

from core.article import ArticleLoop, LossTensors
from core.backbone import Backbone, Tensor, as_tensor
from core.colour import Floats, Palette, match_colours
from core.decoding.picture import resize
from core.decoding.pixels import Picture
from core.guide import Semantics, fineness, luma
from core.patchwork import Ground, Patchwork
from core.plan import Scale, plan
from core.prepare import Prepared, finish, prepare
from core.pyramid import enlarge, shrink
from core.recipe import Article, Manner, Recipe
from core.refinement import Refinement, State, Weighting
from core.step import Losses, NotFiniteError, Step
from core.subject import Subject, size_at
from core.weights import Progress, load_weights

_FALL = 0.2  # what is left of the learning rate at the last step of a scale
_RATE_MIDDLE, _RATE_FINE = 2.0, 1.0  # levels; the learning rate at the first step of a scale
_NOISE, _NOISE_LAST = 15.0, 8.0  # levels; the deviation of the noise that a scale begins with
_PLAIN = 0.7  # times the mean; where the photo has less detail nothing of it is kept
_REFINED_STYLE = 1.2  # the style's side over the photo's in the refinement
_SHOWN_DETAIL = 0.6  # of the photo's own, in pictures of a painting that has not come to its last size


class _Painted(NamedTuple):
    """A step before it is checked and dressed up as a `Step`."""

    share: float
    scale: int
    losses: LossTensors | None
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
        self._semantics = Semantics(backbone)
        self._refinement = Refinement(backbone)
        self._article: ArticleLoop | None = None
        self._sketched: tuple[object, ...] = ()  # what the latest sketch was of
        self._grounds: dict[Scale, Ground] = {}  # of the same

    @property
    def trace_seconds(self) -> float:
        """Seconds spent so far on tracing the optimisations' steps."""
        return self._refinement.trace_seconds + (self._article.trace_seconds if self._article else 0)

    def paint(self, content: Picture, styles: Sequence[Picture], recipe: Recipe) -> Iterator[Step]:
        """Paint the content in the manner of the styles, all of them uint8 (H, W, 3), of any size.

        A generator: nothing happens until it is iterated, and closing it ends the painting. Raises
        NotFiniteError, PictureError for too narrow a result, and ValueError for more styles than a recipe's
        `mix` is of.
        """
        started = time.perf_counter()
        prepared = prepare(content, styles, recipe)
        height, width = prepared.photo.shape[:2]
        manner = recipe.manner
        if isinstance(manner, Article):
            total = recipe.steps or manner.steps
            painted = self._as_the_article(prepared, recipe.mix_for(len(styles)), manner, total)
        else:
            scales = plan(height, width, manner, recipe.steps)
            total = sum(1 for scale in scales for _ in scale.costs())
            painted = self._coarse_to_fine(prepared, recipe, manner, scales)
        for index, (share, scale, tensors, render) in enumerate(painted, start=1):
            losses = None if tensors is None else Losses(*(float(tensor) for tensor in tensors))
            if losses is not None and not math.isfinite(losses.total):
                raise NotFiniteError(f"the loss is {losses.total} at step {index} of {total}")

            def picture(render: Callable[[], Floats] = render) -> Picture:
                return finish(render(), content, recipe)

            yield Step(index, total, share, scale, time.perf_counter() - started, losses, picture)

    def _as_the_article(
        self, prepared: Prepared, shares: Sequence[float], article: Article, steps: int
    ) -> Iterator[_Painted]:
        if self._article is None:
            self._article = ArticleLoop(self.backbone.exact(), article)
        content = as_tensor(prepared.photo)
        side = math.sqrt(content.shape[1] * content.shape[2])
        styles = [
            as_tensor(resize(style, *size_at(style.shape[0], style.shape[1], side)))
            for style in prepared.styles
        ]
        least, best = math.inf, content
        for number, (losses, image) in enumerate(self._article.run(content, styles, shares, steps)):
            if (loss := float(losses.total)) < least:
                least, best = loss, image
            if image is content:
                continue

            def render(best: Tensor = best) -> Floats:
                return np.asarray(best[0])

            yield _Painted(number / steps, max(content.shape[1:3]), losses, render)

    def _coarse_to_fine(
        self, prepared: Prepared, recipe: Recipe, manner: Manner, scales: list[Scale]
    ) -> Iterator[_Painted]:
        """Lay each scale from patches, refine it, and go on to the next."""
        subject = Subject(prepared.toned, prepared.styles, recipe.mix_for(len(prepared.styles)))
        costs = [cost for scale in scales for cost in scale.costs()]
        shares = iter(np.cumsum(costs) / sum(costs))
        image, laid = shrink(subject.photo, scales[0].height, scales[0].width), None
        for scale in scales:
            ground = self._ground(scale, subject, prepared, recipe, manner)
            photo = ground.photo
            image = enlarge(image, scale.height, scale.width) + _noise(scale, recipe.seed)
            work = Patchwork(scale, ground, manner, recipe.seed % 2**31)
            del ground
            fine = tf.clip_by_value(work.detail - _PLAIN, 0.0, 1.0)
            image += manner.keep * fine * (photo - image)
            laying = ((laid_so_far, None) for laid_so_far in work.rounds(image, laid))
            refining = self._refined(work, photo, subject, recipe, manner, scale, prepared.palette)
            longest = max(scale.height, scale.width)
            for image, losses in chain(laying, refining):
                render = _renderer(image, subject.photo)
                if recipe.sketch:
                    render = _sketcher(image, photo, subject.photo, fine, manner.keep)
                yield _Painted(float(next(shares)), longest, losses, render)
            laid = work.laid
            if not _is_finite(image):
                raise NotFiniteError(f"the picture became infinite or not a number at {longest} px")

    def _ground(
        self, scale: Scale, subject: Subject, prepared: Prepared, recipe: Recipe, manner: Manner
    ) -> Ground:
        """What a scale stands on; sketches of the same pictures in several strengths share it."""
        seed = recipe.seed % 2**31
        if not recipe.sketch:
            return Ground(scale, subject, manner.style_scale, self._semantics, seed)
        pictures = prepared.toned, *prepared.styles
        digests = [hashlib.blake2b(picture.tobytes()).digest() for picture in pictures]
        sketched = (*digests, *subject.shares, manner.style_scale, seed)
        if sketched != self._sketched:
            self._sketched, self._grounds = sketched, {}
        if scale not in self._grounds:
            self._grounds[scale] = Ground(scale, subject, manner.style_scale, self._semantics, seed)
        return self._grounds[scale]

    def _refined(
        self,
        work: Patchwork,
        photo: Tensor,
        subject: Subject,
        recipe: Recipe,
        manner: Manner,
        scale: Scale,
        palette: Palette,
    ) -> Iterator[tuple[Tensor, LossTensors | None]]:
        """The image and its losses after each step of a scale's refinement; if it is the last, laid again."""
        if not scale.steps:
            return
        assert work.laid is not None  # it has been laid  # noqa: S101
        styles = subject.styles_at(scale.side * _REFINED_STYLE)
        care = 1 + manner.care * fineness(work.detail)
        targets = self._refinement.targets(photo, styles, subject.shares, care, recipe.seed % 2**31)
        weights = manner.content_weight, manner.neighbour_weight, manner.gram_weight
        rate = _RATE_MIDDLE if scale.is_middle else _RATE_FINE
        state = State.of(work.laid.picture)
        for number in range(scale.steps):
            fallen = rate * (1 - (1 - _FALL) * number / max(1, scale.steps - 1))
            weighting = Weighting(*(tf.constant(weight, tf.float32) for weight in (*weights, fallen)))
            state, losses = self._refinement.step(state, targets, weighting)
            image = state.image
            last = number == scale.steps - 1
            if last and scale.is_middle and not recipe.keep_colours and _is_finite(image):
                image = as_tensor(match_colours(image[0].numpy(), palette))
            yield image, losses
        if scale.final:
            yield from ((laid_again, None) for laid_again in work.once_more(image))


def _is_finite(image: Tensor) -> bool:
    return bool(tf.reduce_all(tf.math.is_finite(image)))


def _noise(scale: Scale, seed: int) -> Tensor:
    deviation = _NOISE_LAST if scale.final else _NOISE
    return tf.random.stateless_normal(
        (1, scale.height, scale.width, 3), (seed, scale.height), stddev=deviation
    )


def _renderer(picture: Tensor, toned: Tensor) -> Callable[[], Floats]:
    """What shows a picture of any scale at the size of `toned`, with the photo's fine detail if need be."""

    def render() -> Floats:
        height, width = toned.shape[1:3]
        if picture.shape == toned.shape:
            return np.asarray(picture[0])
        coarse = enlarge(shrink(toned, *picture.shape[1:3]), height, width)
        return np.asarray((enlarge(picture, height, width) + _SHOWN_DETAIL * (toned - coarse))[0])

    return render


def _sketcher(
    picture: Tensor, photo: Tensor, toned: Tensor, fine: Tensor, keep: float
) -> Callable[[], Floats]:
    """What shows a small picture at the size of `toned` as it would be if it were painted on to there.

    Each larger scale would begin with a share of the photo where that has `fine` detail, and lay it anew from
    patches that are smaller beside it. So eyes and letters come back, in the style's colours, the more the
    more is to `keep`: here by the photo's light and shade.
    """

    def render() -> Floats:
        height, width = toned.shape[1:3]
        begun = enlarge(picture + keep * fine * luma(photo - picture), height, width)
        own = luma(toned - enlarge(photo, height, width))
        return np.asarray((begun + _SHOWN_DETAIL * keep * own)[0])

    return render
