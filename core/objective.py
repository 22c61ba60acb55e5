"""One compiled step of the painting: what is wanted of the picture, and Adam on the bands of its pyramid.

The step is traced once for each depth, with height and width unknown, so that no size waits for a new trace.
"""

import time
from dataclasses import dataclass
from typing import Any, NamedTuple

import tensorflow as tf

from core import losses, pyramid
from core.backbone import Backbone, Tensor
from core.plan import Depth

STYLE_LAYERS = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1")
NEIGHBOUR_LAYERS = {Depth.ALL: ("block3_conv1", "block4_conv1"), Depth.THREE: (), Depth.TWO: ()}
CONTENT_LAYER = {Depth.ALL: "block4_conv2", Depth.THREE: "block3_conv1", Depth.TWO: "block2_conv1"}
LEVELS = 5  # bands of the pyramid that is painted in

_BETA1, _BETA2 = 0.9, 0.99
_OUT_OF_RANGE = 1e-4  # weight of the squared levels beyond 0..255
_NEIGHBOURS = 4096  # positions of the style compared at most; a seeded choice of them where there are more
_IMAGE = tf.TensorSpec((1, None, None, 3))
_SCALAR = tf.TensorSpec(())


class StyleTarget(NamedTuple):
    """What is wanted of the style, at one scale: made once, and the same for every step and every photo."""

    grams: list[Tensor]  # (C, C) float32 for each style layer of the depth
    directions: list[Tensor]  # (positions, C) for each neighbour layer, see `losses.neighbour_directions`
    means: list[Tensor]  # (C,) likewise


class ContentTarget(NamedTuple):
    """What is wanted of the content, at one scale."""

    features: Tensor  # at the depth's content layer
    variance: Tensor  # float32 scalar


class Weighting(NamedTuple):
    """The recipe's weights, as float32 scalars beside the style loss's one."""

    content: float
    neighbour: float
    smoothness: float


class Losses(NamedTuple):
    """Float32 scalars."""

    total: Tensor
    style: Tensor
    content: Tensor


@dataclass
class State:
    """The picture under way, as bands, and Adam's two moments of each."""

    bands: list[Tensor]
    first: list[Tensor]
    second: list[Tensor]

    @classmethod
    def of(cls, image: Tensor) -> "State":
        bands = pyramid.split(image, LEVELS)
        return cls(bands, [tf.zeros_like(band) for band in bands], [tf.zeros_like(band) for band in bands])

    @property
    def image(self) -> Tensor:
        return pyramid.merge(self.bands)


class Objective:
    """Targets and steps with one backbone. `trace_seconds` is what tracing has taken so far."""

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._steps: dict[Depth, Any] = {}
        self.trace_seconds = 0.0

    def style_target(self, style: Tensor, depth: Depth, seed: int) -> StyleTarget:
        """Of a style picture (1, H, W, 3), on the scale 0..255, already at the size to compare with."""
        layers, neighbours = STYLE_LAYERS[: depth.value], NEIGHBOUR_LAYERS[depth]
        features = self._backbone.features(style, {*layers, *neighbours})
        means = [tf.reduce_mean(features[layer], axis=(0, 1, 2)) for layer in neighbours]
        directions = [
            _some_rows(losses.neighbour_directions(features[layer], mean), seed)
            for layer, mean in zip(neighbours, means, strict=True)
        ]
        return StyleTarget([losses.gram_matrix(features[layer]) for layer in layers], directions, means)

    def content_target(self, content: ContentTarget, depth: Depth) -> ContentTarget:
        """Of a photo (1, H, W, 3) on the scale 0..255, at the size of the painting."""
        layer = CONTENT_LAYER[depth]
        features = self._backbone.features(content, [layer])[layer]
        return ContentTarget(features, losses.variance_of(features))

    def step(
        self,
        state: State,
        number: int,
        rate: float,
        style: StyleTarget,
        content: ContentTarget,
        weighting: Weighting,
        depth: Depth,
    ) -> tuple[State, Losses]:
        """The state after Adam's step `number`, counted from 1, and the losses before it."""
        if depth not in self._steps:
            start = time.perf_counter()
            self._steps[depth] = self._trace(depth)
            self.trace_seconds += time.perf_counter() - start
        bands, first, second, found = self._steps[depth](
            state.bands,
            state.first,
            state.second,
            tf.constant(number, tf.float32),
            tf.constant(rate, tf.float32),
            style,
            content,
            Weighting(*(tf.constant(weight, tf.float32) for weight in weighting)),
        )
        return State(bands, first, second), found

    def _trace(self, depth: Depth) -> Any:
        layers, neighbours, content_layer = (
            STYLE_LAYERS[: depth.value],
            NEIGHBOUR_LAYERS[depth],
            CONTENT_LAYER[depth],
        )
        compute = self._backbone.compute

        def loss_of(
            image: Tensor, style: StyleTarget, content: ContentTarget, weighting: Weighting
        ) -> Losses:
            features = self._backbone.features(image, {*layers, *neighbours, content_layer})
            style_loss = tf.add_n(
                [
                    losses.relative_style_loss(losses.gram_matrix(features[layer]), gram)
                    for layer, gram in zip(layers, style.grams, strict=True)
                ]
            ) / len(layers)
            content_loss = losses.relative_content_loss(features[content_layer], *content)
            total = losses.total_loss(style_loss, content_loss, 1.0, weighting.content)
            total += weighting.smoothness * 1e-4 * losses.total_variation(image)
            total += _OUT_OF_RANGE * losses.range_loss(image)
            for layer, directions, mean in zip(neighbours, style.directions, style.means, strict=True):
                seen = losses.neighbour_directions(features[layer], mean)
                total += weighting.neighbour / len(neighbours) * losses.neighbour_loss(seen, directions)
            return Losses(total, style_loss, content_loss)

        def step(
            bands: list[Tensor],
            first: list[Tensor],
            second: list[Tensor],
            number: Tensor,
            rate: Tensor,
            style: StyleTarget,
            content: ContentTarget,
            weighting: Weighting,
        ) -> tuple[list[Tensor], list[Tensor], list[Tensor], Losses]:
            with tf.GradientTape() as tape:
                tape.watch(bands)
                found = loss_of(pyramid.merge(bands), style, content, weighting)
            gradients = tape.gradient(found.total, bands)
            first = [_BETA1 * m + (1 - _BETA1) * g for m, g in zip(first, gradients, strict=True)]
            second = [_BETA2 * v + (1 - _BETA2) * g * g for v, g in zip(second, gradients, strict=True)]
            unbias1, unbias2 = 1 - _BETA1**number, 1 - _BETA2**number
            moved = [
                band - rate * (m / unbias1) / (tf.sqrt(v / unbias2) + 1e-8)
                for band, m, v in zip(bands, first, second, strict=True)
            ]
            return moved, first, second, found

        images = [_IMAGE] * LEVELS
        style_spec = StyleTarget(
            [tf.TensorSpec((None, None)) for _ in layers],
            [tf.TensorSpec((None, None), compute) for _ in neighbours],
            [tf.TensorSpec((None,), compute) for _ in neighbours],
        )
        content_spec = ContentTarget(tf.TensorSpec((1, None, None, None), compute), _SCALAR)
        weighting_spec = Weighting(_SCALAR, _SCALAR, _SCALAR)
        compiled = tf.function(step)
        compiled.get_concrete_function(
            images, images, images, _SCALAR, _SCALAR, style_spec, content_spec, weighting_spec
        )
        return compiled


def _some_rows(rows: Tensor, seed: int) -> Tensor:
    if rows.shape[0] <= _NEIGHBOURS:
        return rows
    order = tf.random.experimental.stateless_shuffle(tf.range(rows.shape[0]), seed=(seed, 0))
    return tf.gather(rows, tf.sort(order[:_NEIGHBOURS]))
