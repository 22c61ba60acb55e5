"""Notice that a process hangs, from outside: it is asked nothing, so it need not be able to answer."""

import asyncio
import math
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from core import control_groups

_LOOK_EVERY = 0.5  # seconds
_BUSY = {"R", "D"}  # states of threads: waiting for a processor, or for a disk


class _Signs(NamedTuple):
    """What changes while a process is at work."""

    seconds: float  # of processor time, all its threads together
    faults: int  # pages that it needed: of one that is being swapped in they are all that it gets on by
    throttled: int  # times that its control group was kept from the processor


class HangWatch:
    """Watch whether a process gets on.

    One that is at work, on a GPU too, uses some processor time in every second; one that is stopped or
    deadlocked uses none. One that would work and is not let (it waits for a disk or a processor, is being
    swapped in, or its control group has used up its share) does not hang.
    """

    def __init__(self, pid: int, patience: float, root: Path = Path("/")) -> None:
        """Watch process `pid`, for `patience` seconds without a sign of work.

        `root` is where /proc and /sys are.
        """
        self._pid = pid
        self._every = min(_LOOK_EVERY, patience / 4)
        self._enough = math.ceil(patience / self._every)
        self._root = root
        self._signs: _Signs | None = None
        self._of_children = 0.0  # seconds of processor time

    async def hung(self) -> bool:
        """Wait until the process has shown no sign of work for so many seconds: True.

        False where it cannot be watched: it is gone, or hidden from this process.
        """
        still = 0  # looks in a row; not seconds, which pass also while this very process is stopped
        try:
            process = psutil.Process(self._pid)
            while still < self._enough:
                await asyncio.sleep(self._every)
                still = 0 if self.is_at_work(process) else still + 1
        except psutil.Error:
            return False
        return True

    def is_at_work(self, process: psutil.Process) -> bool:
        """Say whether it shows a sign of work, compared with the look before. Raises psutil.Error."""
        throttled = control_groups.times_throttled(self._pid, self._root)
        before, self._signs = self._signs, _Signs(_seconds(process), self._faults(), throttled)
        if before != self._signs or not _BUSY.isdisjoint(self._states()):
            return True
        used, self._of_children = self._of_children, 0.0  # it may wait for one, such as the decoder
        for child in process.children():
            with suppress(psutil.Error):  # it just ended, which says nothing of its parent
                self._of_children += _seconds(child)
        return used != self._of_children

    def _states(self) -> set[str]:
        """Return the states that its threads are in."""
        states = set()
        for stat in self._proc.glob("task/*/stat"):
            with suppress(OSError, IndexError):
                states.add(_after_name(stat)[0])
        return states

    def _faults(self) -> int:
        """Count the pages that it has needed so far, those in memory and those on disk."""
        try:
            fields = _after_name(self._proc / "stat")
            return int(fields[7]) + int(fields[9])
        except (OSError, IndexError, ValueError):  # no Linux
            return 0

    @property
    def _proc(self) -> Path:
        return self._root / "proc" / str(self._pid)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _after_name(stat: Path) -> list[str]:
    """Return the fields of a `stat` behind the process's name, which may be anything."""
    return stat.read_text().rpartition(")")[2].split()
