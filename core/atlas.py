"""Lay several style pictures out in one, so that a patch of any of them has one number.

An atlas has the styles one below the other, each with a mirrored border as wide as a patch's radius. The
place of a patch is the number of its central pixel, row by row: `row * width + column`, int32.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from core.backbone import Tensor

RADIUS = 3  # px; patches are 7 x 7
PATCH = 2 * RADIUS + 1


def mirrored(picture: Tensor) -> Tensor:
    """A picture (1, H, W, C) with `RADIUS` px more on each side, as if mirrored."""
    border = ((0, 0), (RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0))
    return tf.pad(picture, border, "REFLECT")


@dataclass(frozen=True)
class Atlas:
    """Style pictures of one scale. Made by `lay_out`.

    Attributes:
        picture: (rows * width, 3) float32, the pixels of all styles with their borders, levels of 0..255.
        width: px, of a row.
        tops: (styles,) int32, the first row of each style, its border not counted.
        sizes: (styles, 2) int32, height and width of each style, px.
        valid: (rows * width,) bool, whether a place is a style's own pixel: the centre of a whole patch.
    """

    picture: Tensor
    width: int
    tops: Tensor
    sizes: Tensor
    valid: Tensor

    @property
    def rows(self) -> int:
        return int(self.valid.shape[0]) // self.width

    def field(self, channels: Sequence[Tensor]) -> Tensor:
        """One table (rows * width, C) of the styles' fields, (H, W, C) each; 0 between them."""
        laid = [
            tf.pad(known, ((RADIUS, RADIUS), (RADIUS, self.width - RADIUS - known.shape[1]), (0, 0)))
            for known in channels
        ]
        return tf.reshape(tf.concat(laid, 0), (self.rows * self.width, -1))

    def some_places(self, most: int, shares: Sequence[float], seed: int) -> Tensor:
        """At most so many places at random, int32 and ascending, each style having its share."""
        chosen = []
        random = np.random.default_rng(seed)
        for top, (height, width), share in zip(self.tops.numpy(), self.sizes.numpy(), shares, strict=True):
            count, wanted = int(height * width), max(1, round(most * share))
            own = (
                np.arange(count) if count <= wanted else np.sort(random.choice(count, wanted, replace=False))
            )
            chosen.append((top + own // width) * self.width + RADIUS + own % width)
        return tf.constant(np.concatenate(chosen), tf.int32)

    def carry(self, places: Tensor, smaller: "Atlas", height: int, width: int) -> Tensor:
        """Places (h, w) in an atlas of smaller pictures as places (height, width) in this one.

        Each pixel takes over its coarser pixel's place, moved on by what it lies beside it.
        """
        rows, down = _coarser(places.shape[0], height)
        columns, right = _coarser(places.shape[1], width)
        coarse = tf.gather(tf.gather(places, rows, axis=0), columns, axis=1)
        row, column = coarse // smaller.width, coarse % smaller.width - RADIUS
        style = tf.searchsorted(smaller.tops, tf.reshape(row, (-1,)), side="right") - 1
        style = tf.reshape(style, row.shape)
        size, before = tf.gather(self.sizes, style), tf.gather(smaller.sizes, style)
        ratio = tf.cast(size, tf.float32) / tf.cast(before, tf.float32)
        inside = tf.stack([row - tf.gather(smaller.tops, style), column], -1)
        offset = tf.stack(
            [tf.repeat(down[:, None], width, axis=1), tf.repeat(right[None], height, axis=0)], -1
        )
        moved = tf.cast(tf.cast(inside, tf.float32) * ratio + offset, tf.int32)
        moved = tf.clip_by_value(moved, 0, size - 1)
        return (tf.gather(self.tops, style) + moved[..., 0]) * self.width + RADIUS + moved[..., 1]


def lay_out(styles: Sequence[Tensor]) -> Atlas:
    """The atlas of styles (1, H, W, 3) float32 on the scale 0..255, each side above `RADIUS` px."""
    width = max(style.shape[2] for style in styles) + 2 * RADIUS
    laid, valid, tops, row = [], [], [], 0
    for style in styles:
        bordered = mirrored(style)[0]
        missing = width - bordered.shape[1]
        laid.append(tf.pad(bordered, ((0, 0), (0, missing), (0, 0))))
        own = tf.ones(style.shape[1:3], tf.bool)
        valid.append(tf.pad(own, ((RADIUS, RADIUS), (RADIUS, RADIUS + missing))))
        tops.append(row + RADIUS)
        row += bordered.shape[0]
    return Atlas(
        picture=tf.reshape(tf.concat(laid, 0), (-1, 3)),
        width=width,
        tops=tf.constant(tops, tf.int32),
        sizes=tf.constant([style.shape[1:3] for style in styles], tf.int32),
        valid=tf.reshape(tf.concat(valid, 0), (-1,)),
    )


def _coarser(coarse: int, fine: int) -> tuple[Tensor, Tensor]:
    """For each of `fine` pixels its one of `coarse`, int32, and how many fine pixels it lies beyond that."""
    numbers = np.arange(fine)
    own = np.minimum(numbers * coarse // fine, coarse - 1)
    beyond = numbers - own * fine / coarse
    return tf.constant(own, tf.int32), tf.constant(beyond, tf.float32)
