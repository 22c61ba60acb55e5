"""Log a trouble that lasts: one line when it comes up, and one every few minutes while it goes on."""

import logging
import time

INTERVAL = 300.0  # seconds between two lines about the same


class LastingTrouble:
    """Say what is wrong, however often it is met, no more often than every few minutes for each reason.

    Args:
        log: where.
        line: what goes wrong, such as "cannot fetch updates".
    """

    def __init__(self, log: logging.Logger, line: str) -> None:
        self._log = log
        self._line = line
        self._said: dict[str, float] = {}  # by reason: when, on the monotonic clock

    def note(
        self,
        reason: str,
        level: int = logging.WARNING,
        *,
        exc_info: BaseException | None = None,
        **details: object,
    ) -> None:
        """Note that it was met, and why; the details are those of the first time.

        `exc_info` is an error that nobody foresaw: where it came from is logged, too.
        """
        now = time.monotonic()
        self._said = {known: when for known, when in self._said.items() if when > now - INTERVAL}
        if reason not in self._said:
            self._said[reason] = now
            self._log.log(level, self._line, exc_info=exc_info, extra={"reason": reason, **details})
