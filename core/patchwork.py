"""Patchwork: lay a photo anew from the style's own patches, coarse to fine.

At each scale some rounds of search, spread and vote (`core.patches`), after Kwatra et al. 2005, "Texture
Optimization for Example-based Synthesis", with the completeness of Granot et al. 2022, "Drop the GAN". What
guides the search stands in `core.guide`.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import tensorflow as tf

from core import guide, patches
from core.atlas import Atlas, lay_out
from core.backbone import Tensor
from core.guide import Semantics
from core.plan import Scale
from core.pyramid import shrink
from core.recipe import Manner
from core.subject import Subject

_ALPHA = 5.0  # squared levels; how uneven the style's patches may be used: less is more even
_PREFERENCE = 0.8  # of a neighbour's match, in spreading
_PASSES = 2  # of spreading, in each round
_DEVIATION = 1.5  # px, of the vote
_TOLERANCE = 20.0  # levels; of the last vote of the last scale, the others are plain means
_SAMPLE = 6000  # queries from which the keys' distances are estimated
_HALO = 16  # rows; further than a strip's pixels see


@dataclass(frozen=True)
class Laid:
    """A scale that is done: its picture (1, H, W, 3), the places (H, W) it was laid from, and their atlas."""

    picture: Tensor
    places: Tensor
    atlas: Atlas


class Ground:
    """What is known of a photo and its styles at one scale, whatever the dials but the style's scale.

    Attributes:
        photo: (1, H, W, 3), at the scale's size; equalised: the same in the styles' shades.
        styles: (1, h, w, 3) each; atlas: all of them.
        axes, described: the styles' patches, see `core.patches`; (h, w, D) each.
        compared: features of both, at an exact scale.
        detail: (1, H, W, 1), that of the photo: see `guide.detail`.
        shares: of each style, 1 in all.
    """

    def __init__(
        self, scale: Scale, subject: Subject, style_scale: float, semantics: Semantics, seed: int
    ) -> None:
        self.photo = shrink(subject.photo, scale.height, scale.width)
        self.styles = subject.styles_at(scale.side * style_scale)
        self.shares = subject.shares
        self.atlas = lay_out(self.styles)
        self.axes = patches.find_axes(self.styles, seed)
        self.equalised = guide.equalised(self.photo, *subject.shades)
        # At larger scales it has been settled what things are.
        self.compared = semantics.compare(self.photo, self.styles) if scale.exact else None
        self.described = [patches.describe(style, self.axes) for style in self.styles]
        self.detail = guide.detail(self.photo)


class Patchwork:
    """Lays the patches of one scale. Iterate over `rounds`, then take `laid`.

    Attributes:
        detail: (1, H, W, 1), that of the photo: see `guide.detail`.
        laid: what the latest round has come to; None before the first.
    """

    def __init__(self, scale: Scale, ground: Ground, manner: Manner, seed: int) -> None:
        """Prepare the guide and the keys."""
        self._scale = scale
        self._seed = seed
        self.laid: Laid | None = None
        self._atlas, self._axes, self.detail = ground.atlas, ground.axes, ground.detail
        self._wanted = guide.shading(ground.equalised, manner.guide)
        of_styles = [guide.shading(style, manner.guide) for style in ground.styles]
        if ground.compared:
            also_wanted, also_of_styles = ground.compared.channels(manner.semantic)
            self._wanted = tf.concat([self._wanted, also_wanted], -1)
            of_styles = [tf.concat(both, -1) for both in zip(of_styles, also_of_styles, strict=True)]
        self._table = self._atlas.field(
            [tf.concat(both, -1) for both in zip(ground.described, of_styles, strict=True)]
        )
        if scale.exact:
            self._weight = 1 + manner.detail * guide.fineness(self.detail)[0]
            self._calm = self.detail[0, ..., 0] < manner.calm
            self._key_places = self._atlas.some_places(scale.keys, ground.shares, seed)
            self._keys = patches.as_keys(tf.gather(self._table, self._key_places))

    def rounds(self, picture: Tensor, before: Laid | None) -> Iterator[Tensor]:
        """Lay it, from a picture of this size: yield the picture as it stands after each step.

        before: the scale before, for a scale that does not search.
        """
        last = self._scale.final and not self._scale.steps
        for number in range(self._scale.rounds):
            if before is None or self._scale.exact:
                places = yield from self._searched(picture, number)
            else:
                places = self._atlas.carry(before.places, before.atlas, self._scale.height, self._scale.width)
            sharp = last and number == self._scale.rounds - 1
            yield from self._spread_and_vote(picture, places, _TOLERANCE if sharp else 0.0)
            assert self.laid is not None  # now it is  # noqa: S101
            picture = self.laid.picture

    def once_more(self, picture: Tensor) -> Iterator[Tensor]:
        """Lay a refined picture of this scale once more, from where its patches were found before."""
        assert self.laid is not None  # noqa: S101
        yield from self._spread_and_vote(picture, self.laid.places, _TOLERANCE)

    def _searched(self, picture: Tensor, number: int) -> Generator[Tensor, None, Tensor]:
        """Find the places (H, W) of a picture's patches: yield the picture after each part but the last."""
        stride = self._scale.stride
        described = patches.describe(picture, self._axes)
        queries, wanted, weight = (
            _rows(field[::stride, ::stride]) for field in (described, self._wanted, self._weight)
        )
        calm = tf.reshape(self._calm[::stride, ::stride], (-1,))
        count = queries.shape[0]
        some = tf.random.experimental.stateless_shuffle(tf.range(count), seed=(self._seed, number))[:_SAMPLE]
        nearest = patches.distance_to_nearest_query(
            tf.gather(queries, some), tf.gather(wanted, some), tf.gather(weight, some), self._keys
        )
        complete, plain = 1 / (_ALPHA + nearest), tf.ones_like(nearest)
        found = []
        for part_number in range(self._scale.searches):
            bounds = (count * end // self._scale.searches for end in (part_number, part_number + 1))
            part = slice(*bounds)
            groups = [tf.where(calm[part] == is_calm)[:, 0] for is_calm in (False, True)]
            matches = [
                patches.search(
                    tf.gather(queries[part], group),
                    tf.gather(wanted[part], group),
                    tf.gather(weight[part], group),
                    self._keys,
                    factor,
                )
                for group, factor in zip(groups, (complete, plain), strict=True)
            ]
            groups = [tf.cast(group, tf.int32) for group in groups]
            found.append(tf.gather(self._key_places, tf.dynamic_stitch(groups, matches)))
            if part.stop < count:
                yield picture
        height, width = -(-self._scale.height // stride), -(-self._scale.width // stride)
        return self._filled_in(tf.reshape(tf.concat(found, 0), (height, width)))

    def _filled_in(self, places: Tensor) -> Tensor:
        """Places for the pixels between those that were searched for, which move their neighbours' on."""
        stride, height, width = self._scale.stride, self._scale.height, self._scale.width
        if stride == 1:
            return places
        places = tf.repeat(tf.repeat(places, stride, 0), stride, 1)[:height, :width]
        moved = places + (tf.range(height) % stride)[:, None] * self._atlas.width + tf.range(width) % stride
        moved = tf.minimum(moved, self._atlas.valid.shape[0] - 1)
        return tf.where(tf.gather(self._atlas.valid, moved), moved, places)

    def _spread_and_vote(self, picture: Tensor, places: Tensor, tolerance: float) -> Iterator[Tensor]:
        """Lay a picture from better places, strip by strip: yield it after each.

        Each strip is laid with as many rows around it as it depends on, so that no seams show.
        """
        count, height = self._scale.strips, self._scale.height
        laid, better = [], []
        for number in range(count):
            top, bottom = number * height // count, (number + 1) * height // count
            seen = slice(max(0, top - _HALO), min(height, bottom + _HALO))
            own = slice(top - seen.start, bottom - seen.start)
            described = patches.describe(picture[:, seen], self._axes)
            queries = tf.concat([described, self._wanted[seen]], -1)
            atlas, offered = self._atlas, places[seen]
            for _ in range(_PASSES):
                offered = patches.spread(offered, queries, self._table, atlas.valid, atlas.width, _PREFERENCE)
            voted = patches.vote(offered, atlas.picture, atlas.width, _DEVIATION, tolerance)
            laid.append(voted[:, own])
            better.append(offered[own])
            if number == count - 1:
                self.laid = Laid(tf.concat(laid, 1), tf.concat(better, 0), atlas)
                yield self.laid.picture
            else:
                yield tf.concat([*laid, picture[:, bottom:]], 1)


def _rows(field: Tensor) -> Tensor:
    return tf.reshape(field, (-1, field.shape[-1]))
