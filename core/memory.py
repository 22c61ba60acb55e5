"""Whether a painting fits into memory, before it is begun. All figures in MB."""

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from core.plan import final_size, plan
from core.recipe import Article, Recipe

_BASE = 700  # TensorFlow, the network and the code
# Bytes for each pixel, measured by tests/bench/speed.py --memory: of the largest scale that is searched and
# refined, and of the result, which larger scales reach in strips.
_BYTES = 3300
_BYTES_RESULT = 100
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
    return round(_BASE + _bytes(h, w, recipe) / 1e6)


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

    Each group that it is in, with all groups above, leaves its limit less what is in use there, by whomever;
    what the system can take back at once (files read lately) does not count as used. `root` is where /proc
    and /sys are.
    """
    left = [psutil.virtual_memory().available, *_left_by_control_groups(root)]
    return int((min(left) + psutil.Process().memory_info().rss) // 1_000_000)


class _Hierarchy(NamedTuple):
    """One version of Linux's control groups: where its files are, and what they are called."""

    mount: str
    limit: str
    usage: str
    reclaimable: str  # a line of memory.stat


_VERSION_1 = _Hierarchy(
    "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
)
_VERSION_2 = _Hierarchy("sys/fs/cgroup", "memory.max", "memory.current", "inactive_file")


def _left_by_control_groups(root: Path) -> Iterator[int]:
    """Bytes that each group with a limit leaves."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # no Linux
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number == "0":
            hierarchy = _VERSION_2
        elif "memory" in controllers.split(","):
            hierarchy = _VERSION_1
        else:
            continue
        top = root / hierarchy.mount
        group = top / path.lstrip("/")
        # Within a container the path may be the host's, which is not to be seen: its own is the top then.
        for folder in [group, *group.parents] if group.is_dir() else [top]:
            if (left := _left_by(folder, hierarchy)) is not None:
                yield left
            if folder == top:
                break


def _left_by(folder: Path, hierarchy: _Hierarchy) -> int | None:
    """Bytes that a group leaves; None where it sets no limit."""
    try:
        limit = int((folder / hierarchy.limit).read_text())
        used = int((folder / hierarchy.usage).read_text())
        statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # no such file, or "max"
        return None
    return max(0, limit - used + int(statistics.get(hierarchy.reclaimable, 0)))


def peak() -> int:
    """The most this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 1_000_000


def _bytes(height: int, width: int, recipe: Recipe) -> int:
    manner = recipe.manner
    if isinstance(manner, Article):
        return _BYTES_ARTICLE * height * width
    exact = max(scale.area for scale in plan(height, width, manner) if scale.exact)
    return _BYTES * exact + _BYTES_RESULT * height * width
