"""Count ids, one after another."""


class IdCounter:
    """An `itertools.count` that can be asked what is `upcoming`, and so be kept over a restart."""

    def __init__(self, first: int, step: int = 1) -> None:
        self.upcoming = first
        self._step = step

    def __next__(self) -> int:
        number = self.upcoming
        self.upcoming += self._step
        return number

    def skip(self, count: int) -> None:
        self.upcoming += count * self._step
