"""What is painted, at the sizes it is looked at."""

import numpy as np
import pytest

from core.plan import NARROWEST
from core.subject import Subject, size_at


@pytest.mark.parametrize(("height", "width"), [(300, 200), (640, 640), (64, 900), (50, 50)])
@pytest.mark.parametrize("side", [40.0, 100.0, 300.0])
def test_a_style_has_the_area_asked_for_or_its_own(height: int, width: int, side: float) -> None:
    h, w = size_at(height, width, side)
    assert h <= height
    assert w <= width
    assert h / w == pytest.approx(height / width, rel=0.05)
    if min(h, w) > NARROWEST:
        assert (h * w) ** 0.5 == pytest.approx(min(side, (height * width) ** 0.5), rel=0.03)


@pytest.mark.parametrize(("height", "width"), [(400, 20), (5, 90), (1, 1), (3000, 16)])
@pytest.mark.parametrize("side", [16.0, 100.0, 2000.0])
def test_a_narrow_style_is_wide_enough_for_the_network(height: int, width: int, side: float) -> None:
    h, w = size_at(height, width, side)
    assert min(h, w) >= NARROWEST


def test_huge_styles_are_not_looked_at_in_whole_however_many_they_are() -> None:
    photo, style = np.zeros((20, 20, 3), np.float32), np.zeros((1500, 1500, 3), np.float32)
    (alone,) = Subject(photo, [style], (1.0,)).styles_at(1e9)
    assert max(alone.shape[1:3]) < 1500
    four = Subject(photo, [style] * 4, (0.25,) * 4).styles_at(1e9)
    assert sum(one.shape[1] * one.shape[2] for one in four) == pytest.approx(
        alone.shape[1] * alone.shape[2], rel=0.01
    )


def test_photo_and_styles_are_tensors_at_their_sizes() -> None:
    random = np.random.default_rng(1)
    photo, *styles = (
        random.uniform(0, 255, (*size, 3)).astype(np.float32) for size in [(40, 30), (60, 80), (24, 20)]
    )
    subject = Subject(photo, styles, (0.75, 0.25))
    np.testing.assert_array_equal(subject.photo[0], photo)
    assert [one.shape for one in subject.styles_at(1000.0)] == [(1, 60, 80, 3), (1, 24, 20, 3)]
    np.testing.assert_allclose(subject.styles_at(1000.0)[0][0], styles[0], atol=1e-3)
    assert [one.shape for one in subject.styles_at((30 * 40) ** 0.5)] == [(1, 30, 40, 3), (1, 24, 20, 3)]
    assert subject.shares == (0.75, 0.25)
