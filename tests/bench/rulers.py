"""Two rulers for a painting: is it kin to the style, and true to the photo?

Both look through AlexNet, and so know nothing of the VGG network that the painter looks through. For both,
lower is better. All pictures are uint8 arrays of shape (H, W, 3).
"""

import math

import numpy as np
import tensorflow as tf

from core.backbone import Tensor
from core.colour import LUMA, Floats
from core.decoding.picture import fit, resize
from core.decoding.pixels import Picture
from tests.bench.networks import alexnet
from tests.bench.pictures import Box

_SIDE = 256  # px; pictures are compared to the photo at this size
_CONTRAST, _MEAN = 50, 128  # levels; the luminances' common deviation and mean
_LAYERS = 4  # of AlexNet's five, for kinship: what the last one sees is larger than a stroke
_MOST = 4096  # positions of one layer that are compared
_SHIFT = np.array([-0.030, -0.088, -0.188], np.float32)
_SCALE = np.array([0.458, 0.448, 0.450], np.float32)


class Rulers:
    """The rulers, with their network at hand."""

    def __init__(self) -> None:
        """Raises what `alexnet` does if the network cannot be had."""
        network = alexnet()
        layers = [network["AlexNet_0"][f"Conv_{number}"] for number in range(5)]
        self._convolutions = [(tf.constant(each["kernel"]), tf.constant(each["bias"])) for each in layers]
        self._importance = [
            tf.constant(network[f"NetLinLayer_{number}"]["Conv_0"]["kernel"]) for number in range(5)
        ]

    def kinship(self, result: Picture, photo: Picture, style: Picture) -> float:
        """How far the result is from the style, where the untouched photo is at 1.

        Bidirectional similarity (Simakov, Caspi, Shechtman and Irani 2008, "Summarizing visual data using
        bidirectional similarity", equation 1) between AlexNet's features instead of patches of pixels: the
        mean cosine distance from each position of the result to its nearest in the style (coherence: is each
        piece something the painter painted?) and from each of the style to its nearest in the result
        (completeness: is all of the painter's repertoire there?). Both are put over the photo's own in each
        of four layers, and averaged over layers and directions.
        """
        height, width = result.shape[:2]
        factor = min(1.0, math.sqrt(height * width / (style.shape[0] * style.shape[1])))
        style = resize(style, max(1, round(style.shape[0] * factor)), max(1, round(style.shape[1] * factor)))
        own = self._distances(resize(photo, height, width), style)
        return float(np.mean(self._distances(result, style) / own))

    def truth(self, result: Picture, photo: Picture) -> float:
        """How far the result's forms are from the photo's: 0 is the photo itself.

        LPIPS (Zhang, Isola, Efros, Shechtman and Wang 2018, "The unreasonable effectiveness of deep features
        as a perceptual metric", equation 1, AlexNet) between luminances of equal mean and contrast, at 256
        px, so that neither the style's colours nor its tones count as untrue.
        """
        photo = resize(photo, *result.shape[:2])
        painted, seen = (self._features(_even_luminance(picture)) for picture in (result, photo))
        return sum(
            float(tf.reduce_mean(tf.nn.conv2d((_unit(one) - _unit(other)) ** 2, importance, 1, "SAME")))
            for one, other, importance in zip(painted, seen, self._importance, strict=True)
        )

    def face_truth(self, result: Picture, photo: Picture, face: Box) -> float:
        """How far the face alone, which the box holds, is from the photo's; see `truth`."""
        return self.truth(_cut(result, face), _cut(resize(photo, *result.shape[:2]), face))

    def _distances(self, picture: Picture, style: Picture) -> Floats:
        """Coherence and completeness, shape (layers, 2)."""
        features = (self._features(each.astype(np.float32))[:_LAYERS] for each in (picture, style))
        return np.array([_both_ways(one, other) for one, other in zip(*features, strict=True)], np.float32)

    def _features(self, levels: Floats) -> list[Tensor]:
        """The five layers' features of a picture, on the scale 0..255."""
        image = tf.constant(((levels / 127.5 - 1 - _SHIFT) / _SCALE)[None])
        features = []
        for number, (kernel, bias) in enumerate(self._convolutions):
            stride, border = (4, 2) if number == 0 else (1, kernel.shape[0] // 2)
            if number in (1, 2):
                image = tf.nn.max_pool2d(image, 3, 2, "VALID")
            image = tf.pad(image, ((0, 0), (border, border), (border, border), (0, 0)))
            image = tf.nn.relu(tf.nn.conv2d(image, kernel, stride, "VALID") + bias)
            features.append(image)
        return features


def _both_ways(picture: Tensor, style: Tensor) -> tuple[float, float]:
    """Mean cosine distance to the nearest, from the picture's features to the style's and back."""
    mean = tf.reduce_mean(style, (0, 1, 2))
    one, other = (_some(_unit(tf.reshape(each - mean, (-1, each.shape[-1])))) for each in (picture, style))
    likeness = tf.matmul(one, other, transpose_b=True)
    return tuple(float(tf.reduce_mean(1 - tf.reduce_max(likeness, axis))) for axis in (1, 0))


def _some(positions: Tensor) -> Tensor:
    """As many of the positions as are compared, always the same ones."""
    if len(positions) <= _MOST:
        return positions
    return tf.gather(positions, np.random.default_rng(0).choice(len(positions), _MOST, replace=False))


def _unit(features: Tensor) -> Tensor:
    """Each position's features at a length of 1."""
    return features / (tf.norm(features, axis=-1, keepdims=True) + 1e-10)


def _even_luminance(picture: Picture) -> Floats:
    """The picture's luminance in three channels, at the size and with the contrast of the comparison."""
    luminance = fit(picture, _SIDE).astype(np.float32) @ LUMA
    even = (luminance - luminance.mean()) / (luminance.std() + 1e-6) * _CONTRAST + _MEAN
    return np.repeat(even[..., None], 3, axis=-1)


def _cut(picture: Picture, box: Box) -> Picture:
    """The part of a picture that is in the box."""
    height, width = picture.shape[:2]
    rows = slice(round(box.top * height), round(box.bottom * height))
    columns = slice(round(box.left * width), round(box.right * width))
    return picture[rows, columns]
