"""Sheets of pictures: each is seen whole and large enough, and can be told by its label."""

import numpy as np
import pytest

from core.decoding.montage import SHEET, sheet
from core.decoding.pixels import Picture

RED, GREEN, BLUE = (200, 0, 0), (0, 160, 0), (0, 0, 220)
WHITE, GREY, BLACK = (255, 255, 255), (128, 128, 128), (0, 0, 0)
PORTRAIT, LANDSCAPE, SQUARE = (90, 60), (60, 90), (80, 80)  # height and width


def plain(shape: tuple[int, int], colour: tuple[int, int, int]) -> Picture:
    return np.full((*shape, 3), colour, np.uint8)


def box(paper: Picture, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Where on the paper this colour is: top, left, height and width."""
    rows, columns = np.nonzero((paper == colour).all(axis=-1))
    return rows.min(), columns.min(), np.ptp(rows) + 1, np.ptp(columns) + 1


def laid_out(*shapes: tuple[int, int], columns: int) -> list[tuple[int, int, int, int]]:
    """The boxes of pictures of these shapes."""
    colours = [(20 * number, 100, 100) for number in range(len(shapes))]
    pictures = [plain(shape, colour) for shape, colour in zip(shapes, colours, strict=True)]
    paper = sheet(pictures, [""] * len(shapes), columns=columns)
    return [box(paper, colour) for colour in colours]


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("count", [1, 10])
@pytest.mark.parametrize("shape", [PORTRAIT, LANDSCAPE, SQUARE, (10, 200), (200, 10)])
def test_a_sheet_is_as_large_as_telegram_shows_it(shape: tuple[int, int], count: int, columns: int) -> None:
    paper = sheet([plain(shape, RED)] * count, [""] * count, columns=columns)
    assert max(paper.shape) == pytest.approx(SHEET, abs=30)


def test_pictures_of_any_shape_are_seen_whole_and_as_high_as_their_row() -> None:
    shapes = (PORTRAIT, LANDSCAPE, SQUARE, LANDSCAPE, SQUARE, LANDSCAPE)
    boxes = laid_out(*shapes, columns=3)
    for (_, _, height, width), shape in zip(boxes, shapes, strict=True):
        assert width / height == pytest.approx(shape[1] / shape[0], rel=0.02)
    assert len({(top, height) for top, _, height, _ in boxes[:3]}) == 1
    assert len({(top, height) for top, _, height, _ in boxes[3:]}) == 1


def test_gaps_are_even_between_pictures_and_around_them() -> None:
    (top, left, height, width), (_, second, _, _), (below, _, _, _) = laid_out(
        LANDSCAPE, SQUARE, LANDSCAPE, columns=2
    )
    gaps = [top, left, second - left - width, below - top - height]
    assert max(gaps) - min(gaps) <= 1
    assert min(gaps) > 8


def test_a_last_row_that_is_short_is_in_the_middle_and_no_higher_than_the_others() -> None:
    *above, last = laid_out(SQUARE, SQUARE, SQUARE, LANDSCAPE, columns=3)
    assert last[2] == pytest.approx(above[0][2], abs=2)
    edges = above[0][1] + above[2][1] + above[2][3]
    assert 2 * last[1] + last[3] == pytest.approx(edges, abs=3)


def test_of_a_strip_that_stands_the_upper_part_is_seen_and_of_one_that_lies_the_middle() -> None:
    standing = np.vstack([plain((100, 100), colour) for colour in (RED, GREEN, BLUE, GREY, GREY)])
    paper = sheet([standing], [""], columns=1)
    assert box(paper, GREEN)[2] > 0
    assert not (paper == GREY).all(axis=-1).any()
    lying = np.hstack([plain((100, 100), colour) for colour in (GREY, RED, GREEN, BLUE, GREY)])
    paper = sheet([lying], [""], columns=1)
    assert box(paper, RED)[3] == pytest.approx(box(paper, BLUE)[3], abs=2)
    assert not (paper == GREY).all(axis=-1).any()


@pytest.mark.parametrize("ground", [WHITE, GREY, BLACK])
@pytest.mark.parametrize("label", ["7", "12", "Balanced", "Умеренно"])
def test_a_label_can_be_read_on_any_picture(label: str, ground: tuple[int, int, int]) -> None:
    pictures = [plain(LANDSCAPE, ground)] * 12
    bare, labelled = (sheet(pictures, [text] + [""] * 11, columns=3) for text in ("", label))
    top, left, height, width = box((bare != labelled).any(axis=-1, keepdims=True) * WHITE, WHITE)
    badge = labelled[top : top + height, left : left + width].mean(axis=-1)
    assert height >= 50  # that is 16 on a phone
    assert left < SHEET / 3  # on its own picture
    assert (badge < 60).mean() > 0.05, "dark letters"
    assert (badge > 230).mean() > 0.4, "on a light badge"


def test_every_letter_of_both_languages_has_its_own_form() -> None:
    letters = "AaBbĐёЁабвгдеёжзийклмнопрстуфхцчшщъыьэюяАЯ0123456789—·«»…★"  # of which some look alike
    pictures = [plain(SQUARE, GREY)] * 14  # small ones
    seen = {sheet(pictures, [letter] + [""] * 13, columns=14).tobytes() for letter in letters}
    missing = sheet(pictures, ["\N{SNOWMAN}"] + [""] * 13, columns=14).tobytes()
    assert missing not in seen
    assert len(seen) >= len(set(letters)) - 8  # а is drawn as a, and so on


def test_a_label_that_is_too_long_stays_on_its_picture() -> None:
    pictures = [plain(PORTRAIT, BLACK)] * 4
    bare, labelled = (sheet(pictures, [text, "", "", ""], columns=4) for text in ("", "so long " * 20))
    _, left, _, width = box((bare != labelled).any(axis=-1, keepdims=True) * WHITE, WHITE)
    assert left + width < labelled.shape[1] / 4


@pytest.mark.parametrize(("count", "labels"), [(0, []), (2, ["1"]), (1, ["1", "2"])])
def test_a_sheet_of_nothing_or_without_a_label_for_each_is_an_error(count: int, labels: list[str]) -> None:
    with pytest.raises(ValueError, match=r"needs a picture|is (shorter|longer) than"):
        sheet([plain(SQUARE, RED)] * count, labels, columns=2)
