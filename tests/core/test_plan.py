"""The sizes on the way to the result, and how many steps each gets."""

from itertools import pairwise

import pytest

from core.plan import Depth, Scale, final_size, plan
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


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_deepest_layer_sees_something_at_every_scale(height: int, width: int) -> None:
    scales = plan(height, width, BALANCED)
    assert all(min(scale.height, scale.width) >= 16 for scale in scales)
    if min(height, width) >= 32:
        assert all(min(scale.height, scale.width) >= 32 for scale in scales)


def test_a_large_picture_starts_small_and_deep_and_ends_shallow() -> None:
    scales = plan(1024, 1024, BALANCED)
    assert max(scales[0].height, scales[0].width) < 200
    assert [scale.depth for scale in scales] == [Depth.ALL, Depth.ALL, Depth.THREE, Depth.TWO]


def test_the_strengths_own_numbers_of_steps() -> None:
    scales = plan(1024, 1024, BALANCED)
    fine = BALANCED.fine_steps
    assert [scale.steps for scale in scales] == [BALANCED.coarse_steps, BALANCED.middle_steps, fine, fine]


@pytest.mark.parametrize("manner", MANNERS_OF_SCALES)
@pytest.mark.parametrize("size", [(64, 64), (200, 133), (512, 512), (2048, 1365)])
@pytest.mark.parametrize("steps", [1, 2, 5, 38, 200])
def test_as_many_steps_as_asked_for(manner: Manner, size: tuple[int, int], steps: int) -> None:
    scales = plan(*size, manner, steps)
    assert sum(scale.steps for scale in scales) == steps
    assert all(scale.steps >= 1 for scale in scales)
    assert (scales[-1].height, scales[-1].width) == size


def test_few_steps_are_spread_like_many() -> None:
    own, asked = plan(512, 512, BALANCED), plan(512, 512, BALANCED, 200)
    total = sum(scale.steps for scale in own)
    for scale, scaled in zip(own, asked, strict=True):
        assert scaled.steps == pytest.approx(200 * scale.steps / total, abs=4)


def test_the_side_is_of_a_square_of_the_same_area() -> None:
    assert Scale(100, 400, Depth.ALL, 1).side == 200


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
