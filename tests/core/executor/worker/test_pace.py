"""The time left, by a clock that is made up."""

import pytest

from core.executor.worker.pace import Pace
from core.plan import Depth, Scale

COARSE = Scale(100, 100, Depth.ALL, 4)
FINE = Scale(200, 200, Depth.TWO, 2)


def test_nothing_is_left_after_the_last_step() -> None:
    estimate = Pace().follow([COARSE, FINE])
    assert [estimate.after(step, float(step)) for step in range(1, 7)][-1] == 0


def test_larger_steps_are_known_to_take_longer_before_the_first_of_them() -> None:
    estimate = Pace().follow([COARSE, FINE])
    estimate.after(1, 1)
    assert estimate.after(2, 2) == pytest.approx(2 * 1 + 2 * 4 * 1.1 / 4.0)


def test_the_second_painting_is_estimated_by_the_first() -> None:
    pace = Pace()
    first = pace.follow([COARSE, FINE])
    for step, seconds in enumerate((5, 6, 7, 8, 20, 30), start=1):  # with preparations before each size
        first.after(step, seconds)
    assert pace.follow([COARSE, FINE]).after(1, 4) == pytest.approx(3 * 1 + 2 * 10)
