"""The recipe: every number a painting needs, and the table of strengths."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

MOST = 2048  # px; the longest side that is painted
DEFAULT_SIZE = 1024
MOST_STYLES = 4  # pictures of one painting
_STYLE_SCALE = 1.2


class Strength(StrEnum):
    """How far towards the style, from a tint of it to nearly nothing but it; classic is the article's own."""

    LIGHT = "light"
    BALANCED = "balanced"
    STRONG = "strong"
    WILD = "wild"
    CLASSIC = "classic"


SCALE = (Strength.LIGHT, Strength.BALANCED, Strength.STRONG, Strength.WILD)
"""From the lightest to the strongest. Classic is a recipe of its own, neither lighter nor stronger."""


@dataclass(frozen=True)
class Article:
    """Gatys et al. 2016 as the article's program has it: Adam on the pixels, starting from the content."""

    steps: int = 100
    rate: float = 2.0  # levels of 0..255
    beta1: float = 0.99
    beta2: float = 0.999
    epsilon: float = 0.1
    style_weight: float = 0.01
    content_weight: float = 1000.0


@dataclass(frozen=True)
class Manner:
    """Patchwork, coarse to fine, and refinement: the dials of one strength.

    All of them are relative to the pictures at hand: the guide's to levels of 0..255, the weights of losses
    to losses that are 1 where nothing has been done.
    """

    guide: float  # weight of the photo's light and shade beside a patch's own colours
    semantic: float  # levels; weight of the network's features, each of deviation 1, in the guide
    keep: float  # share of the photo that each scale begins with where it has fine detail: eyes, letters
    content_weight: float  # of the refinement
    detail: float = 3.0  # how much more the guide weighs there
    care: float = 2.0  # how much more content counts there, in the refinement
    calm: float = 0.5  # where it has less detail than this share of its mean, the plainest patch will do
    style_scale: float = _STYLE_SCALE  # the style's side over the photo's, bounded by its own resolution
    keys: int = 12_000  # style patches that are compared with, at most, at each scale
    largest: int = MOST  # px; the longest side of the largest scale
    rounds: tuple[int, ...] = (6, 4, 3, 2)  # at each searched scale; the last for all that follow
    neighbour_weight: float = 3.0
    gram_weight: float = 0.1
    middle_steps: int = 12  # of the refinement, at about 256 px
    fine_steps: int = 3  # ... and at about 512 px


# Found by experiment on the pairs of tests/bench/quality.py and others, and judged by eye.
MANNERS: Mapping[Strength, Manner | Article] = {
    Strength.LIGHT: Manner(guide=0.4, semantic=15.0, keep=0.7, content_weight=0.1, style_scale=1.3),
    Strength.BALANCED: Manner(guide=0.2, semantic=18.0, keep=0.5, content_weight=0.05),
    Strength.STRONG: Manner(guide=0.1, semantic=12.0, keep=0.35, content_weight=0.02),
    Strength.WILD: Manner(
        guide=0.04, semantic=11.0, keep=0.05, content_weight=0.01, detail=0.5, care=0.0, calm=0.3
    ),
    Strength.CLASSIC: Article(),
}


_SKETCHED: Mapping[str, Any] = {
    "keys": 2500,
    "largest": 192,
    "rounds": (4, 3, 2),
    "middle_steps": 0,
    "fine_steps": 0,
    "style_scale": _STYLE_SCALE,  # the same for all, so that they share what is found in the style
}


@dataclass(frozen=True)
class Recipe:
    """What one painting is to be. Everything else follows from it and the pictures."""

    strength: Strength = Strength.BALANCED
    size: int = DEFAULT_SIZE  # px, longest side of the result
    enlarge: bool = False  # may the result be larger than the photo?
    steps: int | None = None  # the optimisation's, instead of the strength's own number
    keep_colours: bool = False  # paint luminance only
    mix: tuple[float, ...] | None = None  # weights of several styles, in their order; None: equal
    seed: int = 0
    sketch: bool = False  # a quick one, small and enlarged, that shows what to expect

    def __post_init__(self) -> None:
        if not 16 <= self.size <= MOST:
            raise ValueError(f"size must be between 16 and {MOST} px, not {self.size}")
        if self.steps is not None and self.steps < 1:
            raise ValueError(f"steps must be at least 1, not {self.steps}")
        if self.mix is not None:
            if not 1 <= len(self.mix) <= MOST_STYLES:
                raise ValueError(f"a mix is of 1 to {MOST_STYLES} styles, not of {len(self.mix)}")
            if not all(math.isfinite(weight) and weight > 0 for weight in self.mix):
                raise ValueError(f"the weights of a mix must be above 0 and finite, not {self.mix}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"seed must be between 0 and 2^63, not {self.seed}")

    @property
    def manner(self) -> Manner | Article:
        """The dials of the strength; of a sketch, those of a small painting. Classic has no sketches."""
        manner = MANNERS[self.strength]
        return replace(manner, **_SKETCHED) if self.sketch and isinstance(manner, Manner) else manner

    def mix_for(self, styles: int) -> tuple[float, ...]:
        """The weight of each of so many styles, 1 in all.

        Raises ValueError if the mix is of another number.
        """
        if not 1 <= styles <= MOST_STYLES:
            raise ValueError(f"a painting has 1 to {MOST_STYLES} styles, not {styles}")
        mix = self.mix or (1.0,) * styles
        if len(mix) != styles:
            raise ValueError(f"a mix of {len(mix)} is none of {styles} styles")
        relative = [weight / max(mix) for weight in mix]  # which sum to no infinity
        return tuple(weight / sum(relative) for weight in relative)

    def with_size(self, size: int) -> Self:
        return replace(self, size=size)

    def to_json(self) -> dict[str, Any]:
        """As plain values; `from_json` takes them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What earlier versions knew and this one does not is left out."""
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        if known.get("mix") is not None:
            known["mix"] = tuple(float(weight) for weight in known["mix"])
        return cls(**{**known, "strength": Strength(values["strength"])})
