"""Limit how many messages and taps of one person are answered in a minute."""

import time
from collections.abc import Callable
from enum import Enum

ALBUM = 10  # pictures, which come at once and have to be taken
PAUSE = 60.0  # seconds in which nothing is answered, once it was too much


class Verdict(Enum):
    """What to do with one more message or tap."""

    FINE = "to be answered"
    TOO_MUCH = "the first one too many, to be answered with that"
    IGNORED = "not to be answered"


class Allowance:
    """Limit what each person is answered. After a quiet minute they may say a whole minute's worth at once.

    Kept in memory alone, and only of those who said something in the last minute: a restart forgives.

    Args:
        a_minute: how many messages and taps of one person are answered in a minute.
        now: a clock, in seconds.
    """

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._interval = 60 / a_minute
        self._burst = max(a_minute, ALBUM) * self._interval
        self._now = now
        self._used_until: dict[int, float] = {}  # by person: what they said, spread out evenly, ends then
        self._paused_until: dict[int, float] = {}

    def __len__(self) -> int:
        """Count the people who are remembered."""
        return len(self._used_until)

    def spend(self, user_id: int) -> Verdict:
        """Decide what to do with one more thing that this person says."""
        now = self._now()
        self._paused_until = {user: end for user, end in self._paused_until.items() if end > now}
        if user_id in self._paused_until:
            return Verdict.IGNORED
        self._used_until = {user: end for user, end in self._used_until.items() if end > now}
        used_until = self._used_until.get(user_id, now) + self._interval
        if (
            used_until > now + self._burst + self._interval / 2
        ):  # half of one, as seconds are no whole numbers
            return self.pause(user_id)
        self._used_until[user_id] = used_until
        return Verdict.FINE

    def pause(self, user_id: int) -> Verdict:
        """Answer this person no more for a while, whatever they said before."""
        now = self._now()
        if self._paused_until.get(user_id, now) > now:
            return Verdict.IGNORED
        self._paused_until[user_id] = now + PAUSE
        return Verdict.TOO_MUCH
