"""Animations: each picture is seen whole, long enough, and told by its label."""

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from core.decoding.animation import FADES, HELD, LAST_HELD, LONGEST, MOST_BYTES, animation
from core.decoding.badge import legible
from core.decoding.pixels import Picture

RED, GREEN, BLUE, WHITE = (200, 0, 0), (0, 160, 0), (0, 0, 220), (255, 255, 255)
LANDSCAPE, PORTRAIT = (300, 400), (400, 300)  # height and width


def plain(shape: tuple[int, int], colour: tuple[int, int, int]) -> Picture:
    return np.full((*shape, 3), colour, np.uint8)


def played(pictures: list[Picture], labels: list[str] | None = None) -> list[tuple[Picture, int]]:
    """Each frame, and how many milliseconds it is seen."""
    frames = []
    with Image.open(BytesIO(animation(pictures, labels or [""] * len(pictures)))) as image:
        assert image.format == "GIF"
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append((np.asarray(image.convert("RGB")), int(image.info.get("duration", 0))))
    return frames


def held(frames: list[tuple[Picture, int]]) -> list[Picture]:
    return [picture for picture, duration in frames if duration >= HELD]


def is_about(picture: Picture, colour: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    """Say of each pixel whether it has this colour, as nearly as a GIF can."""
    return np.asarray((np.abs(picture.astype(int) - colour) < 12).all(axis=-1))


def test_it_leads_from_the_first_picture_to_the_last_which_stays_longest() -> None:
    frames = played([plain(LANDSCAPE, colour) for colour in (RED, GREEN, BLUE)])
    assert all(
        is_about(picture, colour).all()
        for picture, colour in zip(held(frames), (RED, GREEN, BLUE), strict=True)
    )
    assert frames[-1][1] == LAST_HELD > HELD
    assert len(frames) == 3 + 2 * FADES


def test_one_picture_fades_into_the_next() -> None:
    frames = [picture for picture, _ in played([plain(LANDSCAPE, RED), plain(LANDSCAPE, BLUE)])]
    reds = [int(picture[..., 0].mean()) for picture in frames]
    blues = [int(picture[..., 2].mean()) for picture in frames]
    assert reds == sorted(reds, reverse=True)
    assert blues == sorted(blues)
    assert len(set(reds)) == len(frames)


@pytest.mark.parametrize("shape", [LANDSCAPE, PORTRAIT, (200, 200), (37, 53), (900, 1600), (1000, 20)])
def test_all_have_the_size_of_the_first_whose_sides_are_even(shape: tuple[int, int]) -> None:
    pictures = [plain(shape, RED), plain(PORTRAIT, GREEN), plain(LANDSCAPE, BLUE)]
    (size,) = {picture.shape[:2] for picture, _ in played(pictures)}
    assert max(size) == LONGEST
    assert all(side % 2 == 0 for side in size)
    if max(shape) < 2 * min(shape):
        assert size[1] / size[0] == pytest.approx(shape[1] / shape[0], rel=0.01)


def test_a_picture_of_another_shape_is_seen_whole_between_margins_that_are_darker() -> None:
    stripes = np.hstack([plain((400, 100), colour) for colour in (RED, WHITE, BLUE)])
    _, other = held(played([plain(LANDSCAPE, GREEN), stripes]))
    for colour in (RED, WHITE, BLUE):
        rows, columns = np.nonzero(is_about(other, colour))
        assert np.ptp(rows) + 1 == other.shape[0]
        assert np.ptp(columns) + 1 == pytest.approx(other.shape[0] / 4, abs=3)
    assert other[:, :40].mean() < stripes.mean()


def test_a_shape_that_is_nearly_the_same_has_no_margins() -> None:
    _, other = held(played([plain((300, 400), GREEN), plain((302, 400), RED)]))
    assert is_about(other, RED).all()


def test_labels_are_drawn_in_the_lower_left_corner_of_their_picture() -> None:
    pictures = [plain(LANDSCAPE, colour) for colour in (RED, GREEN, BLUE, RED)]
    first, second, third, fourth = held(played(pictures, ["Ann", "", "\N{PARTY POPPER}", "Фёдор"]))
    for labelled, colour in ((first, RED), (fourth, RED)):
        rows, columns = np.nonzero(~is_about(labelled, colour))
        assert rows.min() > labelled.shape[0] * 0.85
        assert columns.max() < labelled.shape[1] * 0.3
        assert (labelled[rows, columns].min(axis=-1) > 200).mean() > 0.4, "a light badge"
    assert is_about(second, GREEN).all()
    assert is_about(third, BLUE).all(), "no letters for it, no empty badge"


def test_a_label_that_is_too_long_stays_on_its_picture() -> None:
    labelled, bare = held(played([plain(PORTRAIT, RED)] * 2, ["so long " * 20, ""]))
    assert labelled.shape == bare.shape
    assert is_about(labelled[:, -5:], RED).all()


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Ann", "Ann"),
        ("Ёжик Їжак", "Ёжик Їжак"),
        ("Zoë \N{PARTY POPPER}  B.", "Zoë B."),
        ("\u202eAnn", "Ann"),
        ("李雷", ""),
        ("  ", ""),
    ],
)
def test_of_a_name_those_letters_are_drawn_that_there_are(name: str, drawn: str) -> None:
    assert legible(name) == drawn


def test_a_file_that_would_be_too_heavy_is_made_less_good(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(0)
    noise = [chance.integers(0, 256, (200, 200, 3), np.uint8) for _ in range(2)]
    usual = len(animation(noise, ["", ""]))
    assert usual <= MOST_BYTES
    monkeypatch.setattr("core.decoding.animation.MOST_BYTES", usual // 4)
    lighter = animation(noise, ["", ""])
    assert len(lighter) <= usual // 4
    with Image.open(BytesIO(lighter)) as image:
        assert image.width < LONGEST


@pytest.mark.parametrize(("count", "labels"), [(0, []), (2, ["1"]), (1, ["1", "2"])])
def test_no_picture_or_not_a_label_for_each_is_an_error(count: int, labels: list[str]) -> None:
    with pytest.raises(ValueError, match=r"needs a picture|is (shorter|longer) than"):
        animation([plain(LANDSCAPE, RED)] * count, labels)
