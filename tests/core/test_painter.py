"""The painter as its callers see it: steps, sizes, seeds, colours, and stopping half way."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations, groupby, pairwise

import numpy as np
import pytest
import tensorflow as tf

from core.backbone import Backbone
from core.decoding.picture import PictureError, Reason, resize
from core.decoding.pixels import Picture
from core.painter import Painter
from core.plan import Scale, final_size
from core.prepare import prepare
from core.recipe import Recipe, Strength
from core.step import Losses, NotFiniteError, Step
from core.weights import Weights, load_weights
from tests.core.networks import random_vgg19

Sample = Callable[[str, int], Picture]
MANNERS = [strength for strength in Strength if strength is not Strength.CLASSIC]
SIZE = 96  # px; the smallest that has more than one scale
LUMA = np.array([0.299, 0.587, 0.114])


@pytest.fixture(scope="module")
def photo(sample: Sample) -> Picture:
    return sample("astronaut", 320)


@pytest.fixture(scope="module")
def style(sample: Sample) -> Picture:
    return sample("van-gogh-auvers", 320)


@pytest.fixture(scope="module")
def by_strength(painter: Painter, photo: Picture, style: Picture) -> dict[Strength, list[Step]]:
    """Whole paintings with the strengths' own steps."""
    return {strength: list(painter.paint(photo, [style], Recipe(strength, SIZE))) for strength in MANNERS}


def optimised(steps: Iterable[Step]) -> list[tuple[Step, Losses]]:
    """The steps that have losses, with these."""
    return [(step, step.losses) for step in steps if step.losses is not None]


def result(painter: Painter, photo: Picture, style: Picture | Sequence[Picture], recipe: Recipe) -> Picture:
    """The last picture of a painting in which all is finite."""
    styles = [style] if isinstance(style, np.ndarray) else style
    steps = list(painter.paint(photo, styles, recipe))
    for _, losses in optimised(steps):
        assert all(map(math.isfinite, (losses.total, losses.style, losses.content)))
    return shown(steps[-1])


def shown(step: Step) -> Picture:
    with np.errstate(invalid="raise"):  # what is not a number is no colour
        return step.picture()


def quick(size: int = 48, **values: object) -> Recipe:
    return Recipe(size=size, steps=3, **values)  # type: ignore[arg-type]


def distance(one: Picture, other: Picture) -> float:
    """Mean absolute difference, levels."""
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def blurred(picture: Picture) -> Picture:
    """Only what is large in it."""
    return resize(picture, 12, 12)


# Sizes


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [
        (64, 64, 64),
        (320, 200, 90),
        (20, 150, 1024),
        (150, 20, 1024),
        (16, 16, 64),
        (16, 320, 1024),
        (67, 101, 512),
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


@pytest.mark.parametrize(("height", "width"), [(16, 16), (16, 320), (400, 20), (320, 320), (1, 1), (3, 7)])
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
@pytest.mark.parametrize("optimisation", [1, 7])
def test_steps_are_counted_and_timed_and_their_shares_make_a_whole(
    painter: Painter, photo: Picture, style: Picture, strength: Strength, optimisation: int
) -> None:
    steps = list(painter.paint(photo, [style], Recipe(strength, SIZE, steps=optimisation)))
    assert [(step.index, step.total) for step in steps] == [
        (number, len(steps)) for number in range(1, len(steps) + 1)
    ]
    assert len(optimised(steps)) == optimisation
    times = [step.seconds for step in steps]
    assert times == sorted(times)
    shares = [0, *(step.share for step in steps)]
    assert all(before < after for before, after in pairwise(shares))
    assert shares[-1] == 1


def test_it_goes_from_small_to_large_and_is_always_shown_at_the_results_size(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    steps = list(painter.paint(resize(photo, 64, 128), [style], Recipe(size=112, steps=2)))
    scales = [step.scale for step in steps]
    assert scales == sorted(scales)
    assert scales[0] < scales[-1] == 112
    for step in steps:
        picture = shown(step)
        assert (picture.shape, picture.dtype) == ((56, 112, 3), np.uint8)


def test_the_first_picture_shows_what_is_being_painted(
    by_strength: dict[Strength, list[Step]], photo: Picture
) -> None:
    for steps in by_strength.values():
        first, last = shown(steps[0]), shown(steps[-1])
        assert first.shape == last.shape == (SIZE, SIZE, 3)
        likeness = np.corrcoef((first @ LUMA).ravel(), (resize(photo, SIZE, SIZE) @ LUMA).ravel())[0, 1]
        assert likeness > 0.5


def test_the_loss_falls_at_every_strength(by_strength: dict[Strength, list[Step]]) -> None:
    for steps in by_strength.values():
        for _, at_scale in groupby(optimised(steps), lambda step: step[0].scale):
            losses = [losses for _, losses in at_scale]
            assert losses[-1].total < 0.9 * losses[0].total
            assert min(one.total for one in losses) == pytest.approx(losses[-1].total, rel=0.05)


def test_nothing_is_done_until_steps_are_asked_for(painter: Painter, style: Picture) -> None:
    nonsense = np.zeros((0, 0, 3), np.uint8)
    painter.paint(nonsense, [style], quick()).close()


def test_whatever_the_size_and_the_styles_the_step_is_traced_once(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    result(painter, photo, style, quick())
    traced = painter.trace_seconds
    assert traced > 0
    result(painter, resize(photo, 40, 56), [style, photo], quick(56))
    assert painter.trace_seconds == traced


# Seeds


def test_the_same_seed_gives_the_same_picture_byte_by_byte(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    first, again, other = (result(painter, photo, style, quick(SIZE, seed=seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert 0 < distance(first, other) < 30


@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_the_largest_seed_will_do(
    painter: Painter, photo: Picture, style: Picture, strength: Strength
) -> None:
    recipe = Recipe(strength, 48, steps=1, seed=2**63 - 1)
    assert result(painter, photo, style, recipe).shape == (48, 48, 3)


# Large pictures, and stopping


class Large(Scale):
    """A scale that is treated as those of large pictures are."""

    is_middle = False
    stride = 2

    @property
    def searches(self) -> int:
        return 3 if self.exact else 1

    @property
    def strips(self) -> int:
        return self.number_of_strips

    number_of_strips = 4


class Whole(Large):
    number_of_strips = 1


def large_plan(last: type[Scale]) -> Callable[..., list[Scale]]:
    """Four scales, with everything in them that large pictures have, in a moment."""
    return lambda *_: [
        Large(24, 28, rounds=2, steps=2, exact=True, final=False, keys=12_000),
        Large(36, 42, rounds=1, steps=2, exact=True, final=False, keys=12_000),
        last(61, 72, rounds=1, steps=0, exact=False, final=False, keys=12_000),
        last(94, 111, rounds=1, steps=0, exact=False, final=True, keys=12_000),
    ]


@pytest.fixture
def as_large_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.painter.plan", large_plan(Large))


@pytest.fixture(scope="module")
def wide(photo: Picture) -> Picture:
    return resize(photo, 94, 111)


@pytest.mark.usefixtures("as_large_ones_are")
def test_a_painting_is_seen_part_by_part(painter: Painter, wide: Picture, style: Picture) -> None:
    steps = list(painter.paint(wide, [style], Recipe(size=111)))
    assert [step.scale for step in steps] == [28] * 14 + [42] * 8 + [72] * 4 + [111] * 4
    assert [step.index for step, _ in optimised(steps)] == [13, 14, 21, 22]
    assert steps[-1].share == 1
    pictures = [shown(step) for step in steps]
    for strip, (before, after) in enumerate(pairwise(pictures[-4:]), start=1):
        rows = np.flatnonzero((before != after).any(axis=(1, 2)))
        assert strip * 94 // 4 <= rows.min() <= rows.max() < (strip + 1) * 94 // 4
    assert distance(pictures[-1], pictures[-5]) > 1


def test_strips_do_not_show(
    painter: Painter, wide: Picture, style: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = []
    for last in (Large, Whole):
        monkeypatch.setattr("core.painter.plan", large_plan(last))
        pictures.append(result(painter, wide, style, Recipe(size=111)).astype(int))
    inner = np.abs(pictures[0] - pictures[1])[
        8:-8
    ]  # the outermost rows have other neighbours, beyond the border
    assert (inner > 1).mean() < 1e-3


@pytest.mark.usefixtures("as_large_ones_are")
@pytest.mark.parametrize("stop", [1, 13, 15, 24, 28], ids=lambda step: f"after step {step}")
def test_a_painting_that_is_closed_half_way_stops_and_the_next_is_none_the_worse(
    painter: Painter, wide: Picture, style: Picture, undisturbed: Picture, stop: int
) -> None:
    """In the search, in the refinement, between scales, and in strips."""
    painting = painter.paint(wide, [style], Recipe(size=111))
    kept = [next(painting) for _ in range(stop)]
    painting.close()
    assert list(painting) == []
    assert kept[-1].index == stop
    assert shown(kept[-1]).shape == (94, 111, 3)  # what was painted can still be had
    np.testing.assert_array_equal(result(painter, wide, style, Recipe(size=111)), undisturbed)


@pytest.fixture(scope="module")
def undisturbed(painter: Painter, wide: Picture, style: Picture) -> Picture:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.painter.plan", large_plan(Large))
        return result(painter, wide, style, Recipe(size=111))


def test_a_classic_painting_that_is_closed_half_way_stops_too(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    recipe = Recipe(Strength.CLASSIC, 48, steps=2)
    before = result(painter, photo, style, recipe)
    painting = painter.paint(photo, [style], replace(recipe, steps=500))
    kept = [next(painting) for _ in range(3)]
    painting.close()
    assert list(painting) == []
    assert shown(kept[-1]).shape == (48, 48, 3)
    np.testing.assert_array_equal(result(painter, photo, style, recipe), before)


def test_pictures_on_the_way_are_not_changed_by_later_steps(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    steps, pictures = [], []
    for step in painter.paint(photo, [style], quick()):
        steps.append(step)
        pictures.append(step.picture())
    for step, picture in zip(steps, pictures, strict=True):
        np.testing.assert_array_equal(step.picture(), picture)
    assert distance(pictures[0], pictures[-1]) > 1


def test_the_pictures_that_are_given_stay_as_they_are(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    given = resize(photo, 64, 64), resize(style, 64, 64)
    copies = given[0].copy(), given[1].copy()
    result(painter, *given, quick(keep_colours=True))
    np.testing.assert_array_equal(given[0], copies[0])
    np.testing.assert_array_equal(given[1], copies[1])


# What it looks like


def test_the_strengths_are_four_different_paintings_each_further_from_the_photo(
    by_strength: dict[Strength, list[Step]], photo: Picture, style: Picture
) -> None:
    pictures = {strength: shown(steps[-1]) for strength, steps in by_strength.items()}
    for one, other in combinations(pictures.values(), 2):
        assert distance(one, other) > 3
    toned = prepare(photo, [style], Recipe(size=SIZE)).toned @ LUMA
    far = {strength: np.abs(picture @ LUMA - toned).mean() for strength, picture in pictures.items()}
    assert far[Strength.LIGHT] > 3
    assert far[Strength.WILD] > 1.1 * far[Strength.LIGHT]
    assert far[Strength.STRONG] > far[Strength.LIGHT]


def test_a_painting_shows_the_photo_and_not_another(
    by_strength: dict[Strength, list[Step]], photo: Picture, sample: Sample
) -> None:
    own, other = (blurred(picture) @ LUMA for picture in (photo, resize(sample("cat", 320), 320, 320)))
    for steps in by_strength.values():
        painted = blurred(shown(steps[-1])) @ LUMA
        like_own, like_other = (np.corrcoef(painted.ravel(), one.ravel())[0, 1] for one in (own, other))
        assert like_own > 0.5
        assert like_own > like_other + 0.2


def test_the_painting_has_the_styles_colours(by_strength: dict[Strength, list[Step]], style: Picture) -> None:
    for steps in by_strength.values():
        painted = shown(steps[-1])
        np.testing.assert_allclose(painted.mean(axis=(0, 1)), style.mean(axis=(0, 1)), atol=15)
        np.testing.assert_allclose(painted.std(axis=(0, 1)), style.std(axis=(0, 1)), rtol=0.3)


def test_other_styles_give_other_paintings(painter: Painter, sample: Sample, photo: Picture) -> None:
    paintings = [
        result(painter, photo, sample(name, 320), quick()) for name in ("van-gogh-auvers", "degas-dancers")
    ]
    assert distance(*paintings) > 10


@pytest.mark.parametrize("name", ["astronaut", "van-gogh-auvers"])
@pytest.mark.parametrize("strength", [Strength.LIGHT, Strength.BALANCED])
def test_a_photo_in_its_own_style_stays_nearly_as_it_is(
    painter: Painter, sample: Sample, name: str, strength: Strength
) -> None:
    picture = sample(name, SIZE)
    assert distance(result(painter, picture, picture, Recipe(strength, SIZE)), picture) < 5


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


# Several styles


def tinted(picture: Picture, *tint: float) -> Picture:
    """A picture in shades of one colour only."""
    shades = 40 + 0.84 * (picture @ LUMA)[..., None]
    return np.clip(shades * tint, 0, 255).astype(np.uint8)


def reddish(picture: Picture) -> float:
    """The part of a picture that is more red than blue by far."""
    return float((picture[..., 0] > picture[..., 2].astype(int) + 30).mean())


def bluish(picture: Picture) -> float:
    return reddish(picture[..., ::-1])


@pytest.fixture(scope="module")
def red_and_blue(sample: Sample) -> tuple[Picture, Picture]:
    return tinted(sample("van-gogh-auvers", 96), 1, 0.3, 0.3), tinted(
        sample("degas-dancers", 80), 0.3, 0.3, 1
    )


def test_each_styles_colours_are_found_in_the_painting(
    painter: Painter, photo: Picture, red_and_blue: tuple[Picture, Picture]
) -> None:
    alone = [result(painter, photo, style, quick()) for style in red_and_blue]
    assert reddish(alone[0]) > 0.9
    assert bluish(alone[1]) > 0.9
    both = result(painter, photo, red_and_blue, quick())
    assert reddish(both) > 0.15
    assert bluish(both) > 0.15


def test_a_mix_leans_to_the_style_that_weighs_more(
    painter: Painter, photo: Picture, red_and_blue: tuple[Picture, Picture]
) -> None:
    mixes = (9.0, 1.0), (1.0, 1.0), (1.0, 9.0)
    paintings = [result(painter, photo, red_and_blue, quick(mix=mix)) for mix in mixes]
    reds = [reddish(painting) for painting in paintings]
    assert reds[0] > reds[1] + 0.05
    assert reds[1] > reds[2] + 0.05
    blues = [bluish(painting) for painting in paintings]
    assert blues[0] < blues[1] < blues[2]


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_one_to_four_styles_will_do(
    painter: Painter, photo: Picture, style: Picture, count: int, strength: Strength
) -> None:
    styles = [resize(style, 40 + 16 * number, 96 - 20 * number) for number in range(count)]
    recipe = Recipe(strength, 48, steps=2, mix=(2.0, 1.0, 1.0, 0.001)[:count])
    assert result(painter, photo, styles, recipe).shape == (48, 48, 3)


@pytest.mark.parametrize(
    ("count", "mix", "words"), [(0, None, "not 0"), (5, None, "not 5"), (2, (1.0,), "none of 2")]
)
def test_other_numbers_of_styles_are_refused(
    painter: Painter, photo: Picture, style: Picture, count: int, mix: tuple[float, ...] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        list(painter.paint(photo, [style] * count, quick(mix=mix)))


# Awkward pairs


def flat(*colour: int) -> Picture:
    return np.full((64, 64, 3), colour, np.uint8)


def line_drawing() -> Picture:
    y, x = np.mgrid[:64, :64]
    lines = (np.hypot(x - 32, y - 30) // 1 % 12 < 1) | (abs(x - y) < 1)
    return np.where(lines[..., None], 20, 250).repeat(3, -1).astype(np.uint8)


def text_like() -> Picture:
    """Rows of words, as a page has them."""
    page = np.full((64, 64), 255, np.uint8)
    random = np.random.default_rng(7)
    for row in range(4, 60, 7):
        page[row : row + 4, 4:60] = np.where(random.random((4, 56)) < 0.5, 0, 255)
        page[row : row + 4, random.integers(4, 60, 12)] = 255
    return page[..., None].repeat(3, -1)


def two_tone(picture: Picture) -> Picture:
    light = picture @ LUMA > np.median(picture @ LUMA)
    return np.where(light[..., None], [230, 215, 180], [40, 20, 60]).astype(np.uint8)


def grey(picture: Picture) -> Picture:
    return (picture @ LUMA)[..., None].repeat(3, -1).astype(np.uint8)


@pytest.fixture(scope="module")
def pictures(sample: Sample) -> dict[str, Picture]:
    photo, painting = sample("astronaut", 64), sample("van-gogh-auvers", 96)
    return {
        "photo": photo,
        "light photo": (190 + 0.25 * photo).astype(np.uint8),
        "grey photo": grey(photo),
        "small photo": resize(photo, 16, 16),
        "panorama": resize(photo, 16, 320),
        "painting": painting,
        "dark painting": (0.15 * painting).astype(np.uint8),
        "grey painting": grey(painting),
        "narrow painting": resize(painting, 400, 20),
        "small painting": resize(painting, 16, 16),
        "photo as style": sample("cat", 90),
        "two tones": two_tone(painting),
        "drawing": line_drawing(),
        "text": text_like(),
        "black": flat(0, 0, 0),
        "white": flat(255, 255, 255),
        "pink": flat(230, 120, 160),
        "noise": np.random.default_rng(2).integers(0, 256, (64, 64, 3)).astype(np.uint8),
    }


PAIRS = [
    ("light photo", "dark painting"),
    ("photo", "two tones"),
    ("photo", "drawing"),
    ("photo", "photo as style"),
    ("photo", "narrow painting"),
    ("photo", "small painting"),
    ("photo", "noise"),
    ("photo", "black"),
    ("photo", "pink"),
    ("grey photo", "painting"),
    ("grey photo", "grey painting"),
    ("photo", "grey painting"),
    ("panorama", "painting"),
    ("panorama", "narrow painting"),
    ("small photo", "small painting"),
    ("text", "painting"),
    ("drawing", "two tones"),
    ("black", "painting"),
    ("white", "dark painting"),
    ("pink", "pink"),
    ("black", "white"),
    ("noise", "drawing"),
]


@pytest.mark.parametrize(("content", "manner"), PAIRS, ids=[" in ".join(pair) for pair in PAIRS])
def test_every_awkward_pair_is_painted_in_the_styles_colours(
    painter: Painter, pictures: dict[str, Picture], content: str, manner: str
) -> None:
    photo, style = pictures[content], pictures[manner]
    painted = result(painter, photo, style, Recipe(size=320, steps=2))
    assert painted.shape == photo.shape
    within = style.reshape(-1, 3).min(0) - 12.0, style.reshape(-1, 3).max(0) + 12.0
    assert (painted >= within[0]).all()
    assert (painted <= within[1]).all()
    if np.ptp(photo) and np.ptp(style):
        assert np.ptp(painted) > 0.3 * np.ptp(style), "there is more than one colour in it"


@pytest.mark.parametrize(
    ("content", "manner"),
    [("photo", "two tones"), ("black", "painting"), ("text", "painting"), ("photo", "white")],
    ids=["two tones", "black photo", "text", "white style"],
)
@pytest.mark.parametrize("keep_colours", [False, True])
@pytest.mark.parametrize("strength", [Strength.LIGHT, Strength.WILD, Strength.CLASSIC])
def test_awkward_pairs_come_through_at_other_strengths_and_with_the_photos_colours(
    painter: Painter,
    pictures: dict[str, Picture],
    content: str,
    manner: str,
    keep_colours: bool,
    strength: Strength,
) -> None:
    recipe = Recipe(strength, 48, steps=2, keep_colours=keep_colours)
    assert result(painter, pictures[content], pictures[manner], recipe).shape == (48, 48, 3)


# Numbers


def test_bfloat16_paints_what_float32_paints(painter: Painter, photo: Picture, style: Picture) -> None:
    other_type = tf.float32 if painter.backbone.compute == tf.bfloat16 else tf.bfloat16
    other = Painter(Backbone(load_weights("packaged"), other_type))
    recipe = Recipe(size=SIZE, steps=6)
    paintings = [result(one, photo, style, recipe) for one in (painter, other)]
    assert distance(*map(blurred, paintings)) < 8
    np.testing.assert_allclose(*(painted.mean(axis=(0, 1)) for painted in paintings), atol=4)
    np.testing.assert_allclose(*(painted.std(axis=(0, 1)) for painted in paintings), rtol=0.1)
    classic = Recipe(Strength.CLASSIC, 48, steps=2)
    np.testing.assert_array_equal(*(result(one, photo, style, classic) for one in (painter, other)))


def test_vgg19_paints_as_the_packaged_network_does_step_by_step(
    photo: Picture, style: Picture, by_strength: dict[Strength, list[Step]]
) -> None:
    """The layout that ImageNet's weights come in; here they are random."""
    painter = Painter(Backbone(random_vgg19()))
    steps = list(painter.paint(photo, [style], Recipe(size=SIZE)))
    expected = by_strength[Strength.BALANCED]
    assert [(step.index, step.total, step.scale) for step in steps] == [
        (step.index, step.total, step.scale) for step in expected
    ]
    losses = [losses for _, losses in optimised(steps)]
    assert len(losses) == len(optimised(expected))
    assert all(map(math.isfinite, (losses[-1].total, losses[-1].style, losses[-1].content)))
    assert losses[-1].total < losses[0].total
    painted = shown(steps[-1])
    assert painted.shape == (SIZE, SIZE, 3)
    np.testing.assert_allclose(painted.mean(axis=(0, 1)), style.mean(axis=(0, 1)), atol=15)


@pytest.mark.parametrize("layer", ["block3_conv1", "block4_conv2"])
@pytest.mark.parametrize("strength", [Strength.BALANCED, Strength.CLASSIC])
def test_a_loss_that_is_no_number_is_an_error_and_not_a_picture(
    small_network: Weights, photo: Picture, style: Picture, strength: Strength, layer: str
) -> None:
    kernel, bias = small_network.layers[layer]
    broken = {**small_network.layers, layer: (kernel, np.full_like(bias, np.nan))}
    painter = Painter(Backbone(replace(small_network, layers=broken)))
    with pytest.raises(NotFiniteError, match=r"step \d+ of \d+|features"):
        list(painter.paint(photo, [style], Recipe(strength, 64, steps=3)))


# Sketches


SHORT = [Strength.LIGHT, Strength.WILD]


@pytest.mark.parametrize(("height", "width"), [(213, 320), (320, 20), (20, 320), (16, 16)])
def test_a_sketch_has_the_size_asked_for(
    painter: Painter, photo: Picture, style: Picture, height: int, width: int
) -> None:
    sketch = result(painter, resize(photo, height, width), style, Recipe(size=320, sketch=True))
    assert sketch.shape == (height, width, 3)


def test_sketches_share_work_and_are_what_they_would_be_alone(
    painter: Painter, photo: Picture, style: Picture
) -> None:
    recipes = [Recipe(strength, 96, sketch=True) for strength in SHORT]
    together = [result(painter, photo, style, recipe) for recipe in recipes]
    for recipe, sketch in zip(recipes, together, strict=True):
        result(painter, style, photo, recipe)  # others come between
        assert np.array_equal(result(painter, photo, style, recipe), sketch)


def test_sketches_show_how_far_each_strength_goes(painter: Painter, photo: Picture, style: Picture) -> None:
    toned = prepare(photo, [style], Recipe(size=SIZE)).toned @ LUMA
    light, wild = (result(painter, photo, style, Recipe(strength, SIZE, sketch=True)) for strength in SHORT)
    assert np.abs(wild @ LUMA - toned).mean() > 1.1 * np.abs(light @ LUMA - toned).mean()
