"""Guide the search: what a style's patch must agree with besides colours.

The guide of a photo, its colours transported, and that of a style are compared channel by channel: light and
shade, blurred colours, and features of the network, which tell a roof from a sky. All channels are in levels
of 0..255, times their weights. Pictures are (1, H, W, 3) float32.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from core.backbone import Backbone, Tensor
from core.colour import LUMA
from core.pyramid import blur, shrink
from core.step import NotFiniteError

FEATURES = ("block3_conv1", "block4_conv1")
_AXES = 10  # of each layer's features
_SEEN = 420  # px; the side of a square of the largest area at which the network looks for what things are
_QUANTILES = 256
_BLUR = 4  # px; for the blurred colours, and for what counts as fine detail
_AROUND = 6  # px; over which detail is taken together
_MOST_DETAIL = 2.0  # times the mean; more does not weigh more


def luma(picture: Tensor) -> Tensor:
    """Light and shade of a picture: (1, H, W, 1)."""
    return tf.reduce_sum(picture * LUMA, -1, keepdims=True)


def quantiles(pictures: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """The quantiles (256,) of the luma of pictures, each counting by its share."""
    own = [tf.sort(tf.reshape(luma(picture), (-1,))) for picture in pictures]
    if len(own) == 1:
        return _at_quantiles(own[0])
    samples = [
        tf.gather(
            values, tf.cast(tf.linspace(0.0, 1.0, max(2, round(8192 * share))) * (len(values) - 1), tf.int32)
        )
        for values, share in zip(own, shares, strict=True)
    ]
    return _at_quantiles(tf.sort(tf.concat(samples, 0)))


def equalised(photo: Tensor, own: Tensor, wanted: Tensor) -> Tensor:
    """A photo with its luma, of quantiles `own`, brought to the quantiles `wanted`; hue stays.

    So each shade of the photo has as much of the style to choose from as there is of that shade. A shade that
    takes up many quantiles, such as a white background, comes to the middle of them.
    """
    before = luma(photo)
    values = tf.reshape(before, (-1,))
    first = tf.searchsorted(own, values, side="left")
    beyond = tf.searchsorted(own, values, side="right")
    low, high = tf.maximum(first - 1, 0), tf.minimum(first, _QUANTILES - 1)
    gap = tf.gather(own, high) - tf.gather(own, low)
    between = tf.cast(low, tf.float32) + (values - tf.gather(own, low)) / tf.maximum(gap, 1e-6)
    middle = tf.cast(first + beyond - 1, tf.float32) / 2
    position = tf.clip_by_value(tf.where(beyond > first, middle, between), 0.0, _QUANTILES - 1.0)
    after = _interpolated(wanted, position)
    return photo + tf.reshape(after, tf.shape(before)) - before


def shading(picture: Tensor, weight: float) -> Tensor:
    """The guide's channels of light and shade: luma and the blurred colours, (H, W, 4)."""
    return (tf.concat([luma(picture), blur(picture, _BLUR)], -1) * weight)[0]


def detail(photo: Tensor) -> Tensor:
    """How much fine detail there is about each pixel of a photo: (1, H, W, 1), the photo's mean being 1."""
    shade = luma(photo)
    busy = tf.maximum(blur(tf.abs(shade - blur(shade, _BLUR)), _AROUND), 0.0)
    return busy / (tf.reduce_mean(busy) + 1e-3)


def fineness(detail: Tensor) -> Tensor:
    """How far detail is above its mean, as what is to be painted with care weighs more: 0 to 2."""
    return tf.clip_by_value(detail - 1, 0.0, _MOST_DETAIL)


class Compared(NamedTuple):
    """Features of a photo and of each style that can be compared: of each layer, in this order.

    found: (1, h, w, 10) of each picture. lengths: the features' mean length in the photo. sizes: height and
    width of each picture, px.
    """

    found: list[list[Tensor]]
    lengths: list[Tensor]
    sizes: list[tuple[int, int]]

    def channels(self, weight: float) -> tuple[Tensor, list[Tensor]]:
        """The guide's: (H, W, 20) of the photo and of each style, of deviation `weight` in the photo."""
        weighted: list[list[Tensor]] = [[] for _ in self.sizes]
        for pictures, length in zip(self.found, self.lengths, strict=True):
            for known, features, size in zip(weighted, pictures, self.sizes, strict=True):
                known.append(shrink(features * (weight / length), *size))
        of_photo, *of_styles = (tf.concat(known, -1)[0] for known in weighted)
        return of_photo, of_styles


class Semantics:
    """Makes comparable guides of a network's features. Compiled once, for pictures of any size."""

    def __init__(self, backbone: Backbone) -> None:
        def features(picture: Tensor) -> list[Tensor]:
            found = backbone.features(picture, FEATURES)
            return [tf.cast(found[layer], tf.float32) for layer in FEATURES]

        signature = [tf.TensorSpec((1, None, None, 3))]
        self._features = tf.function(features, input_signature=signature, autograph=False)

    def compare(self, photo: Tensor, styles: Sequence[Tensor]) -> Compared:
        """Find the features of a photo and of its styles.

        From each picture's features its own mean and deviation are taken, since a painting is not a photo;
        then the principal axes of all of them are kept.

        Raises NotFiniteError where the network's features are no numbers.
        """
        seen = [_no_larger(picture) for picture in (photo, *styles)]
        layers = list(zip(*(self._features(picture) for picture in seen), strict=True))
        found, lengths = [], []
        for pictures in layers:
            plain = [_plain(features) for features in pictures]
            rows = tf.concat([tf.reshape(features, (-1, features.shape[-1])) for features in plain], 0)
            if not tf.reduce_all(tf.math.is_finite(rows)):
                raise NotFiniteError("the network's features are infinite or nan")
            _, vectors = tf.linalg.eigh(tf.matmul(rows, rows, transpose_a=True))
            axes = vectors[:, ::-1][:, :_AXES]
            found.append([tf.tensordot(features, axes, 1) for features in plain])
            lengths.append(tf.sqrt(tf.reduce_mean(tf.reduce_sum(found[-1][0] ** 2, -1))) + 1e-6)
        return Compared(
            found, lengths, [(picture.shape[1], picture.shape[2]) for picture in (photo, *styles)]
        )


def _no_larger(picture: Tensor) -> Tensor:
    height, width = picture.shape[1:3]
    factor = _SEEN / math.sqrt(height * width)
    return picture if factor >= 1 else shrink(picture, round(height * factor), round(width * factor))


def _plain(features: Tensor) -> Tensor:
    mean = tf.reduce_mean(features, (0, 1, 2))
    return (features - mean) / (
        tf.math.reduce_std(features, (0, 1, 2)) + 0.05 * tf.math.reduce_std(features) + 1e-6
    )


def _at_quantiles(values: Tensor) -> Tensor:
    return _interpolated(values, tf.linspace(0.0, 1.0, _QUANTILES) * float(len(values) - 1))


def _interpolated(values: Tensor, positions: Tensor) -> Tensor:
    """Of (n,) values those at positions between 0 and n - 1."""
    lower = tf.cast(tf.floor(positions), tf.int32)
    part = positions - tf.cast(lower, tf.float32)
    upper = tf.minimum(lower + 1, tf.shape(values)[0] - 1)
    return tf.gather(values, lower) * (1 - part) + tf.gather(values, upper) * part
