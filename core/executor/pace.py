"""How much longer a painting will take."""

from core.plan import Depth, Scale

# What a pixel costs in one step, in relation to each other, until it has been measured here.
_COSTS = {Depth.ALL: 4.0, Depth.THREE: 1.8, Depth.TWO: 1.1}
_LATEST = 0.3  # weight of the latest step in the mean


class Pace:
    """What steps cost, by pixel and depth. Kept between paintings, so that first estimates are right too."""

    def __init__(self) -> None:
        self._seconds: dict[Depth, float] = {}  # of one step, per pixel

    def follow(self, scales: list[Scale]) -> "Estimate":
        """Begin a painting in these scales."""
        return Estimate(self, [scale for scale in scales for _ in range(scale.steps)])

    def learn(self, scale: Scale, seconds: float) -> None:
        """A step took so long."""
        now = seconds / (scale.height * scale.width)
        before = self._seconds.get(scale.depth, now)
        self._seconds[scale.depth] = before + _LATEST * (now - before)

    def expect(self, scale: Scale) -> float | None:
        """Seconds of one step; None before anything has been learnt."""
        if not self._seconds:
            return None
        per_pixel = self._seconds.get(scale.depth)
        if per_pixel is None:
            others = [seconds / _COSTS[depth] for depth, seconds in self._seconds.items()]
            per_pixel = _COSTS[scale.depth] * sum(others) / len(others)
        return per_pixel * scale.height * scale.width


class Estimate:
    """The time left of one painting, from step to step."""

    def __init__(self, pace: Pace, steps: list[Scale]) -> None:
        self._pace = pace
        self._steps = steps
        self._before = 0.0

    def after(self, index: int, seconds: float) -> float:
        """Seconds left after step `index`, counted from 1, which ended `seconds` after the beginning."""
        taken, self._before = seconds - self._before, seconds
        # The first step of a scale comes with preparations, and says little about the others.
        if index > 1 and self._steps[index - 1] is self._steps[index - 2]:
            self._pace.learn(self._steps[index - 1], taken)
        left = 0.0
        for scale in self._steps[index:]:
            expected = self._pace.expect(scale)
            left += taken if expected is None else expected
        return left
