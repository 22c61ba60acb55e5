"""Recipes: what is refused at once, and the way through JSON."""

import json
import math

import pytest

from core.recipe import DEFAULT_SIZE, MOST, Article, Recipe, Strength


@pytest.mark.parametrize("size", [-1, 0, 15, MOST + 1])
def test_a_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"size must be between 16 and {MOST} px, not {size}"):
        Recipe(size=size)


@pytest.mark.parametrize("steps", [0, -5])
def test_fewer_than_one_step_is_refused(steps: int) -> None:
    with pytest.raises(ValueError, match="steps must be at least 1"):
        Recipe(steps=steps)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_no_generator_takes_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        Recipe(seed=seed)


@pytest.mark.parametrize("mix", [(), (1.0,) * 5, (1.0, 0.0), (-1.0,), (math.nan,), (1.0, math.inf)])
def test_a_mix_that_no_styles_can_have_is_refused(mix: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="mix"):
        Recipe(mix=mix)


@pytest.mark.parametrize(
    ("mix", "styles", "weights"),
    [
        (None, 1, [1]),
        (None, 4, [0.25] * 4),
        ((3.0,), 1, [1]),
        ((2.0, 1.0, 1.0), 3, [0.5, 0.25, 0.25]),
        ((1e308, 1e308), 2, [0.5, 0.5]),
    ],
)
def test_the_weights_of_styles_make_a_whole(
    mix: tuple[float, ...] | None, styles: int, weights: list[float]
) -> None:
    assert Recipe(mix=mix).mix_for(styles) == pytest.approx(weights)


@pytest.mark.parametrize(("mix", "styles"), [(None, 0), (None, 5), ((1.0, 2.0), 1), ((1.0, 2.0), 3)])
def test_a_mix_is_of_as_many_as_there_are_styles(mix: tuple[float, ...] | None, styles: int) -> None:
    with pytest.raises(ValueError, match="style"):
        Recipe(mix=mix).mix_for(styles)


def test_what_an_earlier_version_wrote_is_understood() -> None:
    """It had a draft, and no mix."""
    written = {"strength": "wild", "size": 640, "enlarge": False, "steps": None, "draft": True, "seed": 3}
    assert Recipe.from_json(written) == Recipe(Strength.WILD, 640, seed=3)


@pytest.mark.parametrize("strength", Strength)
def test_a_recipe_comes_back_from_json(strength: Strength) -> None:
    recipe = Recipe(strength, 640, enlarge=True, steps=7, keep_colours=True, mix=(2.0, 0.5), seed=99)
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_what_is_not_said_is_balanced_at_the_default_size() -> None:
    recipe = Recipe()
    assert (recipe.strength, recipe.size, recipe.enlarge, recipe.mix) == (
        Strength.BALANCED,
        DEFAULT_SIZE,
        False,
        None,
    )
    assert recipe.with_size(300) == Recipe(size=300)


def test_classic_has_the_articles_own_numbers() -> None:
    assert Recipe(Strength.CLASSIC).manner == Article(
        steps=100, rate=2.0, beta1=0.99, beta2=0.999, epsilon=0.1, style_weight=0.01, content_weight=1000.0
    )
