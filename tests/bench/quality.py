"""How good the paintings are, by the rulers: a Markdown table, and every painting as a file to look at.

    python -m tests.bench.quality [--size 512] [--folder FOLDER] [STRENGTH ...]

Without strengths: the draft, all strengths and the article (100 steps: half an hour on two cores).
"""

import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np

from core.device import choose_device, fastest_type  # isort: skip, it quiets TensorFlow
from core.draft import Draft

from core.backbone import Backbone
from core.decoding.picture import encode, fit, open_picture
from core.decoding.pixels import Picture
from core.painter import Painter
from core.prepare import sketch
from core.recipe import Recipe, Strength
from core.weights import load_weights
from tests.bench.rulers import measure

SAMPLES = Path(__file__).parents[2] / "bot/demo/samples"
# The first trials had a scan of the Degas with pieces cut out; with it, figures can be compared to theirs.
PICTURES = {path.stem: path for path in SAMPLES.glob("*.jpg")} | {
    "degas-dance-class": Path(__file__).parents[1] / "pictures/degas-dance-class.jpg"
}
PAIRS = list(product(("astronaut", "cat"), ("van-gogh-auvers", "degas-dance-class")))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("strengths", nargs="*", default=["draft", *Strength])
    parser.add_argument("--size", type=int, default=512, help="longest side, px")
    parser.add_argument("--folder", type=Path, help="where to save the paintings")
    parser.add_argument("--keep-colors", action="store_true")
    options = parser.parse_args()

    choose_device("auto")
    draft = Draft()
    painter = Painter(Backbone(load_weights("packaged"), fastest_type()), draft)
    print(f"| {options.size} px | net | stat | ssim | edge | seconds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for strength in options.strengths:
        triples, seconds = [], []
        for photo_name, style_name in PAIRS:
            photo, style = load(photo_name), load(style_name)
            recipe = Recipe(
                Strength.BALANCED if strength == "draft" else Strength(strength),
                options.size,
                enlarge=True,
                keep_colours=options.keep_colours,
            )
            started = time.perf_counter()
            result = (
                sketch(draft, photo, style, recipe)
                if strength == "draft"
                else paint(painter, photo, style, recipe)
            )
            seconds.append(time.perf_counter() - started)
            triples.append((result, fit(photo, options.size), style))
            if options.folder:
                options.folder.mkdir(parents=True, exist_ok=True)
                name = f"{photo_name}-{style_name}-{strength}.png"
                (options.folder / name).write_bytes(encode(result, "png"))
        found = measure(triples, draft)
        figures = f"{found.net:.3f} | {found.stat:.3f} | {found.ssim:.3f} | {found.edge:.3f}"
        print(f"| {strength} | {figures} | {np.median(seconds):.1f} |", flush=True)


def load(name: str) -> Picture:
    return open_picture(PICTURES[name].read_bytes())


def paint(painter: Painter, photo: Picture, style: Picture, recipe: Recipe) -> Picture:
    *_, last = painter.paint(photo, style, recipe)
    return last.picture()


if __name__ == "__main__":
    main()
