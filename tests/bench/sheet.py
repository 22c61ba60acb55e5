"""README's picture: photo, painting and the four strengths, from the paintings that quality.py has saved.

python -m tests.bench.quality --folder FOLDER
python -m tests.bench.sheet FOLDER tests/pictures/strengths.jpg
"""

import sys
from pathlib import Path

from PIL import Image, ImageOps

from core.recipe import Strength
from tests.bench.quality import PAIRS, SAMPLES

_HEIGHT = 240  # px of a row
_GAP = 6


def main(folder: Path, out: Path) -> None:
    rows = [_row(folder, photo, style) for photo, style in PAIRS]
    width = max(row.width for row in rows)
    sheet = Image.new("RGB", (width, sum(row.height + _GAP for row in rows) - _GAP), "white")
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height + _GAP
    sheet.save(out, quality=88)


def _row(folder: Path, photo: str, style: str) -> Image.Image:
    strengths = [strength for strength in Strength if strength is not Strength.CLASSIC]
    paths = [SAMPLES / f"{photo}.jpg", SAMPLES / f"{style}.jpg"]
    paths += [folder / f"{photo}-{style}-{strength}.png" for strength in strengths]
    size = (_HEIGHT, _HEIGHT)  # square crops, so that rows of different pictures line up
    tiles = [ImageOps.fit(Image.open(path).convert("RGB"), size, Image.Resampling.LANCZOS) for path in paths]
    row = Image.new("RGB", (len(tiles) * (_HEIGHT + _GAP) - _GAP, _HEIGHT), "white")
    for number, tile in enumerate(tiles):
        row.paste(tile, (number * (_HEIGHT + _GAP), 0))
    return row


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
