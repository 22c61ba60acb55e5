"""Resize, blur, and take apart pictures into bands of detail (Laplacian pyramid, Burt and Adelson 1983).

Pictures are float32 tensors of shape (1, H, W, C). Painting in bands lets one step move a whole stroke.
"""

from collections.abc import Sequence

import tensorflow as tf

from core.backbone import Tensor


def shrink(picture: Tensor, height: int | Tensor, width: int | Tensor) -> Tensor:
    """Resize to a smaller size, low-pass filtered first; to a larger one it is bilinear."""
    return tf.image.resize(picture, (height, width), "bilinear", antialias=True)


def enlarge(picture: Tensor, height: int | Tensor, width: int | Tensor) -> Tensor:
    """Resize to a larger size, smoothly: bicubic."""
    return tf.image.resize(picture, (height, width), "bicubic")


def blur(picture: Tensor, factor: float) -> Tensor:
    """Take away what is smaller than about `factor` px: to a fraction of the size and back."""
    height, width = picture.shape[1:3]
    small = shrink(picture, max(1, round(height / factor)), max(1, round(width / factor)))
    return enlarge(small, height, width)


def split(picture: Tensor, levels: int) -> list[Tensor]:
    """Take a picture apart into `levels` bands, finest first; the last is the coarse remainder.

    Band i has sides H / 2^i, rounded up. `merge` gives the picture back exactly.
    """
    bands = []
    for _ in range(levels - 1):
        height, width = tf.shape(picture)[1], tf.shape(picture)[2]
        smaller = shrink(picture, (height + 1) // 2, (width + 1) // 2)
        bands.append(picture - _like(smaller, picture))
        picture = smaller
    return [*bands, picture]


def merge(bands: Sequence[Tensor]) -> Tensor:
    """Put a picture together from its bands, finest first."""
    picture = bands[-1]
    for band in reversed(bands[:-1]):
        picture = band + _like(picture, band)
    return picture


def _like(picture: Tensor, other: Tensor) -> Tensor:
    return tf.image.resize(picture, tf.shape(other)[1:3], "bilinear")
