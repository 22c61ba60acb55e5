"""Patchwork: lay a photo anew from the style's own patches, coarse to fine.

At each scale some rounds of search, spread and vote (`core.patches`), after Kwatra et al. 2005, "Texture
Optimization for Example-based Synthesis", with the completeness of Granot et al. 2022, "Drop the GAN". What
guides the search stands in `core.guide`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import tensorflow as tf

from core import guide, patches
from core.atlas import Atlas, lay_out
from core.backbone import Tensor
from core.guide import Semantics
from core.plan import KEYS, Scale
from core.recipe import Manner
from core.subject import Subject

_ALPHA = 5.0  # squared levels; how uneven the style's patches may be used: less is more even
_PREFERENCE = 0.8  # of a neighbour's match, in spreading
_PASSES = 2  # of spreading, in each round
_DEVIATION = 1.5  # px, of the vote
_TOLERANCE = 20.0  # levels; of the last vote of the last scale, the others are plain means
_SAMPLE = 6000  # queries from which the keys' distances are estimated
_MOST_DETAIL = 2.0  # times the mean; more does not weigh more
_HALO = 16  # rows; further than a strip's pixels see


@dataclass(frozen=True)
class Laid:
    """A scale that is done: its picture (1, H, W, 3), the places (H, W) it was laid from, and their atlas."""

    picture: Tensor
    places: Tensor
    atlas: Atlas


class Patchwork:
    """Lays the patches of one scale. Iterate over `rounds`, then take `laid`."""

    def __init__(
        self, scale: Scale, photo: Tensor, subject: Subject, manner: Manner, semantics: Semantics, seed: int
    ) -> None:
        """Prepare the guide and the keys; photo: (1, H, W, 3), the subject's at the scale's size."""
        self._scale = scale
        self._shares = subject.shares
        self._seed = seed
        self.laid: Laid | None = None
        styles = subject.styles_at(scale.side * manner.style_scale)
        self._atlas = lay_out(styles)
        self._axes = patches.find_axes(styles, seed)
        self._wanted = guide.shading(guide.equalised(photo, *subject.shades), manner.guide)
        of_styles = [guide.shading(style, manner.guide) for style in styles]
        if scale.exact:  # at larger ones it has been settled what things are
            also_wanted, also_of_styles = semantics.channels(photo, styles, manner.semantic)
            self._wanted = tf.concat([self._wanted, also_wanted], -1)
            of_styles = [tf.concat(both, -1) for both in zip(of_styles, also_of_styles, strict=True)]
        described = [patches.describe(style, self._axes) for style in styles]
        self._table = self._atlas.field(
            [tf.concat(both, -1) for both in zip(described, of_styles, strict=True)]
        )
        detail = guide.detail(photo)[0]
        self._weight = 1 + manner.detail * tf.clip_by_value(detail - 1, 0.0, _MOST_DETAIL)
        self._calm = detail[..., 0] < manner.calm

    def rounds(self, picture: Tensor, before: Laid | None) -> Iterator[Tensor]:
        """Lay it, from a picture of this size: yield the picture as it stands after each step.

        before: the scale before, for a scale that does not search.
        """
        last = self._scale.final and not self._scale.steps
        for number in range(self._scale.rounds):
            tolerance = _TOLERANCE if last and number == self._scale.rounds - 1 else 0.0
            if self._scale.exact:
                places = tf.zeros((0,), tf.int32)
                for places in self._searched(picture, number):
                    if len(places.shape) == 1:
                        yield picture
                picture = self._laid(picture, places, tolerance)
            else:
                assert before is not None  # the coarsest scale is exact  # noqa: S101
                places = self._atlas.carry(before.places, before.atlas, self._scale.height, self._scale.width)
                parts = []
                for top, bottom in self._strips():
                    parts.append(self._strip(picture, places, top, bottom, tolerance))
                    if bottom < self._scale.height:
                        yield tf.concat([*parts, picture[:, bottom:]], 1)
                picture = tf.concat(parts, 1)
            yield picture

    def once_more(self, picture: Tensor) -> Tensor:
        """Lay a refined picture of this scale once more, from where its patches were found before."""
        assert self.laid is not None  # noqa: S101
        return self._laid(picture, self.laid.places, _TOLERANCE)

    def _searched(self, picture: Tensor, number: int) -> Iterator[Tensor]:
        """What has been found so far, (n,), after each step but the last; then all places, (H, W)."""
        stride = self._scale.stride
        described = patches.describe(picture, self._axes)
        queries, wanted, weight = (
            _rows(field[::stride, ::stride]) for field in (described, self._wanted, self._weight)
        )
        calm = tf.reshape(self._calm[::stride, ::stride], (-1,))
        places = self._atlas.some_places(KEYS, self._shares, self._seed)
        keys = patches.as_keys(tf.gather(self._table, places))
        count = queries.shape[0]
        some = tf.random.experimental.stateless_shuffle(tf.range(count), seed=(self._seed, number))[:_SAMPLE]
        nearest = patches.distance_to_nearest_query(
            tf.gather(queries, some), tf.gather(wanted, some), tf.gather(weight, some), keys
        )
        complete, plain = 1 / (_ALPHA + nearest), tf.ones_like(nearest)
        parts = []
        size = -(-count // self._scale.searches)
        for start in range(0, count, size):
            part = slice(start, min(start + size, count))
            groups = [tf.reshape(tf.where(calm[part] == is_calm), (-1,)) for is_calm in (False, True)]
            matches = [
                patches.search(
                    tf.gather(queries[part], group),
                    tf.gather(wanted[part], group),
                    tf.gather(weight[part], group),
                    keys,
                    factor,
                )
                for group, factor in zip(groups, (complete, plain), strict=True)
            ]
            groups = [tf.cast(group, tf.int32) for group in groups]
            parts.append(tf.gather(places, tf.dynamic_stitch(groups, matches)))
            if part.stop < count:
                yield parts[-1]
        height, width = -(-self._scale.height // stride), -(-self._scale.width // stride)
        yield self._filled_in(tf.reshape(tf.concat(parts, 0), (height, width)))

    def _filled_in(self, places: Tensor) -> Tensor:
        """Places for the pixels between those that were searched for, which move their neighbours' on."""
        stride, height, width = self._scale.stride, self._scale.height, self._scale.width
        if stride == 1:
            return places
        places = tf.repeat(tf.repeat(places, stride, 0), stride, 1)[:height, :width]
        moved = places + (tf.range(height) % stride)[:, None] * self._atlas.width + tf.range(width) % stride
        moved = tf.minimum(moved, self._atlas.valid.shape[0] - 1)
        return tf.where(tf.gather(self._atlas.valid, moved), moved, places)

    def _laid(self, picture: Tensor, places: Tensor, tolerance: float) -> Tensor:
        picture, places = self._spread_and_vote(picture, places, self._wanted, tolerance)
        self.laid = Laid(picture, places, self._atlas)
        return picture

    def _strips(self) -> Iterator[tuple[int, int]]:
        count, height = self._scale.strips, self._scale.height
        for number in range(count):
            yield number * height // count, (number + 1) * height // count

    def _strip(self, picture: Tensor, places: Tensor, top: int, bottom: int, tolerance: float) -> Tensor:
        """Rows top to bottom, with as many rows around as they depend on, so that strips do not show."""
        first, last = max(0, top - _HALO), min(self._scale.height, bottom + _HALO)
        laid, better = self._spread_and_vote(
            picture[:, first:last], places[first:last], self._wanted[first:last], tolerance
        )
        own = slice(top - first, bottom - first)
        kept = [self.laid.places] if top and self.laid is not None else []
        self.laid = Laid(picture, tf.concat([*kept, better[own]], 0), self._atlas)
        return laid[:, own]

    def _spread_and_vote(
        self, picture: Tensor, places: Tensor, wanted: Tensor, tolerance: float
    ) -> tuple[Tensor, Tensor]:
        queries = tf.concat([patches.describe(picture, self._axes), wanted], -1)
        atlas = self._atlas
        for _ in range(_PASSES):
            places = patches.spread(places, queries, self._table, atlas.valid, atlas.width, _PREFERENCE)
        return patches.vote(places, atlas.picture, atlas.width, _DEVIATION, tolerance), places


def _rows(field: Tensor) -> Tensor:
    return tf.reshape(field, (-1, field.shape[-1]))
