"""Whether a painting fits into memory, before it is begun. All figures in MB."""

import resource
from pathlib import Path

import psutil

from core.plan import final_size
from core.recipe import Article, Recipe

_BASE = 1000  # TensorFlow, the networks and the code
# Bytes for each pixel of the result, at the peak of a step: measured by tests/bench/speed.py --memory.
_BYTES = 1600
_BYTES_ARTICLE = 4200  # all layers at full size, in float32
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
    return round(_BASE + h * w * _per_pixel(recipe) / 1e6)


def check_memory(height: int, width: int, recipe: Recipe, available: int) -> None:
    """Raises TooLarge if painting a photo of (height, width) would take more than what is available."""
    room = available * _ROOM
    needed = estimate(height, width, recipe)
    if needed <= room:
        return
    pixels = max(0, room - _BASE) * 1e6 / _per_pixel(recipe)
    ratio = max(height, width) / min(height, width)
    fits = int((pixels * ratio) ** 0.5) // 16 * 16
    while fits >= 64 and estimate(height, width, recipe.with_size(fits)) > room:  # sides are rounded
        fits -= 16
    raise TooLarge(needed, available, fits if fits >= 64 else 0)


def available() -> int:
    """What this process has and may still take, on the machine and within its control group."""
    free = psutil.virtual_memory().available + psutil.Process().memory_info().rss
    for limit in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        if limit.exists() and (text := limit.read_text().strip()).isdigit():
            free = min(free, int(text))
    return int(free // 1_000_000)


def peak() -> int:
    """The most this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 1_000_000


def _per_pixel(recipe: Recipe) -> int:
    return _BYTES_ARTICLE if isinstance(recipe.manner, Article) else _BYTES
