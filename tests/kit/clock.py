"""Tell the time to those who cannot wait for it."""

import time


class Clock:
    """Goes as the machine's clock does, and can be put forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        self._ahead += seconds
