"""The chart of /stats, by its pixels."""

from io import BytesIO

import pytest
from PIL import Image

from bot.ops.stats_chart import BOTTOM, LEFT, RIGHT, STACK, TOP, draw
from storage import State

DONE, FAILED, CANCELLED, UNDER_WAY = (colour for _, colour, _ in STACK)


def chart(*hours: dict[State, int]) -> Image.Image:
    quiet: list[dict[State, int]] = [{}] * (24 - len(hours))
    return Image.open(BytesIO(draw([*quiet, *hours], 1_700_000_000.0)))


def column(image: Image.Image, hours_ago: int) -> list[object]:
    """The colours of a bar's middle, from the bottom up, each once."""
    width = (RIGHT - LEFT) / 24
    x = round(RIGHT - (hours_ago + 0.5) * width)
    pixels = [image.getpixel((x, y)) for y in range(BOTTOM - 2, TOP, -1)]
    bars = [pixel for pixel in pixels if pixel in (DONE, FAILED, CANCELLED, UNDER_WAY)]
    return list(dict.fromkeys(bars))


def height(image: Image.Image, hours_ago: int) -> int:
    x = round(RIGHT - (hours_ago + 0.5) * (RIGHT - LEFT) / 24)
    colours = (DONE, FAILED, CANCELLED, UNDER_WAY)
    return sum(image.getpixel((x, y)) in colours for y in range(TOP, BOTTOM))


def test_each_hour_has_its_bar_stacked_by_what_became_of_the_jobs() -> None:
    mixed = {State.DONE: 3, State.FAILED: 2, State.CANCELLED: 2, State.QUEUED: 1, State.RUNNING: 1}
    image = chart({State.DONE: 9}, {}, mixed)
    assert column(image, 0) == [DONE, FAILED, CANCELLED, UNDER_WAY]
    assert column(image, 1) == []
    assert column(image, 2) == [DONE]
    assert abs(height(image, 0) - height(image, 2)) <= 4


@pytest.mark.parametrize("most", [0, 1, 3, 4, 5, 99, 100, 12_345])
def test_the_highest_bar_fits_and_fills_most_of_the_field(most: int) -> None:
    image = chart({State.DONE: most})
    tall = height(image, 0)
    assert tall <= BOTTOM - TOP + 1
    assert tall == 0 if most == 0 else tall >= (BOTTOM - TOP) / 2
