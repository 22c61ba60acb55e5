"""The article to the letter: Gatys et al. 2016, as the eager TensorFlow program that made it popular has it.

Content at block5_conv2, style at the first convolution of every block, each weighing 1/5; Adam on the pixels,
starting from the content; after each step the image is clipped to the valid range. Always in float32.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from core import losses
from core.backbone import Backbone, Tensor
from core.recipe import Article

STYLE_LAYERS = ("block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1")
CONTENT_LAYER = "block5_conv2"
_IMAGE = tf.TensorSpec((1, None, None, 3))


class LossTensors(NamedTuple):
    """Scalars: what is minimised, and its two parts, unweighted."""

    total: Tensor
    style: Tensor
    content: Tensor


class Targets(NamedTuple):
    """The photo's features at `CONTENT_LAYER`, and the style's Gram matrices at each of `STYLE_LAYERS`."""

    content: Tensor
    grams: list[Tensor]


class ArticleLoop:
    """The article's optimisation with one backbone. Its step is traced once, for all sizes."""

    def __init__(self, backbone: Backbone, article: Article) -> None:
        self._backbone = backbone
        self._article = article
        self._compiled: Any = None
        self.trace_seconds = 0.0

    def targets(self, content: Tensor, styles: Sequence[Tensor], shares: Sequence[float] = (1.0,)) -> Targets:
        """Of pictures (1, H, W, 3), RGB on the scale 0..255, each of its own size; styles by their shares."""
        styled = [self._backbone.features(style, STYLE_LAYERS) for style in styles]
        return Targets(
            self._backbone.features(content, [CONTENT_LAYER])[CONTENT_LAYER],
            [
                losses.mean_gram_matrix([features[layer] for features in styled], shares)
                for layer in STYLE_LAYERS
            ],
        )

    def losses(self, image: Tensor, targets: Targets) -> LossTensors:
        """Total, style and content loss of an image (1, H, W, 3)."""
        features = self._backbone.features(image, (*STYLE_LAYERS, CONTENT_LAYER))
        style = tf.add_n(
            [
                losses.layer_style_loss(losses.gram_matrix(features[layer]), gram) / len(STYLE_LAYERS)
                for layer, gram in zip(STYLE_LAYERS, targets.grams, strict=True)
            ]
        )
        content = losses.content_loss(features[CONTENT_LAYER], targets.content)
        total = losses.total_loss(style, content, self._article.style_weight, self._article.content_weight)
        return LossTensors(total, style, content)

    def run(
        self, content: Tensor, styles: Sequence[Tensor], shares: Sequence[float], steps: int
    ) -> Iterator[tuple[LossTensors, Tensor]]:
        """For each step the losses before it and the image they belong to; at last those of the final image.

        So `steps` + 1 pairs come, the first being the content itself.
        """
        targets = self.targets(content, styles, shares)
        if self._compiled is None:
            start = time.perf_counter()
            self._compiled = self._trace()
            self.trace_seconds = time.perf_counter() - start
        image, first, second = content, tf.zeros_like(content), tf.zeros_like(content)
        for number in range(1, steps + 1):
            before = image
            image, first, second, found = self._compiled(
                image, first, second, tf.constant(number, tf.float32), targets
            )
            yield found, before
        yield self.losses(image, targets), image

    def _step(
        self, image: Tensor, first: Tensor, second: Tensor, number: Tensor, targets: Targets
    ) -> tuple[Tensor, Tensor, Tensor, LossTensors]:
        """Adam with the epsilon outside the correction of bias, as TensorFlow's optimisers have it."""
        article = self._article
        with tf.GradientTape() as tape:
            tape.watch(image)
            found = self.losses(image, targets)
        gradient = tape.gradient(found.total, image)
        first = article.beta1 * first + (1 - article.beta1) * gradient
        second = article.beta2 * second + (1 - article.beta2) * gradient * gradient
        rate = article.rate * tf.sqrt(1 - article.beta2**number) / (1 - article.beta1**number)
        moved = image - rate * first / (tf.sqrt(second) + article.epsilon)
        return tf.clip_by_value(moved, 0.0, 255.0), first, second, found

    def _trace(self) -> Any:
        compiled = tf.function(self._step, autograph=False)
        target_spec = Targets(
            tf.TensorSpec((1, None, None, None)), [tf.TensorSpec((None, None)) for _ in STYLE_LAYERS]
        )
        compiled.get_concrete_function(_IMAGE, _IMAGE, _IMAGE, tf.TensorSpec(()), target_spec)
        return compiled
