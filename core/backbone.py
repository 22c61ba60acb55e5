"""The backbone: the convolutions of a VGG network (Simonyan and Zisserman 2015), as a feature extractor.

VGG19 and VGG16 differ only in how many convolutions a block has, so one description serves both. Weights come
from `core.weights` and are never trained.
"""

from collections.abc import Iterable
from typing import TypeAlias

import tensorflow as tf

from core.colour import Floats
from core.weights import Weights

Tensor: TypeAlias = tf.Tensor
Features: TypeAlias = dict[str, Tensor]

# The mean colour of ImageNet, in the blue, green, red order that the weights were trained with.
IMAGENET_MEAN = (103.939, 116.779, 123.68)

# The article's weights of the losses (0.01 for style, 1000 for content) suit the size of the activations of
# Keras' VGG19, whose network was trained on levels of 0..255. The packaged network was trained on input of
# unit deviation, and its activations are about a hundredth to a thousandth of those. For the article's loop,
# and for nothing else, they are brought to VGG19's size block by block; Gatys et al. 2016, section 2, brings
# all layers to a mean of one. Means over a block's layers and over pictures: VGG19's as tutorials print them,
# rounded; the packaged network's as tests/bench/calibrate.py measures them on the sample pictures at 512 px.
IMAGENET_ACTIVATION = {1: 34.0, 2: 200.0, 3: 230.0, 4: 790.0, 5: 60.0}
PACKAGED_ACTIVATION = {1: 0.437, 2: 0.806, 3: 1.12, 4: 0.642, 5: 0.438}


class Backbone:
    """A VGG network cut off after the deepest layer asked for."""

    def __init__(
        self,
        weights: Weights,
        compute: tf.DType = tf.float32,
        *,
        smooth: bool = True,
        scaled: bool = False,
    ) -> None:
        """`compute` is the type of the convolutions, float32 or bfloat16; features come out in it too.

        With `smooth` it is gentler to paintings than as published: the image continues beyond its border as
        if mirrored, instead of in mean grey, which makes edges paler; and blocks are pooled by their mean
        instead of their maximum, whose gradient is a grid of single pixels (Gatys et al. 2016, section 2).
        `scaled` brings the packaged network's features to the scale of ImageNet VGG19's, for a loss whose
        weights depend on it.
        """
        self.weights = weights
        self.name = f"{weights.architecture} ({weights.name})"
        self.compute = compute
        self._smooth = smooth
        self._kernels = {
            layer: (tf.constant(kernel, compute), tf.constant(bias, compute))
            for layer, (kernel, bias) in weights.layers.items()
        }
        self._scales = dict.fromkeys(self._kernels, 1.0)
        if scaled and weights.name == "packaged":
            self._scales = {
                layer: IMAGENET_ACTIVATION[block_of(layer)] / PACKAGED_ACTIVATION[block_of(layer)]
                for layer in self._kernels
            }

    def exact(self) -> "Backbone":
        """The same network for the article's loop: float32, grey beyond the border, VGG19's scale."""
        return Backbone(self.weights, smooth=False, scaled=True)

    def features(self, image: Tensor, layers: Iterable[str]) -> Features:
        """The named layers' activations, after their ReLU, of an image.

        image: (1, H, W, 3) float32, RGB on the scale 0..255. A layer of block b comes out as
        (1, H / 2^(b-1), W / 2^(b-1), channels), each side rounded down. Raises KeyError for a layer that the
        network lacks.
        """
        wanted = set(layers)
        if missing := wanted - self._kernels.keys():
            raise KeyError(f"{self.name} has no layer {', '.join(sorted(missing))}")
        found: Features = {}
        x = tf.cast(image[..., ::-1] - tf.constant(IMAGENET_MEAN), self.compute)
        padding = "SAME"
        if self._smooth:
            x, padding = tf.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "SYMMETRIC"), "VALID"
        block = 1
        for layer, (kernel, bias) in self._kernels.items():
            if wanted == found.keys():
                break
            if block_of(layer) > block:
                block = block_of(layer)
                x = (tf.nn.avg_pool2d if self._smooth else tf.nn.max_pool2d)(x, 2, 2, "VALID")
            x = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, padding) + bias)
            padding = "SAME"  # features have no use for a mirror, and padding them all costs a quarter more
            if layer in wanted:
                found[layer] = x * self._scales[layer]
        return found


def block_of(layer: str) -> int:
    """The block of a layer named as Keras does: 4 for block4_conv2."""
    return int(layer.removeprefix("block").partition("_")[0])


def as_tensor(picture: Floats) -> Tensor:
    """(H, W, 3) of any type as (1, H, W, 3) float32."""
    return tf.constant(picture[None], tf.float32)
