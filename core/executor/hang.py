"""Whether a process hangs, seen from outside: it is asked nothing, so it need not be able to answer."""

import asyncio

import psutil

_LOOK_EVERY = 0.4  # seconds


class HangWatch:
    """Looks at the processor time of a process, all its threads together.

    One that is at work, on a GPU too, uses some in every second; one that is stopped or deadlocked uses none.
    """

    def __init__(self, pid: int, patience: float) -> None:
        self._looks = max(1, round(patience / _LOOK_EVERY))  # in a row
        self._process = psutil.Process(pid)
        self._used = 0.0
        self._still = 0

    async def hung(self) -> None:
        """Returns when the process has used no processor time for `patience` seconds or so, or is gone."""
        while self._still < self._looks:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                times = self._process.cpu_times()
            except psutil.NoSuchProcess:
                return
            used = times.user + times.system
            self._still = self._still + 1 if used == self._used else 0
            self._used = used
