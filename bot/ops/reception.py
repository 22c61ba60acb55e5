"""Know whether updates were taken lately, which is what the bot is there for."""

import time


class Reception:
    """Note when updates last could be taken, whether there were any or not, and what was in the way since.

    Args:
        lately: seconds for which that counts.
    """

    def __init__(self, lately: float) -> None:
        self._lately = lately
        self._last: float | None = None  # on the monotonic clock
        self._reason = ""

    def took(self) -> None:
        """Note that updates can be taken."""
        self._last, self._reason = time.monotonic(), ""

    def failed(self, reason: str) -> None:
        """Note why they cannot just now."""
        self._reason = reason

    @property
    def trouble(self) -> str | None:
        """Say why no updates were taken lately; None if they were."""
        if self._last is None:
            return self._reason or "not yet begun"
        silence = time.monotonic() - self._last
        if silence <= self._lately:
            return None
        return f"no updates for {silence:.0f} s: {self._reason or 'no answer'}"
