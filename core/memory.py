"""Estimate whether a painting fits into memory, before it is begun. All figures are in MB."""

import resource
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import psutil

from core import control_groups
from core.plan import final_size, plan
from core.processor import computes_bfloat16
from core.recipe import Article, Recipe


class _Costs(NamedTuple):
    """Measured by tests/bench/speed.py --memory."""

    base: int  # MB: TensorFlow, the network and the code
    searched: int  # bytes for each pixel of the largest scale that is searched and refined


_IN_BFLOAT16, _IN_FLOAT32 = _Costs(700, 3300), _Costs(1080, 4400)
_BYTES_RESULT = 100  # for each pixel of the result, which larger scales reach in strips
_BYTES_ARTICLE = 4200  # for each pixel: all layers at full size, in float32
_ROOM = 0.9  # of what is free may be planned with


class TooLarge(ValueError):
    """The painting would not fit into memory. `fits` is the longest side that would, px; 0 if none."""

    def __init__(self, needed: int, available: int, fits: int) -> None:
        self.fits = fits
        hint = f"; size {fits} would fit" if fits else ""
        super().__init__(f"this size needs about {needed} MB of memory and {available} MB are free{hint}")


def estimate(height: int, width: int, recipe: Recipe) -> int:
    """What painting a photo of (height, width) takes at the peak, the process's own memory included."""
    h, w = final_size(height, width, recipe)
    costs = _IN_BFLOAT16 if computes_bfloat16() else _IN_FLOAT32
    return round(costs.base + _bytes(h, w, recipe, costs.searched) / 1e6)


def check_memory(height: int, width: int, recipe: Recipe, available: int) -> None:
    """Raises TooLarge if painting a photo of (height, width) would take more than what is available."""
    room = available * _ROOM
    needed = estimate(height, width, recipe)
    if needed <= room:
        return
    fits = recipe.size // 16 * 16
    while fits >= 64 and estimate(height, width, recipe.with_size(fits)) > room:
        fits -= 16
    raise TooLarge(needed, available, fits if fits >= 64 else 0)


def available(root: Path = Path("/")) -> int:
    """What this process has and may still take: on the machine, and in its control groups.

    The machine and each group leave what is not in use, by whomever; what the system can take back at once
    (files read lately) does not count as used. `root` is where /proc and /sys are.
    """
    return (_free(root) + _size()) // 1_000_000


def fair_share(others: Iterable[int], root: Path = Path("/")) -> int:
    """What this process may plan with, if others like it plan in the same way, perhaps at the same time.

    All that they have and may still take is divided among them evenly, be they at rest or at work: so what
    one is going to take is promised to no other. `others` are their process ids, this one's not among them.
    """
    own, free = _size(), _free(root)
    theirs = [size for size in map(_size, others) if size]
    return min(free + own, (free + own + sum(theirs)) // (1 + len(theirs))) // 1_000_000


def _free(root: Path) -> int:
    """Bytes that nobody uses."""
    machine: int = psutil.virtual_memory().available
    return min([machine, *control_groups.memory_left(root)])


def _size(pid: int | None = None) -> int:
    """Bytes of a process, by default of this one; 0 where it is gone."""
    try:
        size: int = psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0
    return size


def peak() -> int:
    """The most this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 1_000_000


def _bytes(height: int, width: int, recipe: Recipe, searched: int) -> int:
    manner = recipe.manner
    if isinstance(manner, Article):
        return _BYTES_ARTICLE * height * width
    exact = max(scale.area for scale in plan(height, width, manner) if scale.exact)
    return searched * exact + _BYTES_RESULT * height * width
