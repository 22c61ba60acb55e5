"""Draw the chart of /stats: the jobs of each hour, in colours that its caption explains."""

import math
import time
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from storage import State

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw as Canvas

# From the bottom up, with the sign that stands for the colour in words.
STACK = (
    ("🟩", (78, 154, 90), (State.DONE,)),
    ("🟥", (204, 82, 74), (State.FAILED,)),
    ("⬜", (190, 194, 200), (State.CANCELLED,)),
    ("🟦", (74, 128, 196), (State.QUEUED, State.RUNNING)),
)
SIZE = (960, 420)
LEFT, TOP, RIGHT, BOTTOM = 64, 28, 936, 372  # of the field with the bars
PAPER, GRID, INK = (255, 255, 255), (232, 234, 237), (95, 99, 104)
LINES = 4  # across the field, at most
LABEL_EVERY = 3  # hours


def draw(hours: Sequence[Mapping[State, int]], end: float) -> bytes:
    """Draw the chart as a PNG; its labels are in this machine's time.

    Args:
        hours: how many jobs of each state were asked for, hour by hour.
        end: a moment in the last of these hours, in Unix seconds.
    """
    from PIL import Image, ImageDraw, ImageFont  # not before it is needed: most bots are never asked

    image = Image.new("RGB", SIZE, PAPER)
    canvas, font = ImageDraw.Draw(image), ImageFont.load_default(20)
    most = max(sum(hour.values()) for hour in hours)
    step = _step(most)
    lines = max(1, math.ceil(most / step))
    scale = (BOTTOM - TOP) / (lines * step)
    for line in range(lines + 1):
        height = BOTTOM - line * step * scale
        canvas.line((LEFT, height, RIGHT, height), GRID, 2)
        canvas.text((LEFT - 12, height), str(line * step), INK, font, anchor="rm")
    width = (RIGHT - LEFT) / len(hours)
    for number, hour in enumerate(hours):
        left = LEFT + number * width
        _bar(canvas, hour, left + 0.15 * width, left + 0.85 * width, scale)
        began = time.localtime(end - 3600 * (len(hours) - 1 - number))
        if began.tm_hour % LABEL_EVERY == 0:
            canvas.text((left + width / 2, BOTTOM + 12), f"{began.tm_hour:02}", INK, font, anchor="mt")
    png = BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _bar(canvas: "Canvas", hour: Mapping[State, int], left: float, right: float, scale: float) -> None:
    height = float(BOTTOM)
    for _, colour, states in STACK:
        count = sum(hour.get(state, 0) for state in states)
        if count:
            canvas.rectangle((left, height - count * scale, right, height - 1), colour)
            height -= count * scale


def _step(most: int) -> int:
    """Return a round number of which a few make up the most."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * LINES >= most:
                return factor * size
        size *= 10
