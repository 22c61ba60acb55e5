"""The plan of a painting: its size, the sizes on the way there, and what each step will cost."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from core.recipe import Manner, Recipe

NARROWEST = 16  # px; the shortest side that leaves the network something to see

_EXACT = 420_000  # px; up to this area matches are searched among all keys, above they are carried up
_COARSEST = 48  # px; the longest side of the coarsest scale is at least this ...
_THINNEST = 16  # ... and its shortest this
_EVERY_PIXEL = 20_000  # px; up to this area a match is searched for each pixel, above for every second one
_REFINED = 16_000  # px; smaller scales are not refined, unless the result itself is one
_MIDDLE = 100_000  # px; up to this area a scale gets the middle steps of refinement, above the fine ones
_STRIP = 150_000  # px; what is spread and voted in one step
_COMPARISONS = 400_000_000  # of queries with keys, in one step of a search

# Seconds on two processor cores with bfloat16, measured; only their proportions matter.
_COST_SCALE = 0.12  # whatever the size
_COST_ROUND = 0.03  # likewise
_COST_GUIDE = 1.4e-6  # per pixel
_COST_CARRYING = 0.4e-6  # per pixel, in place of the search and most of the guide
_COST_COMPARISON = 0.3e-9
_COST_VOTE = 1.2e-6  # per pixel, spreading included
_COST_REFINEMENT = 1.7e-6  # per pixel and step


@dataclass(frozen=True)
class Scale:
    """One size of the picture on the way to the final one.

    `rounds` of search, spread and vote come first, then `steps` of refinement; after these a `final` scale,
    which no other follows, is spread and voted once more. An `exact` scale compares each `stride`-th pixel in
    both directions with the keys, `keys` at most; others start from the matches of the scale before.
    """

    height: int
    width: int
    rounds: int
    steps: int
    exact: bool
    final: bool
    keys: int

    @property
    def area(self) -> int:
        return self.height * self.width

    @property
    def side(self) -> float:
        """The side of a square of this area, px."""
        return math.sqrt(self.area)

    @property
    def is_middle(self) -> bool:
        """Whether its steps of refinement are the middle ones."""
        return self.area <= _MIDDLE

    @property
    def stride(self) -> int:
        return 1 if self.area <= _EVERY_PIXEL else 2

    @property
    def queries(self) -> int:
        return -(-self.height // self.stride) * -(-self.width // self.stride)

    @property
    def searches(self) -> int:
        """Parts in which a round's search is done; the last of them goes together with the first strip."""
        return max(1, math.ceil(self.queries * self.keys / _COMPARISONS)) if self.exact else 1

    @property
    def strips(self) -> int:
        """Parts in which a round is spread and voted."""
        return max(1, math.ceil(self.area / _STRIP))

    def costs(self) -> Iterator[float]:
        """What each step costs, in their order."""
        preparing = _COST_SCALE + self.area * (_COST_GUIDE if self.exact else _COST_CARRYING)
        search = _COST_COMPARISON * self.queries * self.keys / self.searches if self.exact else 0.0
        vote = _COST_VOTE * self.area / self.strips
        for number in range(self.rounds):
            steps = [search] * self.searches + [0.0] * (self.strips - 1)
            for strip in range(self.strips):
                steps[self.searches - 1 + strip] += vote
            steps[0] += _COST_ROUND + (preparing if number == 0 else 0.0)
            yield from steps
        for number in range(self.steps):
            yield _COST_REFINEMENT * self.area * (2 if number == 0 else 1)
        if self.final and self.steps:
            yield from [_COST_VOTE * self.area / self.strips] * self.strips


def final_size(height: int, width: int, recipe: Recipe) -> tuple[int, int]:
    """Height and width of the result for a photo of the given ones; the aspect ratio stays."""
    scale = recipe.size / max(height, width)
    if not recipe.enlarge:
        scale = min(scale, 1)
    return max(1, round(height * scale)), max(1, round(width * scale))


def plan(height: int, width: int, manner: Manner, steps: int | None = None) -> list[Scale]:
    """The scales up to (height, width), coarsest first, each half the next; `steps` in all, if given."""
    factor = min(1.0, max(manner.largest / max(height, width), NARROWEST / min(height, width)))
    sizes = [(round(height * factor), round(width * factor))]
    while max(sizes[0]) >= 2 * _COARSEST and min(sizes[0]) >= 2 * _THINNEST:
        sizes.insert(0, (round(sizes[0][0] / 2), round(sizes[0][1] / 2)))
    counts = [_steps(h * w, manner, final=(h, w) == sizes[-1]) for h, w in sizes]
    if steps is not None:
        counts = _in_all(counts, steps)
    scales = []
    for number, ((h, w), count) in enumerate(zip(sizes, counts, strict=True)):
        exact = number == 0 or h * w <= _EXACT
        rounds = manner.rounds[min(number, len(manner.rounds) - 1)] if exact else 1
        scales.append(Scale(h, w, rounds, count, exact, number == len(sizes) - 1, manner.keys))
    return scales


def _steps(area: int, manner: Manner, *, final: bool) -> int:
    if area > _EXACT or (area <= _REFINED and not final):
        return 0
    return manner.middle_steps if area <= _MIDDLE else manner.fine_steps


def _in_all(counts: list[int], steps: int) -> list[int]:
    """The same in proportion, `steps` in all; at the last scale where there were none."""
    own = sum(counts)
    if not own:
        return [*counts[:-1], steps]
    shared, before = [], 0
    for count in counts:
        after = before + count
        shared.append(round(steps * after / own) - round(steps * before / own))
        before = after
    return shared
