"""Tell the time to those who cannot wait for it."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo


class Clock:
    """Goes as the machine's clock does, and can be put forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        self._ahead += seconds


class StandingClock:
    """Stands still until it is set, to an hour of some place, or moved on."""

    def __init__(self) -> None:
        self.time = 0.0
        self.set("2026-11-26 08:00")

    def set(self, hour: str, zone: str = "UTC") -> None:
        self.time = datetime.fromisoformat(hour).replace(tzinfo=ZoneInfo(zone)).timestamp()

    def __call__(self) -> float:
        return self.time
