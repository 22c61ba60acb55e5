"""Summarise the jobs of the last hours."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from storage.database import Database
from storage.job import State

HOUR = 3600.0


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was asked for in some hours, and what has become of it."""

    hours: list[Mapping[State, int]]  # of the jobs asked for in each hour, the earliest hour first
    states: Mapping[State, int]  # the same of all hours together
    people: int  # who asked
    median_painting: float | None  # seconds from start to delivery; None while nothing is done
    median_waiting: float | None  # seconds from the request to the start
    errors: list[tuple[str, int]]  # what failed jobs failed of, the most frequent first


class Statistics:
    """Summarise jobs."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def of_late(self, hours: int = 24) -> Figures:
        """Summarise the last hours, the present one included.

        Hours are the clock's, so the first is a whole one.
        """
        begin = (self._now() // HOUR - hours + 1) * HOUR
        rows = await self._database.read(
            "SELECT user_id, state, error, refusal, created, started, finished FROM jobs WHERE created >= ?",
            (begin,),
        )
        counts: list[Counter[State]] = [Counter() for _ in range(hours)]
        for row in rows:
            hour = int((row["created"] - begin) // HOUR)
            counts[min(hour, hours - 1)][State(row["state"])] += 1
        done = [row for row in rows if row["state"] == State.DONE]
        errors = Counter(_kind(row["error"], row["refusal"]) for row in rows if row["state"] == State.FAILED)
        return Figures(
            hours=list(counts),
            states=sum(counts, Counter()),
            people=len({row["user_id"] for row in rows}),
            median_painting=median([row["finished"] - row["started"] for row in done]) if done else None,
            median_waiting=median([row["started"] - row["created"] for row in done]) if done else None,
            errors=errors.most_common(),
        )


def _kind(error: str | None, refusal: str | None) -> str:
    """Name the kind of an error: `WorkerLost: killed` is a WorkerLost.

    What was refused is named by its reason.
    """
    return f"picture: {refusal}" if refusal else (error or "unknown").partition(": ")[0]
