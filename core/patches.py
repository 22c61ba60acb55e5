"""The four operations of patchwork on 7 x 7 patches: describe, search, spread, vote.

A picture being painted has for each pixel a *place*: the number of the style patch whose centre lies there
(`core.atlas`). All functions are compiled once, for pictures of any size.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numpy as np
import tensorflow as tf

from core.atlas import PATCH, RADIUS, mirrored
from core.backbone import Tensor

DIMENSIONS = 28  # of a patch's description, of its 147 colours
_BLOCK = 1024  # queries compared with all keys at once: 50 MB of distances, which stay in the cache
_SEEN = 4000  # patches from which the axes are found
_INT, _FLOAT = tf.int32, tf.float32

Function = TypeVar("Function", bound=Callable[..., Tensor])


def _compiled(*signature: object) -> Callable[[Function], Function]:
    """Compile a function once, for arguments of this signature.

    Without AutoGraph, which would read and rewrite all that is called: seconds of a worker's start.
    """
    return cast("Callable[[Function], Function]", tf.function(input_signature=signature, autograph=False))


class Axes(NamedTuple):
    """The directions in which a style's patches differ most, as the kernel of a convolution.

    kernel: (7, 7, 3, D), orthonormal but for the factor 1/7, so that a distance between descriptions is one
    between colours, in levels a pixel. offset: (D,), the mean patch's description.
    """

    kernel: Tensor
    offset: Tensor


def find_axes(pictures: list[Tensor], seed: int) -> Axes:
    """The principal axes of the patches of pictures (1, H, W, 3)."""
    random = np.random.default_rng(seed)
    rows = []
    for picture in pictures:
        bordered = mirrored(picture)[0].numpy()
        height, width = picture.shape[1:3]
        some = random.choice(height * width, min(_SEEN // len(pictures), height * width), replace=False)
        windows = np.lib.stride_tricks.sliding_window_view(bordered, (PATCH, PATCH), axis=(0, 1))
        rows.append(windows[some // width, some % width].transpose(0, 2, 3, 1).reshape(len(some), -1))
    patches = np.concatenate(rows).astype(np.float64)
    mean = patches.mean(0)
    _, vectors = np.linalg.eigh((patches - mean).T @ (patches - mean))
    axes = vectors[:, ::-1][:, :DIMENSIONS] / PATCH
    return Axes(
        tf.constant(axes.reshape(PATCH, PATCH, 3, DIMENSIONS), _FLOAT), tf.constant(mean @ axes, _FLOAT)
    )


@_compiled(
    tf.TensorSpec((1, None, None, 3)),
    Axes(tf.TensorSpec((PATCH, PATCH, 3, DIMENSIONS)), tf.TensorSpec((DIMENSIONS,))),
)
def describe(picture: Tensor, axes: Axes) -> Tensor:
    """The colours around each pixel of (1, H, W, 3), along the axes: (H, W, D)."""
    return tf.nn.conv2d(mirrored(picture), axes.kernel, 1, "VALID")[0] - axes.offset


class Keys(NamedTuple):
    """Style patches to compare with: descriptions (n, D), guides (n, G), and their squared lengths (n, 1)."""

    colours: Tensor
    guide: Tensor
    colours_squared: Tensor
    guide_squared: Tensor


def as_keys(table: Tensor) -> Keys:
    """Keys of rows (n, D + G): descriptions and, behind them, guides."""
    colours, guide = table[:, :DIMENSIONS], table[:, DIMENSIONS:]
    squared = (tf.reduce_sum(known * known, 1, keepdims=True) for known in (colours, guide))
    return Keys(colours, guide, *squared)


_ROWS, _COLUMN = tf.TensorSpec((None, None)), tf.TensorSpec((None, 1))
_KEYS = Keys(_ROWS, _ROWS, _COLUMN, _COLUMN)


def _folded(queries: Tensor, guide: Tensor, weight: Tensor, keys: Keys) -> tuple[Tensor, Tensor]:
    """Two tables whose product is minus the distance: |q - k|² + weight · |g - h|² as one product of rows."""
    own = tf.reduce_sum(queries * queries, 1, keepdims=True)
    own += weight * tf.reduce_sum(guide * guide, 1, keepdims=True)
    ones = tf.ones_like(weight)
    left = tf.concat([2 * queries, 2 * weight * guide, -ones, -weight, -own], 1)
    one = tf.ones_like(keys.colours_squared)
    right = tf.concat([keys.colours, keys.guide, keys.colours_squared, keys.guide_squared, one], 1)
    return left, right


@_compiled(_ROWS, _ROWS, _COLUMN, _KEYS)
def distance_to_nearest_query(queries: Tensor, guide: Tensor, weight: Tensor, keys: Keys) -> Tensor:
    """For each key (n,) the squared distance to the nearest of the queries, at least 0.

    queries: (m, D); guide: (m, G); weight: (m, 1), that of the guide.
    """
    left, right = _folded(queries, guide, weight, keys)
    count, size = tf.shape(left)[0], tf.shape(right)[0]

    def block(start: Tensor, nearest: Tensor) -> tuple[Tensor, Tensor]:
        scores = tf.matmul(left[start : start + _BLOCK], right, transpose_b=True)
        return start + _BLOCK, tf.minimum(nearest, -tf.reduce_max(scores, 0))

    begin = (tf.constant(0), tf.fill((size,), tf.float32.max))
    _, nearest = tf.while_loop(lambda start, _: start < count, block, begin)
    return tf.maximum(nearest, 0.0)


@_compiled(_ROWS, _ROWS, _COLUMN, _KEYS, tf.TensorSpec((None,)))
def search(queries: Tensor, guide: Tensor, weight: Tensor, keys: Keys, factor: Tensor) -> Tensor:
    """The nearest key of each query, exactly: (m,) int32, numbers of keys.

    Distances are multiplied by each key's `factor`, (n,). With 1 / (alpha + the key's distance to its own
    nearest query) every key gets its chance: Granot et al. 2022, "Drop the GAN", equation 2. As a product of
    matrices this costs 2 m n (D + G + 3) operations.
    """
    left, right = _folded(queries, guide, weight, keys)
    right = tf.transpose(right * factor[:, None])
    count = tf.shape(left)[0]

    def block(start: Tensor, found: tf.TensorArray) -> tuple[Tensor, tf.TensorArray]:
        scores = tf.matmul(left[start : start + _BLOCK], right)
        return start + _BLOCK, found.write(start // _BLOCK, tf.argmax(scores, 1, output_type=_INT))

    none = tf.TensorArray(_INT, 0, dynamic_size=True, infer_shape=False, element_shape=(None,))
    _, found = tf.while_loop(lambda start, _: start < count, block, (tf.constant(0), none))
    return found.concat()


_PLACES = tf.TensorSpec((None, None), _INT)


@_compiled(
    _PLACES,
    tf.TensorSpec((None, None, None)),
    _ROWS,
    tf.TensorSpec((None,), tf.bool),
    tf.TensorSpec((), _INT),
    tf.TensorSpec(()),
)
def spread(
    places: Tensor, queries: Tensor, table: Tensor, valid: Tensor, width: Tensor, preference: Tensor
) -> Tensor:
    """Let each pixel's four neighbours offer their places, moved by one: (H, W) int32, the better places.

    queries: (H, W, C), what is wanted at each pixel; table: (n, C), what each place has; valid: (n,), which
    places may be taken; width: of the atlas. A neighbour's offer counts as `preference`, below 1, times its
    distance, so that whole strokes are copied rather than specks (Ashikhmin 2001, "Synthesizing Natural
    Textures", section 3).
    """
    last = tf.shape(valid)[0] - 1
    distance = tf.reduce_sum((queries - tf.gather(table, places)) ** 2, -1)
    for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        offered = tf.roll(places, (down, right), (0, 1)) + down * width + right
        offered = tf.clip_by_value(offered, 0, last)
        other = tf.reduce_sum((queries - tf.gather(table, offered)) ** 2, -1) * preference
        better = tf.gather(valid, offered) & (other < distance)
        places, distance = tf.where(better, offered, places), tf.where(better, other, distance)
    return places


@_compiled(
    _PLACES,
    tf.TensorSpec((None, 3)),
    tf.TensorSpec((), _INT),
    tf.TensorSpec(()),
    tf.TensorSpec(()),
)
def vote(places: Tensor, pixels: Tensor, width: Tensor, deviation: Tensor, tolerance: Tensor) -> Tensor:
    """The picture (1, H, W, 3) that overlapping patches agree on.

    places: (H, W) int32; pixels: (n, 3), those of the atlas; width: of the atlas. Each pixel is the mean of
    the 49 patches that cover it under a Gaussian of `deviation` px. With a `tolerance` above 0, in levels, it
    is taken a second time with those that differ by more from the first mean counting less: one step of
    iteratively reweighted least squares, which keeps edges that a mean blurs (Elad and Milanfar 2017, "Style
    Transfer via Texture Synthesis", section III-C).
    """
    mean = _mean_of_patches(places, pixels, width, deviation, lambda _: 1.0)

    def sharper() -> Tensor:
        def trust(colour: Tensor) -> Tensor:
            return 1 / (tf.reduce_sum((colour - mean) ** 2, -1, keepdims=True) + tolerance**2)

        return _mean_of_patches(places, pixels, width, deviation, trust)

    return tf.cond(tolerance > 0, sharper, lambda: mean)[None]


def _mean_of_patches(
    places: Tensor, pixels: Tensor, width: Tensor, deviation: Tensor, trust: Callable[[Tensor], Tensor]
) -> Tensor:
    """The mean (H, W, 3) of overlapping patches, under a Gaussian and the trust in each colour."""
    height, columns = tf.shape(places)[0], tf.shape(places)[1]
    bordered = tf.pad(places, ((RADIUS, RADIUS), (RADIUS, RADIUS)), constant_values=-1)
    begin = (tf.constant(0), tf.zeros((height, columns, 3)), tf.zeros((height, columns, 1)))

    def hear(number: Tensor, total: Tensor, count: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        down, right = number // PATCH - RADIUS, number % PATCH - RADIUS
        top, left = RADIUS - down, RADIUS - right
        centre = bordered[top : top + height, left : left + columns]
        colour = tf.gather(pixels, tf.maximum(centre + down * width + right, 0))
        apart = tf.cast(down**2 + right**2, _FLOAT)
        weight = tf.exp(-apart / (2 * deviation**2)) * trust(colour)
        weight *= tf.cast(centre >= 0, _FLOAT)[..., None]
        return number + 1, total + weight * colour, count + weight

    _, total, count = tf.while_loop(lambda number, *_: number < PATCH**2, hear, begin)
    return total / count
