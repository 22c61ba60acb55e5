"""README's picture: photo, painting and the four strengths, painted at 512 px from the bundled samples.

python -m tests.bench.sheet tests/pictures/strengths.jpg
"""

import sys
from itertools import product
from pathlib import Path

from PIL import Image, ImageOps

from core.device import choose_device, fastest_type  # isort: skip, it quiets TensorFlow
from core.backbone import Backbone
from core.draft import Draft
from core.painter import Painter
from core.recipe import Recipe, Strength
from core.weights import load_weights
from tests.bench.quality import load, paint

_PAIRS = list(product(("astronaut", "cat"), ("van-gogh-auvers", "degas-dancers")))
_STRENGTHS = [strength for strength in Strength if strength is not Strength.CLASSIC]
_SIZE = 512  # px, of a painting
_TILE = 240  # px; squares, so that rows of different pictures line up
_GAP = 6


def main(out: Path) -> None:
    choose_device("auto")
    painter = Painter(Backbone(load_weights("packaged"), fastest_type()), Draft())
    columns, rows = 2 + len(_STRENGTHS), len(_PAIRS)
    size = (columns * (_TILE + _GAP) - _GAP, rows * (_TILE + _GAP) - _GAP)
    sheet = Image.new("RGB", size, "white")
    for row, (photo_name, style_name) in enumerate(_PAIRS):
        photo, style = load(photo_name), load(style_name)
        recipes = [Recipe(strength, _SIZE, enlarge=True) for strength in _STRENGTHS]
        pictures = [photo, style, *(paint(painter, photo, style, recipe) for recipe in recipes)]
        for column, picture in enumerate(pictures):
            tile = ImageOps.fit(Image.fromarray(picture), (_TILE, _TILE), Image.Resampling.LANCZOS)
            sheet.paste(tile, (column * (_TILE + _GAP), row * (_TILE + _GAP)))
    sheet.save(out, quality=88)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
