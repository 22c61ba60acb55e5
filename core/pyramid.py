"""Laplacian pyramids (Burt and Adelson 1983): a picture as bands of detail, finest first.

To mix pictures band by band, and to paint in: a step in a coarse band moves a whole stroke at once. Images
are float32 tensors of shape (1, H, W, 3); band i has sides H / 2^i, rounded up.
"""

from collections.abc import Sequence

import tensorflow as tf

from core.backbone import Tensor


def split(image: Tensor, levels: int) -> list[Tensor]:
    """`levels` bands, the last being the coarse remainder; `merge` gives the image back exactly."""
    bands = []
    for _ in range(levels - 1):
        height, width = tf.shape(image)[1], tf.shape(image)[2]
        smaller = shrink(image, (height + 1) // 2, (width + 1) // 2)
        bands.append(image - enlarge(smaller, image))
        image = smaller
    return [*bands, image]


def merge(bands: Sequence[Tensor]) -> Tensor:
    """The image whose bands these are."""
    image = bands[-1]
    for band in reversed(bands[:-1]):
        image = band + enlarge(image, band)
    return image


def mix(a: Tensor, b: Tensor, shares: Sequence[float]) -> Tensor:
    """Two images of one size mixed by bands: `shares[i]` of `a` in band i, finest first, the rest of `b`."""
    bands = zip(split(a, len(shares)), split(b, len(shares)), shares, strict=True)
    return merge([share * of_a + (1 - share) * of_b for of_a, of_b, share in bands])


def shrink(image: Tensor, height: int | Tensor, width: int | Tensor) -> Tensor:
    """Resized to a smaller size, low-pass filtered first."""
    return tf.image.resize(image, (height, width), "bilinear", antialias=True)


def enlarge(image: Tensor, like: Tensor) -> Tensor:
    """Resized to the height and width of `like`, bilinearly."""
    return tf.image.resize(image, tf.shape(like)[1:3], "bilinear")
