"""A painter that takes a set time, loaded by name in the bot's worker process."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.decoding.pixels import Picture
from core.recipe import Recipe
from core.step import Step
from tests.kit.stand_in_painters import StandIn, wait

STEPS = 3


class Timed(StandIn):
    """Gives the photo back after some seconds, in `STEPS` steps."""

    def __init__(self, seconds: float) -> None:
        super().__init__(lambda index, recipe: wait(seconds / STEPS))  # noqa: ARG005

    def paint(self, content: Picture, styles: Sequence[Picture], recipe: Recipe) -> Iterator[Step]:
        return super().paint(content, styles, replace(recipe, steps=STEPS))


def timed(weights: str, device: str) -> Timed:  # noqa: ARG001
    """In place of weights it is told how many seconds a painting takes."""
    return Timed(float(weights))
