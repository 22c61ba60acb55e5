"""The painter as its callers see it: steps, sizes, seeds, colours, and stopping half way."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
import pytest
import tensorflow as tf

from core.backbone import Backbone
from core.decoding.picture import PictureError, Reason, resize
from core.decoding.pixels import Picture
from core.painter import NotFiniteError, Painter
from core.plan import final_size
from core.prepare import prepare, tone
from core.recipe import Recipe, Strength
from core.step import Losses, Step
from core.weights import Weights, load_weights

Sample = Callable[[str, int], Picture]


@pytest.fixture(scope="module")
def photo(sample: Sample) -> Picture:
    return sample("astronaut", 320)


@pytest.fixture(scope="module")
def style(sample: Sample) -> Picture:
    return sample("van-gogh-auvers", 320)


@pytest.fixture(scope="module")
def by_strength(painter: Painter, photo: Picture, style: Picture) -> dict[Strength, list[Step]]:
    """Whole paintings at 128 px, by the strengths furthest apart."""
    strengths = (Strength.LIGHT, Strength.WILD)
    return {strength: list(painter.paint(photo, [style], Recipe(strength, 128))) for strength in strengths}


def optimised(steps: Iterable[Step]) -> list[tuple[Step, Losses]]:
    """The steps that have losses, with these."""
    return [(step, step.losses) for step in steps if step.losses is not None]


def result(painter: Painter, photo: Picture, style: Picture, recipe: Recipe) -> Picture:
    *_, last = painter.paint(photo, [style], recipe)
    for _, losses in optimised([last]):
        assert all(map(math.isfinite, (losses.total, losses.style, losses.content)))
    return last.picture()


def quick(size: int = 64, **values: object) -> Recipe:
    return Recipe(size=size, steps=4, **values)  # type: ignore[arg-type]


def distance(one: Picture, other: Picture) -> float:
    """Mean absolute difference, levels."""
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


# Sizes


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [
        (64, 64, 64),
        (320, 200, 90),
        (40, 300, 1024),
        (300, 40, 1024),
        (16, 16, 64),
        (16, 320, 1024),
        (133, 201, 512),
    ],
)
@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_the_result_has_the_size_asked_for(
    painter: Painter, photo: Picture, style: Picture, height: int, width: int, size: int, strength: Strength
) -> None:
    recipe = Recipe(strength, size, steps=2)
    painted = result(painter, resize(photo, height, width), style, recipe)
    assert painted.dtype == np.uint8
    assert painted.shape == (*final_size(height, width, recipe), 3)
    assert painted.std() > 5


def test_the_result_is_enlarged_only_when_asked(painter: Painter, photo: Picture, style: Picture) -> None:
    small = resize(photo, 48, 64)
    assert result(painter, small, style, quick(96, enlarge=True)).shape == (72, 96, 3)
    assert result(painter, small, style, quick(96)).shape == (48, 64, 3)


@pytest.mark.parametrize(("height", "width"), [(16, 16), (16, 320), (400, 20), (320, 320)])
@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_a_style_of_any_size_will_do_even_for_the_smallest_photo(
    painter: Painter, photo: Picture, style: Picture, height: int, width: int, strength: Strength
) -> None:
    recipe = Recipe(strength, 64, steps=2)
    assert result(painter, resize(photo, 16, 16), resize(style, height, width), recipe).shape == (16, 16, 3)


def test_a_size_that_leaves_a_panorama_too_narrow_is_refused(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    with pytest.raises(PictureError, match="100 x 13 px") as refused:
        result(painter, resize(photo, 40, 300), style, quick(100))
    assert refused.value.reason is Reason.TOO_NARROW


# Steps


@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_steps_are_counted_and_timed_and_their_shares_make_a_whole(
    painter: Painter, photo: Picture, style: Picture, strength: Strength
) -> None:
    steps = list(painter.paint(photo, [style], Recipe(strength, 200, steps=7)))
    assert [(step.index, step.total) for step in steps] == [
        (number, len(steps)) for number in range(1, len(steps) + 1)
    ]
    assert len(optimised(steps)) == 7
    times = [step.seconds for step in steps]
    assert times == sorted(times)
    shares = [0, *(step.share for step in steps)]
    assert all(before < after for before, after in pairwise(shares))
    assert shares[-1] == 1


def test_it_goes_from_small_to_large_and_is_always_shown_at_the_results_size(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    steps = list(painter.paint(resize(photo, 160, 320), [style], Recipe(size=200, steps=7)))
    scales = [step.scale for step in steps]
    assert scales == sorted(scales)
    assert scales[0] < scales[-1] == 200
    for step in steps:
        picture = step.picture()
        assert (picture.shape, picture.dtype) == ((100, 200, 3), np.uint8)


def test_the_loss_falls_at_every_scale(painter: Painter, photo: Picture, style: Picture) -> None:
    steps = optimised(painter.paint(photo, [style], Recipe(size=200)))
    for _, at_scale in groupby(steps, lambda step: step[0].scale):
        totals = [losses.total for _, losses in at_scale]
        assert len(totals) > 3
        assert totals[-1] < 0.9 * totals[0]
        assert min(totals) == pytest.approx(totals[-1], rel=0.05)


def test_the_loss_falls_at_every_strength(by_strength: dict[Strength, list[Step]]) -> None:
    for steps in by_strength.values():
        losses = [losses for _, losses in optimised(steps)]
        assert losses[-1].total < 0.8 * losses[0].total
        assert losses[-1].style < 0.8 * losses[0].style
        assert all(math.isfinite(one.total) for one in losses)


def test_nothing_is_done_until_steps_are_asked_for(painter: Painter, style: Picture) -> None:
    nonsense = np.zeros((0, 0, 3), np.uint8)
    painter.paint(nonsense, [style], quick()).close()


# Seeds, and stopping


def test_the_same_seed_gives_the_same_picture_byte_by_byte(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    first, again, other = (result(painter, photo, style, quick(96, seed=seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert 0 < distance(first, other) < 20


def test_a_painting_that_is_closed_half_way_stops_and_the_next_is_none_the_worse(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    before = result(painter, photo, style, quick())
    painting = painter.paint(photo, [style], Recipe(size=64, steps=500))
    kept = [next(painting) for _ in range(3)]
    painting.close()
    assert list(painting) == []
    assert kept[-1].index == 3
    assert kept[-1].picture().shape == (64, 64, 3)  # what was painted can still be had
    np.testing.assert_array_equal(result(painter, photo, style, quick()), before)


def test_pictures_on_the_way_are_not_changed_by_later_steps(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    steps, shown = [], []
    for step in painter.paint(photo, [style], quick()):
        steps.append(step)
        shown.append(step.picture())
    for step, picture in zip(steps, shown, strict=True):
        np.testing.assert_array_equal(step.picture(), picture)
    assert distance(shown[0], shown[-1]) > 1


def test_the_pictures_that_are_given_stay_as_they_are(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    given = resize(photo, 64, 64), resize(style, 64, 64)
    copies = given[0].copy(), given[1].copy()
    result(painter, *given, quick(keep_colours=True))
    np.testing.assert_array_equal(given[0], copies[0])
    np.testing.assert_array_equal(given[1], copies[1])


# What it looks like


def test_wild_is_further_from_the_photo_than_light(
    by_strength: dict[Strength, list[Step]], photo: Picture, style: Picture
) -> None:
    recipe = Recipe(size=128)
    photo_floats, style_floats = prepare(photo, style, recipe)
    toned = tone(photo_floats, style_floats, recipe)
    far = {strength: distance(steps[-1].picture(), toned) for strength, steps in by_strength.items()}
    assert 2 < far[Strength.LIGHT] < 0.8 * far[Strength.WILD]


def test_the_painting_has_the_styles_colours(by_strength: dict[Strength, list[Step]], style: Picture) -> None:
    for steps in by_strength.values():
        painted = steps[-1].picture()
        np.testing.assert_allclose(painted.mean(axis=(0, 1)), style.mean(axis=(0, 1)), atol=6)
        np.testing.assert_allclose(painted.std(axis=(0, 1)), style.std(axis=(0, 1)), rtol=0.15)


def test_other_styles_give_other_paintings(painter: Painter, sample: Sample, photo: Picture) -> None:
    paintings = [
        result(painter, photo, sample(name, 320), quick()) for name in ("van-gogh-auvers", "degas-dancers")
    ]
    assert distance(*paintings) > 10


def test_kept_colours_are_the_photos(painter: Painter, photo: Picture, style: Picture) -> None:
    painted = result(painter, photo, style, quick(96, keep_colours=True)).astype(float)
    change = painted - resize(photo.astype(np.float32), 96, 96)
    unclipped = ((painted > 0) & (painted < 255)).all(axis=-1)
    assert unclipped.mean() > 0.5
    # Where nothing was clipped all three channels have changed alike: only the luma is painted.
    assert np.ptp(change[unclipped], axis=-1).max() < 1.01  # rounding
    assert np.abs(change).mean() > 3


def test_a_grey_photo_that_keeps_its_colours_stays_grey(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    grey = np.repeat(photo[..., 1:2], 3, axis=-1)
    assert np.ptp(result(painter, grey, style, quick(keep_colours=True)).astype(int), axis=-1).max() <= 1


@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
@pytest.mark.parametrize("keep_colours", [False, True])
def test_flat_pictures_paint_without_trouble(
    painter: Painter, photo: Picture, style: Picture, strength: Strength, keep_colours: bool
) -> None:
    grey, black = np.full((64, 64, 3), 128, np.uint8), np.zeros((64, 64, 3), np.uint8)
    recipe = Recipe(strength, 64, steps=3, keep_colours=keep_colours)
    for content, manner in [(grey, style), (photo, grey), (black, grey), (photo, black)]:
        assert result(painter, content, manner, recipe).shape == (64, 64, 3)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_one_to_four_styles_will_do(painter: Painter, photo: Picture, style: Picture, count: int) -> None:
    styles = [resize(style, 80 + 16 * number, 96) for number in range(count)]
    *_, last = painter.paint(photo, styles, quick(mix=(2.0, 1.0, 1.0, 0.5)[:count]))
    assert last.picture().shape == (64, 64, 3)


@pytest.mark.parametrize(
    ("count", "mix", "words"), [(0, None, "not 0"), (5, None, "not 5"), (2, (1.0,), "none of 2")]
)
def test_other_numbers_of_styles_are_refused(
    painter: Painter, photo: Picture, style: Picture, count: int, mix: tuple[float, ...] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        list(painter.paint(photo, [style] * count, quick(mix=mix)))


# Numbers


def test_bfloat16_paints_what_float32_paints(photo: Picture, style: Picture) -> None:
    weights = load_weights("packaged")
    exact, short = (Painter(Backbone(weights, compute)) for compute in (tf.float32, tf.bfloat16))
    recipe = Recipe(size=96, steps=6)
    paintings = [result(painter, photo, style, recipe) for painter in (exact, short)]
    assert distance(*paintings) < 4
    assert distance(paintings[0], result(exact, photo, style, replace(recipe, seed=1))) > distance(*paintings)
    classic = Recipe(Strength.CLASSIC, 64, steps=2)
    np.testing.assert_array_equal(result(exact, photo, style, classic), result(short, photo, style, classic))


@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_a_loss_that_is_no_number_is_an_error_and_not_a_picture(
    small_network: Weights, photo: Picture, style: Picture, strength: Strength
) -> None:
    kernel, bias = small_network.layers["block3_conv1"]
    broken = {**small_network.layers, "block3_conv1": (kernel, np.full_like(bias, np.nan))}
    painter = Painter(Backbone(replace(small_network, layers=broken)))
    with pytest.raises(NotFiniteError, match=r"step \d+ of \d+"):
        list(painter.paint(photo, [style], Recipe(strength, 64, steps=3)))
