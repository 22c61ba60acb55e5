"""README's picture: photos, paintings, and each pair in the four strengths, with their names.

python -m tests.bench.sheet tests/pictures/strengths.jpg [--size 512 | --folder FOLDER]
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from core.decoding.pixels import Picture
from core.painter import Painter, load_painter
from core.recipe import Recipe, Strength
from tests.bench.pictures import Pair, load
from tests.bench.quality import STRENGTHS, paint, picture_in

# What the rows show, and what is written below it, in ASCII: Pillow's own font has no more.
ROWS = {
    Pair("astronaut", "van-gogh-auvers"): ("Astronaut Eileen Collins", "van Gogh, Streets in Auvers"),
    Pair("cat", "van-gogh-cafe-terrace"): ("Chelsea the cat", "van Gogh, Cafe Terrace at Night"),
    Pair("china", "hokusai-great-wave"): ("Summer Palace, Beijing", "Hokusai, The Great Wave"),
    Pair("coffee", "kandinsky-composition-8"): ("Espresso", "Kandinsky, Composition VIII"),
    Pair("flower", "renoir-moulin-de-la-galette"): ("Dahlia", "Renoir, Bal du moulin de la Galette"),
}
_TITLES = ("photo", "style", *STRENGTHS)
_TILE = 244  # px; the width of a column, and the most that a picture is high
_GAP = 8  # px
_TITLE, _CAPTION = 20, 15  # px; size of the letters
_PAPER, _INK = "white", "#333"
_MOST = 700_000  # bytes


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="where to write it, as JPEG")
    parser.add_argument("--size", type=int, default=512, help="longest side of the paintings, px")
    parser.add_argument("--folder", type=Path, help="take what tests.bench.quality --folder has painted")
    options = parser.parse_args()
    if options.folder:
        show = partial(picture_in, options.folder)
    else:
        show = partial(_painted, load_painter("packaged"), options.size)
    rows = [_row(list(_pictures(pair, show)), captions) for pair, captions in ROWS.items()]
    options.file.write_bytes(_encode(_below_each_other([_titles(), *rows])))


def _pictures(pair: Pair, show: Callable[[Pair, Strength], Picture]) -> Iterator[Image.Image]:
    """Photo, style, and the pair in each strength."""
    yield from (Image.fromarray(load(name)) for name in pair)
    yield from (Image.fromarray(show(pair, strength)) for strength in STRENGTHS)


def _painted(painter: Painter, size: int, pair: Pair, strength: Strength) -> Picture:
    return paint(painter, pair, Recipe(strength, size, enlarge=True)).picture


def _row(pictures: Sequence[Image.Image], captions: Sequence[str]) -> Image.Image:
    """The pictures beside each other, none of them cropped, and the captions below the first of them."""
    box = ImageOps.contain(pictures[0], (_TILE, _TILE)).size
    row = _blank(box[1] + _CAPTION + _GAP)
    for column, picture in enumerate(pictures):
        tile = ImageOps.contain(picture, (_TILE, box[1]), Image.Resampling.LANCZOS)
        row.paste(tile, (_left(column) + (_TILE - tile.width) // 2, (box[1] - tile.height) // 2))
    for column, caption in enumerate(captions):
        _write(row, column, box[1], caption, _CAPTION)
    return row


def _titles() -> Image.Image:
    row = _blank(_TITLE + _GAP)
    for column, title in enumerate(_TITLES):
        _write(row, column, 0, title, _TITLE)
    return row


def _blank(height: int) -> Image.Image:
    return Image.new("RGB", (_left(len(_TITLES)) - _GAP, height), _PAPER)


def _left(column: int) -> int:
    return column * (_TILE + _GAP)


def _write(row: Image.Image, column: int, top: int, text: str, size: int) -> None:
    """Write in the middle of a column, below `top`."""
    font = ImageFont.load_default(size)
    ImageDraw.Draw(row).text((_left(column) + _TILE // 2, top), text, _INK, font, anchor="ma")


def _below_each_other(rows: Sequence[Image.Image]) -> Image.Image:
    height = sum(row.height + _GAP for row in rows) + _GAP
    sheet = Image.new("RGB", (rows[0].width + 2 * _GAP, height), _PAPER)
    top = _GAP
    for row in rows:
        sheet.paste(row, (_GAP, top))
        top += row.height + _GAP
    return sheet


def _encode(sheet: Image.Image) -> bytes:
    """The sheet as JPEG, as well as it fits into the bytes that it may take."""
    for quality in range(90, 50, -2):
        out = BytesIO()
        sheet.save(out, "jpeg", quality=quality, optimize=True)
        if out.tell() <= _MOST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
