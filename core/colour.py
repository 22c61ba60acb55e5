"""Colour: carry one picture's colours over to another, or keep a photo's own.

All functions take and return float32 arrays of shape (H, W, 3), sRGB-encoded, on the scale 0..255. They work
on the encoded values, as screens show them, not on linear light: the eye is about uniform in them.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

# ITU-R BT.601 luma, that of JPEG's YCbCr.
LUMA = np.array([0.299, 0.587, 0.114], np.float32)

# Below this deviation (levels of 255) along an axis a picture counts as flat there, and is not stretched.
_FLAT = 2.0
# No colour axis is stretched further than this: beyond it, noise and JPEG blocks become the picture.
_MOST_GAIN = 4.0


class Palette(NamedTuple):
    """The colours of pictures as a Gaussian: mean (3,), levels, and covariance (3, 3), levels squared."""

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


def palette_of(pictures: Sequence[Floats], shares: Sequence[float] = (1.0,)) -> Palette:
    """The palette of all pictures together, each counting by its share, 1 in all."""
    own = [_statistics(picture) for picture in pictures]
    mean = sum((share * one.mean for one, share in zip(own, shares, strict=True)), np.zeros(3))
    covariance = np.zeros((3, 3))
    for one, share in zip(own, shares, strict=True):
        covariance += share * (one.covariance + np.outer(one.mean - mean, one.mean - mean))
    return Palette(mean, covariance)


def _statistics(picture: Floats) -> Palette:
    colours = picture.reshape(-1, 3)
    mean = colours.mean(axis=0, dtype=np.float64)
    centred = colours - mean.astype(np.float32)
    return Palette(mean, (centred.T @ centred).astype(np.float64) / len(colours))


def transport(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The symmetric (3, 3) matrix T with T · source · T = target: the cheapest map between two Gaussians.

    T = S^-½ (S^½ · target · S^½)^½ S^-½ for covariances S = source and target, the linear Monge-Kantorovich
    solution (Pitié and Kokaram 2007, "The linear Monge-Kantorovitch linear colour mapping", equation 7).
    Flat axes are padded and the gain is bounded, so a grey or single-coloured picture gives a tame map.
    """
    floor = _FLAT**2 * np.eye(3)
    root = _root(source + floor)
    inverse = np.linalg.inv(root)
    matrix = inverse @ _root(root @ (target + floor) @ root) @ inverse
    gains, axes = np.linalg.eigh(matrix)
    return np.asarray((axes * np.minimum(gains, _MOST_GAIN)) @ axes.T)


def match_colours(picture: Floats, wanted: Palette) -> Floats:
    """The picture with the mean and covariance of a palette, clipped to 0..255."""
    own = palette_of([picture])
    matrix = transport(own.covariance, wanted.covariance).astype(np.float32)
    moved = (picture - own.mean.astype(np.float32)) @ matrix + wanted.mean.astype(np.float32)
    return np.asarray(np.clip(moved, 0, 255), np.float32)


def grey(picture: Floats) -> Floats:
    """The picture's luma, repeated in three channels."""
    return np.repeat((picture @ LUMA)[..., None], 3, axis=-1)


def keep_colours(painted: Floats, photo: Floats) -> Floats:
    """The luma of the painting with the chroma of the photo; both (H, W, 3) of one size.

    Gatys et al. 2016, "Preserving Color in Neural Artistic Style Transfer", section 5: luminance only.
    """
    return np.asarray(np.clip(photo + grey(painted) - grey(photo), 0, 255), np.float32)


def _root(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The symmetric square root of a positive semi-definite matrix."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)
