"""Estimate how long jobs will take, from the durations of recent ones."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from storage import Job


class Estimates:
    """Estimate how long jobs take.

    Args:
        durations: of recent jobs of all kinds, as `Jobs.durations` returns them.
    """

    def __init__(self, durations: Iterable[tuple[str, bool, float]]) -> None:
        by_kind: defaultdict[tuple[str, bool], list[float]] = defaultdict(list)
        for strength, larger, seconds in durations:
            by_kind[strength, larger].append(seconds)
        self._typical = {kind: median(all_seconds) for kind, all_seconds in by_kind.items()}

    def of(self, job: Job) -> float | None:
        """Estimate the seconds from the job's start to its result.

        That is the median for its kind, or for all if none of its kind was done; None while nothing is known.
        """
        if not self._typical:
            return None
        return self._typical.get((job.strength, job.larger), median(self._typical.values()))

    def in_line(self, line: Iterable[Job], running: float, slots: int) -> list[float | None]:
        """Estimate the seconds until the result for each waiting job, in the order of the line.

        Args:
            line: who waits.
            running: seconds of work left in the paintings under way.
            slots: how many are painted at once.
        """
        ahead, estimates = running, list[float | None]()
        for job in line:
            own = self.of(job)
            estimates.append(None if own is None else ahead / max(slots, 1) + own)
            ahead += own or 0.0
        return estimates
