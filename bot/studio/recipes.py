"""Make the recipe of a painting from its job's row."""

import json
from typing import Any

from core.recipe import MOST, Recipe, Strength
from storage import Job


def recipe_of(job: Job, size: int) -> Recipe:
    """Make the recipe of a job: that of its strength, changed as the job says.

    Args:
        job: what was asked for.
        size: the longest side of a picture, px; Larger doubles it.
    """
    recipe = Recipe(
        strength=Strength(job.strength),
        size=min(2 * size, MOST) if job.larger else size,
        enlarge=job.larger,
        keep_colours=job.keep_colours,
    )
    return Recipe.from_json({**recipe.to_json(), **_changes(job)})


def mix_alone(job: Job) -> str | None:
    """Return the `recipe` of a job that paints the same pictures anew.

    Only the weights of its styles stay.
    """
    mix = _changes(job).get("mix")
    return json.dumps({"mix": mix}) if mix else None


def _changes(job: Job) -> dict[str, Any]:
    changes: dict[str, Any] = json.loads(job.recipe) if job.recipe else {}
    return changes
