"""Put pictures together: two side by side, or many on one labelled sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.decoding.badge import badge, rounded
from core.decoding.picture import resize
from core.decoding.pixels import Picture

HEIGHT = 320  # pixels
WIDEST = 3 * HEIGHT  # of one picture: beyond, a panorama is cut at both ends
GAP = 8

SHEET = 1280  # pixels of a sheet's longer side: what Telegram shows of a photo
_FLATTEST, _TALLEST = 2.4, 0.5  # width over height of a picture on a sheet: beyond, it is cropped
_SPACE = 1 / 80  # of the sheet's width, between pictures and around them
_CORNER = 12  # pixels; the radius
_LETTER = 40  # pixels; the size of a label's letters, which are 13 on a phone
_PAPER = "#ffffff"


def side_by_side(left: Picture, right: Picture) -> Picture:
    """Put both at the same height, with a white gap."""
    gap = np.full((HEIGHT, GAP, 3), 255, np.uint8)
    return np.hstack([_at_height(left), gap, _at_height(right)])


def _at_height(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scaled = resize(picture, HEIGHT, max(1, round(width * HEIGHT / height)))
    excess = max(0, scaled.shape[1] - WIDEST)
    return scaled[:, excess // 2 : scaled.shape[1] - (excess - excess // 2)]


def sheet(pictures: Sequence[Picture], labels: Sequence[str], *, columns: int) -> Picture:
    """Lay out pictures in rows, each with its label in a badge at its lower left corner, away
    from heads.

    The pictures of a row are as high as each other and fill its width together, so that each is seen whole
    whatever its shape; only strips are cropped. The last row may have fewer; it is then no higher than the
    others. The longer side is about `SHEET` pixels.

    Args:
        pictures: one at least, of any sizes.
        labels: one for each, of Latin or Cyrillic letters or digits; no badge where it is empty. One that is
            wider than its picture is cut short.
        columns: the pictures in a row.

    Raises ValueError where there is no picture, or not one label for each.
    """
    if not pictures:
        raise ValueError("a sheet needs a picture")
    cropped = [_cropped(picture) for picture in pictures]
    width, height = SHEET, _height(_layout(cropped, columns, SHEET), SHEET)
    if height > SHEET:
        width = round(width * SHEET / height)
    places = _layout(cropped, columns, width)
    paper = Image.new("RGB", (width, _height(places, width)), _PAPER)
    for picture, label, place in zip(cropped, labels, places, strict=True):
        tile = Image.fromarray(resize(picture, place.bottom - place.top, place.right - place.left))
        paper.paste(tile, (place.left, place.top), rounded(tile.size, _CORNER))
        if label:
            drawn = badge(label, letter=_LETTER, widest=tile.width - 2 * _CORNER)
            paper.paste(drawn, (place.left + _CORNER, place.bottom - _CORNER - drawn.height), drawn)
    return np.array(paper)


@dataclass(frozen=True)
class _Place:
    """Where on the paper a picture lies, in pixels."""

    left: int
    top: int
    right: int
    bottom: int


def _layout(pictures: Sequence[Picture], columns: int, width: int) -> list[_Place]:
    space = _space(width)
    shapes = [picture.shape[1] / picture.shape[0] for picture in pictures]
    rows = [shapes[first : first + columns] for first in range(0, len(shapes), columns)]
    heights = [(width - space * (len(row) + 1)) / sum(row) for row in rows]
    if len(rows) > 1 and len(rows[-1]) < columns:
        heights[-1] = min(heights[-1], sum(heights[:-1]) / len(heights[:-1]))
    places = []
    top = float(space)
    for row, height in zip(rows, heights, strict=True):
        left = (width - height * sum(row) - space * (len(row) - 1)) / 2
        for shape in row:
            right = left + height * shape
            places.append(_Place(round(left), round(top), round(right), round(top + height)))
            left = right + space
        top += height + space
    return places


def _height(places: Sequence[_Place], width: int) -> int:
    return places[-1].bottom + _space(width)


def _space(width: int) -> int:
    return round(width * _SPACE)


def _cropped(picture: Picture) -> Picture:
    """The middle of a strip that lies, and of one that stands rather its upper part, where heads are."""
    height, width = picture.shape[:2]
    if (excess := width - round(height * _FLATTEST)) > 0:
        return picture[:, excess // 2 : width - (excess - excess // 2)]
    if (excess := height - round(width / _TALLEST)) > 0:
        return picture[excess // 4 : height - (excess - excess // 4)]
    return picture
