"""Colour: carry one picture's colours over to another, or keep a photo's own.

All functions take and return float32 arrays of shape (H, W, 3), sRGB-encoded, on the scale 0..255. They work
on the encoded values, as screens show them, not on linear light: the eye is about uniform in them.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

# ITU-R BT.601 luma, that of JPEG's YCbCr.
LUMA = np.array([0.299, 0.587, 0.114], np.float32)

# Below this deviation (levels of 255) along an axis a picture counts as flat there, and is not stretched.
_FLAT = 2.0
# No colour axis is stretched further than this: beyond it, noise and JPEG blocks become the picture.
_MOST_GAIN = 4.0


def statistics(picture: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean colour, shape (3,), and the colours' covariance, shape (3, 3): levels, levels squared."""
    colours = picture.reshape(-1, 3)
    mean = colours.mean(axis=0, dtype=np.float64)
    centred = colours - mean.astype(np.float32)
    return mean, (centred.T @ centred).astype(np.float64) / len(colours)


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


def match_colours(picture: Floats, reference: Floats) -> Floats:
    """The picture with the mean and covariance of the reference's colours, clipped to 0..255."""
    mean, covariance = statistics(picture)
    wanted_mean, wanted_covariance = statistics(reference)
    matrix = transport(covariance, wanted_covariance).astype(np.float32)
    moved = (picture - mean.astype(np.float32)) @ matrix + wanted_mean.astype(np.float32)
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
