"""The plan of a painting: its size, the sizes on the way there, and the memory it will take."""

import math
from dataclasses import dataclass, replace
from enum import Enum

from core.recipe import Manner, Recipe

_COARSEST = 100  # px; the longest side of the coarsest size is at least this ...
NARROWEST = 16  # px; the shortest side that leaves the deepest layer something to see
_THINNEST = 32  # px; ... and its shortest this, for the deepest layer to see two positions


class Depth(Enum):
    """Which of the article's five style layers are compared; deeper ones at small sizes only."""

    ALL = 5
    THREE = 3
    TWO = 2


@dataclass(frozen=True)
class Scale:
    """One size of the picture on the way to the final one."""

    height: int
    width: int
    depth: Depth
    steps: int

    @property
    def side(self) -> float:
        """The side of a square of this area, px."""
        return math.sqrt(self.height * self.width)


def final_size(height: int, width: int, recipe: Recipe) -> tuple[int, int]:
    """Height and width of the result for a photo of the given ones; the aspect ratio stays."""
    scale = recipe.size / max(height, width)
    if not recipe.enlarge:
        scale = min(scale, 1)
    return max(1, round(height * scale)), max(1, round(width * scale))


def plan(height: int, width: int, manner: Manner, steps: int | None = None) -> list[Scale]:
    """The scales up to (height, width), coarsest first, each half the next; `steps` in all, if given."""
    sizes = [(height, width)]
    while max(sizes[0]) >= 2 * _COARSEST and min(sizes[0]) >= 2 * _THINNEST:
        sizes.insert(0, (max(1, round(sizes[0][0] / 2)), max(1, round(sizes[0][1] / 2))))
    scales = []
    for number, (h, w) in enumerate(sizes):
        depth = _depth(math.sqrt(h * w))
        fine = manner.middle_steps if depth is Depth.ALL else manner.fine_steps
        scales.append(Scale(h, w, depth, manner.coarse_steps if number == 0 else fine))
    return scales if steps is None else _with_total(scales, steps)


def _depth(side: float) -> Depth:
    # The cost of a step grows with area and depth; past these sides the deep layers see nothing that the
    # coarser sizes have not settled.
    if side <= 300:
        return Depth.ALL
    return Depth.THREE if side <= 600 else Depth.TWO


def _with_total(scales: list[Scale], total: int) -> list[Scale]:
    """The same with `total` steps, at least one to each scale; the coarsest go where there are too few."""
    scales = scales[-total:]
    spare, own = total - len(scales), sum(scale.steps for scale in scales)
    shared, before = [], 0
    for scale in scales:
        after = before + scale.steps
        steps = 1 + round(spare * after / own) - round(spare * before / own)
        shared.append(replace(scale, steps=steps))
        before = after
    return shared
