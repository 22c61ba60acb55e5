"""Estimate how much longer a painting will take."""

import math
from typing import NamedTuple

from core.recipe import Recipe, Strength

_LATEST = 0.5  # weight of the latest painting in the mean
_TRUSTED = 1 / 3  # share from which on only the painting's own speed counts


class _Kind(NamedTuple):
    """What a painting's cost depends on, next to its size."""

    strength: Strength
    steps: int | None
    styles: int
    keep_colours: bool
    sketch: bool = False

    def may_stand_for(self, other: "_Kind") -> bool:
        """Classic costs many times what the others do, sketches a fraction; the steps may be any number."""
        classic = Strength.CLASSIC
        return (
            self.steps == other.steps
            and self.sketch == other.sketch
            and (self.strength is classic) == (other.strength is classic)
        )

    def differences(self, other: "_Kind") -> int:
        return sum(mine != theirs for mine, theirs in zip(self, other, strict=True))


class Pace:
    """What paintings cost here. Kept from one to the next, so that first estimates are right too."""

    def __init__(self) -> None:
        self._per_pixel: dict[tuple[_Kind, int], float] = {}  # seconds, by kind and size: log2 of the pixels

    def follow(self, recipe: Recipe, height: int, width: int, styles: int) -> "Estimate":
        """Begin a painting of `height` x `width` px in so many styles."""
        kind = _Kind(recipe.strength, recipe.steps, styles, recipe.keep_colours, recipe.sketch)
        return Estimate(self, kind, height * width)

    def learn(self, kind: _Kind, pixels: int, seconds: float) -> None:
        """A painting took so long."""
        key, now = (kind, _octave(pixels)), seconds / pixels
        before = self._per_pixel.get(key, now)
        self._per_pixel[key] = before + _LATEST * (now - before)

    def expect(self, kind: _Kind, pixels: int) -> float | None:
        """Seconds of a painting, from the most similar one; None where there was none like it."""
        octave = _octave(pixels)
        similar = [key for key in self._per_pixel if key[0].may_stand_for(kind)]
        if not similar:
            return None
        nearest = min(similar, key=lambda key: (key[0].differences(kind), abs(key[1] - octave)))
        return self._per_pixel[nearest] * pixels


class Estimate:
    """The time left of one painting, from step to step."""

    def __init__(self, pace: Pace, kind: _Kind, pixels: int) -> None:
        self._pace = pace
        self._kind = kind
        self._pixels = pixels
        self._expected = pace.expect(kind, pixels)
        self._first: tuple[float, float] | None = None  # share and seconds of the first step

    def after(self, share: float, seconds: float) -> float:
        """Seconds left when this share of the cost is done, `seconds` after the beginning."""
        measured = self._whole(share, seconds)
        if share >= 1:
            self._pace.learn(self._kind, self._pixels, measured)
            return 0.0
        if self._expected is None:
            return (1 - share) * measured
        trust = min(1.0, share / _TRUSTED)
        return (1 - share) * (trust * measured + (1 - trust) * self._expected)

    def _whole(self, share: float, seconds: float) -> float:
        """Seconds that all of it takes at the speed so far, but for the preparations in the first step."""
        if self._first is None:
            self._first = share, seconds
        first_share, first_seconds = self._first
        if share > first_share:
            return (seconds - first_seconds) / (share - first_share)
        return seconds / share


def _octave(pixels: int) -> int:
    return round(math.log2(pixels))
