"""The time left, by a clock that is made up."""

from collections.abc import Callable, Iterator

import pytest

from core.executor.worker.pace import Pace
from core.recipe import Recipe, Strength

BALANCED = Recipe(Strength.BALANCED)
SHARES = [number / 20 for number in range(1, 21)]  # of a painting of twenty steps that cost the same


def paint(
    pace: Pace,
    seconds: Callable[[float], float],
    recipe: Recipe = BALANCED,
    size: tuple[int, int] = (512, 512),
    styles: int = 1,
) -> list[float]:
    """What a whole painting said was left, step for step; `seconds` is when a share of it was done."""
    estimate = pace.follow(recipe, *size, styles)
    return [estimate.after(share, seconds(share)) for share in SHARES]


def honest(total: float) -> Callable[[float], float]:
    """A painting whose shares are those of its time."""
    return lambda share: share * total


def truly_left(total: float) -> Iterator[float]:
    return ((1 - share) * total for share in SHARES)


@pytest.mark.parametrize("total", [0.5, 40, 4000])
def test_a_painting_on_an_unknown_machine_is_measured(total: float) -> None:
    assert paint(Pace(), honest(total)) == pytest.approx(list(truly_left(total)))


def test_nothing_is_left_after_the_last_step() -> None:
    pace = Pace()
    assert [paint(pace, honest(total))[-1] for total in (40, 4)] == [0, 0]


def test_a_single_step_will_do() -> None:
    pace = Pace()
    assert pace.follow(BALANCED, 64, 64, 1).after(1.0, 3.0) == 0
    assert paint(pace, honest(3), size=(64, 64)) == pytest.approx(list(truly_left(3)))


@pytest.mark.parametrize("slower", [0.2, 1, 5])
def test_from_a_third_on_only_the_painting_itself_counts(slower: float) -> None:
    """However wrong what was learnt has become."""
    pace = Pace()
    paint(pace, honest(20))
    total = 20 * slower
    for share, left in zip(SHARES, paint(pace, honest(total)), strict=True):
        if share > 1 / 3:
            assert left == pytest.approx((1 - share) * total, rel=0.2)


def test_preparations_in_the_first_step_are_not_taken_for_the_speed() -> None:
    left = paint(Pace(), lambda share: 30 + 20 * share)
    assert left[1:] == pytest.approx(list(truly_left(20))[1:])


def test_the_first_estimate_of_the_second_painting_is_right_whatever_its_first_step_takes() -> None:
    pace = Pace()
    paint(pace, lambda share: 30 + 20 * share)
    first = pace.follow(BALANCED, 512, 512, 1).after(0.01, 2)
    assert first == pytest.approx(20, rel=0.3)


def test_four_times_the_pixels_take_four_times_as_long() -> None:
    pace = Pace()
    paint(pace, honest(20), size=(512, 512))
    assert pace.follow(BALANCED, 1024, 1024, 1).after(1e-6, 0) == pytest.approx(80, rel=0.01)


def test_each_size_is_judged_by_those_near_it() -> None:
    pace = Pace()
    paint(pace, honest(10), size=(256, 256))
    paint(pace, honest(60), size=(1024, 1024))
    first = pace.follow(BALANCED, 1000, 1000, 1).after(1e-6, 0)
    assert first == pytest.approx(60 * 1000**2 / 1024**2, rel=0.01)


@pytest.mark.parametrize(
    ("recipe", "styles"),
    [(Recipe(Strength.WILD), 1), (BALANCED, 3), (Recipe(Strength.BALANCED, keep_colours=True), 1)],
)
def test_each_kind_is_judged_by_its_own(recipe: Recipe, styles: int) -> None:
    pace = Pace()
    paint(pace, honest(20))
    paint(pace, honest(60), recipe, styles=styles)
    for known, number, seconds in ((BALANCED, 1, 20), (recipe, styles, 60)):
        assert pace.follow(known, 512, 512, number).after(1e-6, 0) == pytest.approx(seconds, rel=0.01)


def test_a_kind_not_seen_yet_is_judged_by_the_most_similar() -> None:
    pace = Pace()
    paint(pace, honest(20), Recipe(Strength.STRONG))
    paint(pace, honest(90), Recipe(Strength.WILD), styles=4)
    first = pace.follow(Recipe(Strength.STRONG), 512, 512, 2).after(1e-6, 0)
    assert first == pytest.approx(20, rel=0.01)


def test_classic_says_nothing_of_the_others_nor_they_of_it() -> None:
    pace = Pace()
    paint(pace, honest(1000), Recipe(Strength.CLASSIC))
    assert pace.follow(BALANCED, 512, 512, 1).after(0.05, 1) == pytest.approx(19)


def test_a_machine_that_becomes_slower_is_learnt() -> None:
    pace = Pace()
    paint(pace, honest(20))
    for _ in range(4):
        paint(pace, honest(40))
    assert pace.follow(BALANCED, 512, 512, 1).after(1e-6, 0) == pytest.approx(40, rel=0.1)
