"""Estimate how long jobs will take, from the durations of recent ones, and count down evenly."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from core.executor.protocol import Progress
from storage import Job

FAR_OFF = 2.0  # times as long as was said: then the truth is better than an even count
FAR_OFF_SECONDS = 5.0  # more, at least


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


class Countdown:
    """Make what is shown of one painting's progress even.

    The share done never falls, not even where the painting begins again at a smaller size. The time left does
    not grow either, but stands for a while where the painting is slower than was thought; only what was far
    off is put right.
    """

    def __init__(self) -> None:
        self._share = 0.0
        self._left: float | None = None

    def even(self, progress: Progress) -> Progress:
        """Return the progress as it is to be shown."""
        self._share = max(self._share, progress.share)
        left, said = progress.seconds_left, self._left
        if said is not None and said < left <= max(FAR_OFF * said, said + FAR_OFF_SECONDS):
            left = said
        self._left = left
        return replace(progress, share=self._share, seconds_left=left)
