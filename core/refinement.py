"""Refinement: the optimisation of style transfer, from a picture that is painted already.

An image is optimised until each piece of it looks like some piece of the style (Li and Wand 2016; Kolkin et
al. 2022, "Neural Neighbor Style Transfer"), its Gram matrices match the style's (Gatys et al. 2016), and its
content stays the photo's. Adam works on the bands of a Laplacian pyramid. All losses are relative to the
pictures at hand, so that no network's scale matters.
"""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from core import losses
from core.article import LossTensors
from core.backbone import Backbone, Tensor
from core.pyramid import merge, shrink, split

GRAM_LAYERS = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1")
NEIGHBOUR_LAYERS = ("block3_conv1", "block4_conv1")
CONTENT_LAYER = "block4_conv2"
_LAYERS = (*GRAM_LAYERS, CONTENT_LAYER)
LEVELS = 5  # bands of the pyramid
_NEIGHBOURS = 2048  # style positions to choose from, at most
_FINEST = 0.3  # of the learning rate, for the finest band: more makes a grain of single pixels
_BETA1, _BETA2, _EPSILON = 0.9, 0.99, 1e-8  # Adam's (Kingma and Ba 2015, algorithm 1)
_RANGE_WEIGHT = 1e-4  # of squared levels beyond 0..255

_SCALAR = tf.TensorSpec(())
_BAND = tf.TensorSpec((1, None, None, 3))


class Weighting(NamedTuple):
    """What the losses weigh, and Adam's learning rate in levels of 0..255; scalars."""

    content: Tensor
    neighbour: Tensor
    gram: Tensor
    rate: Tensor


class Targets(NamedTuple):
    """What is wanted of an image's features.

    grams: of each Gram layer, (C, C). means: of each neighbour layer in the style, (C,). neighbours: some of
    the style's positions there, (n, C), unit vectors about that mean. content: the photo's features at
    `CONTENT_LAYER`. care: (1, h, w, 1), how much content counts at each of its positions.
    """

    grams: list[Tensor]
    means: list[Tensor]
    neighbours: list[Tensor]
    content: Tensor
    care: Tensor


class State(NamedTuple):
    """An image as bands of detail, finest first, with Adam's two moments of each, and the steps so far."""

    bands: list[Tensor]
    first: list[Tensor]
    second: list[Tensor]
    steps: Tensor

    @classmethod
    def of(cls, image: Tensor) -> "State":
        """Begin with an image (1, H, W, 3)."""
        bands = split(image, LEVELS)
        nothing = [tf.zeros_like(band) for band in bands]
        return cls(bands, nothing, list(nothing), tf.constant(0.0))

    @property
    def image(self) -> Tensor:
        """(1, H, W, 3), clipped to 0..255."""
        return tf.clip_by_value(merge(self.bands), 0.0, 255.0)


class Refinement:
    """The optimisation with one backbone. Its step is compiled once, for images of any size."""

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._compiled: Any = None
        self.trace_seconds = 0.0

    def targets(
        self, photo: Tensor, styles: Sequence[Tensor], shares: Sequence[float], care: Tensor, seed: int
    ) -> Targets:
        """Of a photo (1, H, W, 3) and of styles of sizes like it.

        shares: of each style, 1 in all; care: (1, H, W, 1), how much the content counts at each pixel.
        """
        found = [self._backbone.features(style, (*GRAM_LAYERS, *NEIGHBOUR_LAYERS)) for style in styles]
        grams = [
            losses.mean_gram_matrix([features[layer] for features in found], shares) for layer in GRAM_LAYERS
        ]
        means, neighbours = [], []
        for layer in NEIGHBOUR_LAYERS:
            some = [
                _some_rows(features[layer], round(_NEIGHBOURS * share), seed)
                for features, share in zip(found, shares, strict=True)
            ]
            rows = tf.concat(some, 0)
            means.append(tf.reduce_mean(tf.cast(rows, tf.float32), 0))
            neighbours.append(tf.cast(losses.neighbour_directions(rows, means[-1]), self._backbone.compute))
        content = tf.cast(self._backbone.features(photo, [CONTENT_LAYER])[CONTENT_LAYER], tf.float32)
        return Targets(grams, means, neighbours, content, shrink(care, *content.shape[1:3]))

    def loss(self, image: Tensor, targets: Targets, weighting: Weighting) -> LossTensors:
        """Of an image (1, H, W, 3)."""
        features = self._backbone.features(image, _LAYERS)
        gram = tf.add_n(
            [
                losses.relative_style_loss(losses.gram_matrix(features[layer]), wanted)
                for layer, wanted in zip(GRAM_LAYERS, targets.grams, strict=True)
            ]
        ) / len(GRAM_LAYERS)
        neighbour = tf.add_n(
            [
                losses.neighbour_loss(losses.neighbour_directions(features[layer], mean), some)
                for layer, mean, some in zip(NEIGHBOUR_LAYERS, targets.means, targets.neighbours, strict=True)
            ]
        ) / len(NEIGHBOUR_LAYERS)
        content = losses.relative_content_loss(features[CONTENT_LAYER], targets.content, targets.care)
        style = weighting.gram * gram + weighting.neighbour * neighbour
        total = style + weighting.content * content + _RANGE_WEIGHT * losses.range_loss(image)
        return LossTensors(total, style, content)

    def step(self, state: State, targets: Targets, weighting: Weighting) -> tuple[State, LossTensors]:
        """One step of Adam; the losses are those before it."""
        if self._compiled is None:
            start = time.perf_counter()
            self._compiled = self._trace(targets)
            self.trace_seconds = time.perf_counter() - start
        stepped: tuple[State, LossTensors] = self._compiled(state, targets, weighting)
        return stepped

    def _step(self, state: State, targets: Targets, weighting: Weighting) -> tuple[State, LossTensors]:
        with tf.GradientTape() as tape:
            tape.watch(state.bands)
            found = self.loss(merge(state.bands), targets, weighting)
        gradients = tape.gradient(found.total, state.bands)
        steps = state.steps + 1
        bands, first, second = [], [], []
        for number, (band, gradient, m, v) in enumerate(
            zip(state.bands, gradients, state.first, state.second, strict=True)
        ):
            m = _BETA1 * m + (1 - _BETA1) * gradient
            v = _BETA2 * v + (1 - _BETA2) * gradient * gradient
            move = (m / (1 - _BETA1**steps)) / (tf.sqrt(v / (1 - _BETA2**steps)) + _EPSILON)
            bands.append(band - weighting.rate * (_FINEST if number == 0 else 1.0) * move)
            first.append(m)
            second.append(v)
        return State(bands, first, second, steps), found

    def _trace(self, targets: Targets) -> Any:
        bands = [_BAND] * LEVELS
        compiled = tf.function(self._step, autograph=False)
        compiled.get_concrete_function(
            State(bands, bands, bands, _SCALAR),
            Targets(
                [tf.TensorSpec(gram.shape, gram.dtype) for gram in targets.grams],
                [tf.TensorSpec(mean.shape) for mean in targets.means],
                [tf.TensorSpec((None, some.shape[1]), some.dtype) for some in targets.neighbours],
                tf.TensorSpec((1, None, None, targets.content.shape[-1])),
                tf.TensorSpec((1, None, None, 1)),
            ),
            Weighting(_SCALAR, _SCALAR, _SCALAR, _SCALAR),
        )
        return compiled


def _some_rows(features: Tensor, most: int, seed: int) -> Tensor:
    rows = tf.reshape(features, (-1, features.shape[-1]))
    order = tf.random.experimental.stateless_shuffle(tf.range(tf.shape(rows)[0]), seed=(seed, 0))
    return tf.gather(rows, order[: max(1, most)])
