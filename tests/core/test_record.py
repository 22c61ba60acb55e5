"""The record of a painting: an animation and a sheet that other programs can open."""

from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.decoding.picture import fit, open_picture
from core.decoding.pixels import Picture
from core.painter import Painter
from core.recipe import Recipe
from core.record import Record


class Recorded(NamedTuple):
    record: Record
    result: Picture


@pytest.fixture(scope="module")
def recorded(painter: Painter, sample: Callable[[str, int], Picture]) -> Recorded:
    """A painting of two scales, whose sides are not in quite the same proportion: 66 x 100 and 133 x 200."""
    photo, style = sample("cat", 200), sample("van-gogh-auvers", 200)
    assert photo.shape == (133, 200, 3)
    record = Record(photo, style)
    for step in painter.paint(photo, style, Recipe(size=200, steps=8)):
        record.add(step)
    return Recorded(record, step.picture())


def test_the_timelapse_is_an_animation_that_ends_with_the_result(recorded: Recorded) -> None:
    with Image.open(BytesIO(recorded.record.timelapse())) as animation:
        assert animation.format == "GIF"
        assert animation.is_animated
        assert animation.n_frames == 8
        assert animation.info["loop"] == 0
        frames = [np.asarray(frame.convert("RGB"), float) for frame in ImageSequence.Iterator(animation)]
    shown = fit(recorded.result, 480).astype(float)
    assert np.abs(frames[-1] - shown).mean() < 15  # a palette of 256 colours
    assert np.abs(frames[0] - shown).mean() > np.abs(frames[-1] - shown).mean()


def test_all_frames_have_the_size_of_the_result(recorded: Recorded) -> None:
    height, width = fit(recorded.result, 480).shape[:2]
    with Image.open(BytesIO(recorded.record.timelapse())) as animation:
        assert {frame.size for frame in ImageSequence.Iterator(animation)} == {(width, height)}


def test_the_last_frame_is_held(recorded: Recorded) -> None:
    with Image.open(BytesIO(recorded.record.timelapse())) as animation:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(animation)]
    assert durations[-1] > 5 * durations[0]


def test_the_sheet_is_a_picture(recorded: Recorded) -> None:
    pytest.importorskip("matplotlib")
    data = recorded.record.sheet(recorded.result)
    assert data.startswith(b"\x89PNG")
    sheet = open_picture(data)
    assert sheet.shape[1] > sheet.shape[0] > 500
    assert sheet.std() > 20


def test_a_single_step_is_record_enough(painter: Painter, sample: Callable[[str, int], Picture]) -> None:
    photo = sample("cat", 64)
    record = Record(photo, photo)
    (step,) = painter.paint(photo, photo, Recipe(size=64, steps=1))
    record.add(step)
    with Image.open(BytesIO(record.timelapse())) as still:
        assert still.size == (480, round(480 * photo.shape[0] / 64))
    pytest.importorskip("matplotlib")
    assert record.sheet(step.picture()).startswith(b"\x89PNG")
