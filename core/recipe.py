"""The recipe: every number a painting needs, and the table of strengths."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

MOST = 2048  # px; the longest side that is painted
DEFAULT_SIZE = 1024
MOST_STYLES = 4  # pictures of one painting


class Strength(StrEnum):
    """How far towards the style, from a tint of it to nearly nothing but it; classic is the article's own."""

    LIGHT = "light"
    BALANCED = "balanced"
    STRONG = "strong"
    WILD = "wild"
    CLASSIC = "classic"


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
    """Coarse to fine, Adam on the bands of a Laplacian pyramid, from the photo in the style's colours.

    The weights are relative to a style loss that is 1 where nothing of the style is there (see `losses`).
    """

    coarse_steps: int  # at about 128 px, all five style layers
    middle_steps: int  # at about 256 px, likewise
    fine_steps: int  # at each larger size, shallow layers only
    rate: float  # Adam's, in levels of 0..255, at the first step of each size
    detail: float  # share of the start's own detail that is added on going up a size
    content_weight: float
    neighbour_weight: float
    smoothness: float  # weight of the total variation, in squared levels / 10 000
    style_scale: float = 2.0  # the style picture's size over the content's, bounded by its own resolution


# Found by experiment on tests/bench/quality.py's pairs, and judged by eye.
MANNERS: Mapping[Strength, Manner | Article] = {
    Strength.LIGHT: Manner(15, 8, 5, 1.3, 1.0, 0.2, 0.5, 1.0),
    Strength.BALANCED: Manner(20, 12, 6, 2.5, 1.0, 0.05, 1.0, 1.0),
    Strength.STRONG: Manner(25, 14, 8, 3.0, 0.9, 0.03, 2.0, 1.5),
    Strength.WILD: Manner(40, 20, 16, 3.5, 0.8, 0.005, 2.0, 1.5),
    Strength.CLASSIC: Article(),
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
        return MANNERS[self.strength]

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
