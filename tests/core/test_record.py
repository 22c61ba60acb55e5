"""The record of a painting: an animation and a sheet that other programs can open."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.decoding.picture import fit, open_picture
from core.decoding.pixels import Picture
from core.record import Record
from core.step import Losses, Step

Sample = Callable[[str, int], Picture]


class Recorded(NamedTuple):
    record: Record
    result: Picture


def record_of(photo: Picture, styles: Sequence[Picture], steps: int, optimised_from: int) -> Recorded:
    """A painting that fades from the photo to the first style; from one step on it has losses."""
    target = np.resize(styles[0], photo.shape)
    record, picture = Record(photo, styles), photo
    for index in range(1, steps + 1):
        share = index / steps
        picture = (photo * (1 - share) + target * share).astype(np.uint8)
        losses = Losses(2 / index, 1 / index, 1.0) if index >= optimised_from else None
        record.add(Step(index, steps, share, 100, 0.1 * index, losses, lambda picture=picture: picture))
    return Recorded(record, picture)


@pytest.fixture(scope="module")
def recorded(sample: Sample) -> Recorded:
    return record_of(sample("cat", 200), [sample("van-gogh-auvers", 200)], steps=8, optimised_from=3)


def test_the_timelapse_is_an_animation_that_ends_with_the_result(recorded: Recorded) -> None:
    with Image.open(BytesIO(recorded.record.timelapse())) as animation:
        assert animation.format == "GIF"
        assert animation.is_animated
        assert animation.n_frames == 8
        assert animation.info["loop"] == 0
        frames = [np.asarray(frame.convert("RGB"), float) for frame in ImageSequence.Iterator(animation)]
    shown = fit(recorded.result, 480).astype(float)
    assert np.abs(frames[-1] - shown).mean() < 15  # a palette of few colours
    assert np.abs(frames[0] - shown).mean() > np.abs(frames[-1] - shown).mean()


def test_all_frames_have_the_size_of_the_result(recorded: Recorded) -> None:
    height, width = fit(recorded.result, 480).shape[:2]
    with Image.open(BytesIO(recorded.record.timelapse())) as animation:
        assert {frame.size for frame in ImageSequence.Iterator(animation)} == {(width, height)}


def test_the_last_frame_is_held(recorded: Recorded) -> None:
    with Image.open(BytesIO(recorded.record.timelapse())) as animation:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(animation)]
    assert durations[-1] > 5 * durations[0]


@pytest.mark.parametrize("styles", [1, 4])
@pytest.mark.parametrize("optimised_from", [1, 4, 9], ids=["all steps", "later steps", "no step"])
def test_the_sheet_is_a_picture_whatever_has_losses(sample: Sample, styles: int, optimised_from: int) -> None:
    pytest.importorskip("matplotlib")
    pictures = [sample("van-gogh-auvers", 120), *[sample("degas-dancers", 90)] * (styles - 1)]
    recorded = record_of(sample("cat", 120), pictures, steps=8, optimised_from=optimised_from)
    data = recorded.record.sheet(recorded.result)
    assert data.startswith(b"\x89PNG")
    sheet = open_picture(data)
    assert sheet.shape[1] > sheet.shape[0] > 500
    assert sheet.std() > 20


def test_a_single_step_is_record_enough(sample: Sample) -> None:
    photo = sample("cat", 64)
    record, result = record_of(photo, [photo], steps=1, optimised_from=1)
    with Image.open(BytesIO(record.timelapse())) as still:
        assert still.size == (480, round(480 * photo.shape[0] / 64))
    pytest.importorskip("matplotlib")
    assert record.sheet(result).startswith(b"\x89PNG")
