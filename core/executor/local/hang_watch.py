"""Notice that a process hangs, from outside: it is asked nothing, so it need not be able to answer."""

import asyncio
from contextlib import suppress

import psutil

_STILL = 4  # looks in a row without any processor time until a process counts as hung


class HangWatch:
    """Watch the processor time of a process, all its threads together.

    One that is at work, on a GPU too, uses some in every second; one that is stopped or deadlocked uses none.
    One that waits for a child, such as the decoder, is at work as long as the child is.
    """

    def __init__(self, pid: int, patience: float) -> None:
        self._every = patience / _STILL
        self._process = psutil.Process(pid)
        self._used = 0.0
        self._used_by_children = 0.0
        self._still = 0

    async def hung(self) -> None:
        """Wait until the process has used no processor time for `patience` seconds or so, or is gone."""
        while self._still < _STILL:
            await asyncio.sleep(self._every)
            try:
                self._still = 0 if self._is_at_work() else self._still + 1
            except psutil.NoSuchProcess:
                return

    def _is_at_work(self) -> bool:
        before, self._used = self._used, _seconds(self._process)
        if self._used != before:
            return True
        before, self._used_by_children = self._used_by_children, 0.0
        for child in self._process.children():
            with suppress(psutil.NoSuchProcess):  # it just ended, which says nothing of its parent
                self._used_by_children += _seconds(child)
        return self._used_by_children != before


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
