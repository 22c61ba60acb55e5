"""The sizes on the way to the result, what each is for, and what its steps cost."""

from itertools import pairwise

import pytest

from core.plan import NARROWEST, Scale, final_size, plan
from core.recipe import MANNERS, MOST, Article, Manner, Recipe, Strength

MANNERS_OF_SCALES = [manner for manner in MANNERS.values() if isinstance(manner, Manner)]
BALANCED = MANNERS[Strength.BALANCED]
assert isinstance(BALANCED, Manner)
SIZES = [
    (512, 512),
    (341, 512),
    (1024, 683),
    (2048, 2048),
    (64, 64),
    (16, 16),
    (16, 320),
    (40, 300),
    (2048, 103),
    (99, 640),
]


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_each_scale_is_half_the_next_and_the_last_is_the_result(height: int, width: int) -> None:
    scales = plan(height, width, BALANCED)
    assert (scales[-1].height, scales[-1].width) == (height, width)
    for smaller, larger in pairwise(scales):
        assert abs(2 * smaller.height - larger.height) <= 1
        assert abs(2 * smaller.width - larger.width) <= 1
    assert [scale.final for scale in scales] == [False] * (len(scales) - 1) + [True]


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_network_sees_something_at_every_scale(height: int, width: int) -> None:
    assert all(min(scale.height, scale.width) >= NARROWEST for scale in plan(height, width, BALANCED))


def test_a_large_picture_starts_small() -> None:
    first, *_ = plan(1024, 1024, BALANCED)
    assert max(first.height, first.width) < 128


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_small_scales_are_searched_and_large_ones_carried_on(height: int, width: int) -> None:
    scales = plan(height, width, BALANCED)
    exact = [scale.exact for scale in scales]
    assert exact == sorted(exact, reverse=True)
    assert exact[0], "there must be something to carry on"
    assert all(scale.rounds >= 1 for scale in scales)


def test_the_largest_picture_is_carried_on_and_in_strips() -> None:
    *_, last = plan(2048, 2048, BALANCED)
    assert not last.exact
    assert last.strips > 1


@pytest.mark.parametrize("manner", MANNERS_OF_SCALES)
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_what_is_refined_has_the_strengths_own_steps(manner: Manner, height: int, width: int) -> None:
    scales = plan(height, width, manner)
    assert {scale.steps for scale in scales} <= {0, manner.middle_steps, manner.fine_steps}
    assert sum(scale.steps for scale in scales) > 0
    for scale in scales:
        if scale.steps:
            assert scale.steps == (manner.middle_steps if scale.is_middle else manner.fine_steps)


@pytest.mark.parametrize("manner", MANNERS_OF_SCALES)
@pytest.mark.parametrize("size", [*SIZES, (200, 133), (2048, 1365)])
@pytest.mark.parametrize("steps", [1, 2, 5, 38, 200])
def test_as_many_steps_as_asked_for(manner: Manner, size: tuple[int, int], steps: int) -> None:
    scales, own = plan(*size, manner, steps), plan(*size, manner)
    assert sum(scale.steps for scale in scales) == steps
    assert all(scale.steps >= 0 for scale in scales)
    assert [(scale.height, scale.width) for scale in scales] == [(one.height, one.width) for one in own]


def test_steps_are_spread_like_the_strengths_own() -> None:
    own, asked = plan(512, 512, BALANCED), plan(512, 512, BALANCED, 200)
    total = sum(scale.steps for scale in own)
    for scale, scaled in zip(own, asked, strict=True):
        assert scaled.steps == pytest.approx(200 * scale.steps / total, abs=1)


@pytest.mark.parametrize("steps", [None, 1, 7])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_every_step_costs_something(height: int, width: int, steps: int | None) -> None:
    for scale in plan(height, width, BALANCED, steps):
        costs = list(scale.costs())
        assert len(costs) >= scale.rounds + scale.steps
        assert all(cost > 0 for cost in costs)


def test_a_larger_picture_costs_more() -> None:
    costs = [
        sum(cost for scale in plan(side, side, BALANCED) for cost in scale.costs())
        for side in (16, 48, 64, 96, 128, 256, 512, 1024, 2048)
    ]
    assert costs == sorted(set(costs))


@pytest.mark.parametrize(("height", "width"), [(512, 512), (1024, 1024), (2048, 103)])
def test_no_step_is_the_better_part_of_a_painting(height: int, width: int) -> None:
    """So that it can be stopped, and its progress be seen."""
    costs = [cost for scale in plan(height, width, BALANCED) for cost in scale.costs()]
    assert max(costs) < 0.2 * sum(costs)


def test_the_side_is_of_a_square_of_the_same_area() -> None:
    scale = Scale(100, 400, rounds=1, steps=1, exact=True, final=True, keys=100)
    assert (scale.area, scale.side) == (40_000, 200)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_as_many_queries_as_every_stride_th_pixel(height: int, width: int) -> None:
    for scale in plan(height, width, BALANCED):
        rows, columns = range(0, scale.height, scale.stride), range(0, scale.width, scale.stride)
        assert scale.queries == len(rows) * len(columns)
        assert 1 <= scale.searches <= scale.queries


@pytest.mark.parametrize(
    ("height", "width"), [(3000, 2000), (1000, 1000), (701, 1313), (400, 3000), (64, 48)]
)
@pytest.mark.parametrize("size", [64, 512, 1024, MOST])
@pytest.mark.parametrize("enlarge", [False, True])
def test_the_result_keeps_the_aspect_ratio(height: int, width: int, size: int, enlarge: bool) -> None:
    h, w = final_size(height, width, Recipe(size=size, enlarge=enlarge))
    scale = max(h, w) / max(height, width)
    assert h == pytest.approx(scale * height, abs=1)
    assert w == pytest.approx(scale * width, abs=1)
    assert max(h, w) == (size if enlarge else min(size, max(height, width)))


@pytest.mark.parametrize(("height", "width"), [(300, 200), (64, 64), (16, 320)])
def test_the_result_is_never_larger_than_the_photo_unless_asked(height: int, width: int) -> None:
    assert final_size(height, width, Recipe(size=1024)) == (height, width)
    assert max(final_size(height, width, Recipe(size=1024, enlarge=True))) == 1024


def test_every_strength_has_its_numbers() -> None:
    assert MANNERS.keys() == set(Strength)
    assert isinstance(MANNERS[Strength.CLASSIC], Article)
