"""From a job's row to what the executor is to paint."""

import json
from typing import Any

from core.recipe import MOST, Recipe, Strength
from storage import Job

_AS_FILE_OF = "as_file_of"


def recipe_of(job: Job, size: int) -> Recipe:
    """The strength's recipe at this size, or twice that for Larger, changed as the job says."""
    changes = {name: value for name, value in _notes(job).items() if name != _AS_FILE_OF}
    recipe = Recipe(
        strength=Strength(job.strength),
        size=min(2 * size, MOST) if job.larger else size,
        enlarge=job.larger,
        keep_colours=job.keep_colours,
    )
    return Recipe.from_json({**recipe.to_json(), **changes})


def mix_alone(job: Job) -> str | None:
    """The `recipe` of a job that paints the same pictures anew: the weights of its styles go with these."""
    mix = _notes(job).get("mix")
    return json.dumps({"mix": mix}) if mix else None


def again_as_file(job: Job) -> str:
    """The `recipe` of a job that paints the same as `job` to deliver it as a file."""
    notes = {**_notes(job), _AS_FILE_OF: as_file_of(job) or job.id}
    return json.dumps(notes)


def as_file_of(job: Job) -> int | None:
    """The job whose result this one paints once more, where it does, to deliver it as a file."""
    original: int | None = _notes(job).get(_AS_FILE_OF)
    return original


def _notes(job: Job) -> dict[str, Any]:
    notes: dict[str, Any] = json.loads(job.recipe) if job.recipe else {}
    return notes
