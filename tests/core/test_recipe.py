"""Recipes: what is refused at once, and the way through JSON."""

import json

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


@pytest.mark.parametrize("strength", Strength)
def test_a_recipe_comes_back_from_json(strength: Strength) -> None:
    recipe = Recipe(strength, 640, enlarge=True, steps=7, keep_colours=True, draft=False, seed=99)
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_what_is_not_said_is_balanced_at_the_default_size() -> None:
    recipe = Recipe()
    assert (recipe.strength, recipe.size, recipe.enlarge, recipe.draft) == (
        Strength.BALANCED,
        DEFAULT_SIZE,
        False,
        True,
    )
    assert recipe.with_size(300) == Recipe(size=300)


def test_classic_has_the_articles_own_numbers() -> None:
    assert Recipe(Strength.CLASSIC).manner == Article(
        steps=100, rate=2.0, beta1=0.99, beta2=0.999, epsilon=0.1, style_weight=0.01, content_weight=1000.0
    )
