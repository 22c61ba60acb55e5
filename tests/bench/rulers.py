"""Four rulers for a painting, none of which the painter optimises.

Style, as a distance over the untouched photo's: 0 is the style picture's own, 1 is no closer than the photo.
  net   distance between the embeddings of Magenta's style network (the draft's home ground)
  stat  mean absolute difference of 200 quantiles along 64 random directions of (Lab, 3 dLab/dx, 3 dLab/dy),
        at 256, 128, 64 and 32 px
Truth to the photo: higher is better.
  ssim  structural similarity of luminance at 256 px (Wang et al. 2004, Gaussian window of deviation 1.5)
  edge  correlation of gradient magnitudes of luminance at 256 px

All pictures are uint8 arrays of shape (H, W, 3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from core.draft import Draft
from PIL import Image

from core.decoding.picture import fit
from core.decoding.pixels import Picture


@dataclass(frozen=True)
class Measures:
    net: float
    stat: float
    ssim: float
    edge: float


def measure(triples: Sequence[tuple[Picture, Picture, Picture]], draft: Draft) -> Measures:
    """Over several (result, photo, style): mean distance over the photos' mean distance, mean likenesses."""
    results, photos, styles = zip(*triples, strict=True)
    return Measures(
        net=_mean(_net, results, styles, draft) / _mean(_net, photos, styles, draft),
        stat=_mean(_stat, results, styles) / _mean(_stat, photos, styles),
        ssim=_mean(_ssim, results, photos),
        edge=_mean(_edge, results, photos),
    )


def _mean(
    ruler: Callable[..., float], some: Sequence[Picture], others: Sequence[Picture], *more: Any
) -> float:
    return float(np.mean([ruler(one, other, *more) for one, other in zip(some, others, strict=True)]))


def _net(picture: Picture, style: Picture, draft: Draft) -> float:
    return float(
        np.linalg.norm(draft.embed(picture.astype(np.float32)) - draft.embed(style.astype(np.float32)))
    )


def _stat(picture: Picture, style: Picture) -> float:
    return float(np.abs(_quantiles(picture) - _quantiles(style)).mean())


def _edge(picture: Picture, photo: Picture) -> float:
    return float(np.corrcoef(_edges(picture).ravel(), _edges(photo).ravel())[0, 1])


def _ssim(picture: Picture, photo: Picture) -> float:
    a, b = _luminance(picture), _luminance(photo)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_a, mean_b = _blur(a), _blur(b)
    var_a, var_b = _blur(a * a) - mean_a**2, _blur(b * b) - mean_b**2
    covariance = _blur(a * b) - mean_a * mean_b
    top = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return float((top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))).mean())


def _quantiles(picture: np.ndarray) -> np.ndarray:
    directions = np.random.default_rng(0).standard_normal((9, 64))
    directions /= np.linalg.norm(directions, axis=0)
    found = []
    for size in (256, 128, 64, 32):
        lab = _lab(fit(picture, size))
        dx, dy = np.diff(lab, axis=1)[:-1], np.diff(lab, axis=0)[:, :-1]
        features = np.concatenate([lab[:-1, :-1], 3 * dx, 3 * dy], axis=-1).reshape(-1, 9)
        found.append(np.quantile(features @ directions, np.linspace(0, 1, 200), axis=0))
    return np.stack(found)


def _lab(picture: np.ndarray) -> np.ndarray:
    """CIE L*a*b* under D65, from sRGB."""
    encoded = picture / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _luminance(picture: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(fit(picture, 256)).convert("L"), np.float32)


def _edges(picture: np.ndarray) -> np.ndarray:
    dy, dx = np.gradient(_luminance(picture))
    return np.hypot(dx, dy)


def _blur(plane: np.ndarray) -> np.ndarray:
    kernel = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(plane, 5, mode="reflect")
    rows = np.apply_along_axis(np.convolve, 0, padded, kernel, mode="valid")
    return np.apply_along_axis(np.convolve, 1, rows, kernel, mode="valid")
