"""How fast and how large paintings are, beside the article's program: Markdown tables.

    python -m tests.bench.speed [--sizes 512 1024] [--memory]

Ten of the article's hundred steps are timed and multiplied. Every figure of one table comes from one run, the
two programs taking turns. --memory paints at 512, 1024 and 2048 px, each in a process of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from core.device import choose_device, fastest_type  # isort: skip, it quiets TensorFlow
from core.draft import Draft

from core.backbone import Backbone
from core.decoding.picture import fit
from core.decoding.pixels import Picture
from core.painter import Painter
from core.prepare import sketch
from core.recipe import Recipe
from core.weights import load_weights
from tests.bench.article import build_model, transfer
from tests.bench.quality import SAMPLES, load

_TIMED, _ALL = 10, 100  # of the article's steps
PHOTO, STYLE, OTHER_STYLE = "astronaut", "van-gogh-auvers", "degas-dance-class"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024], help="longest sides, px")
    parser.add_argument("--memory", action="store_true", help="measure peak memory instead")
    options = parser.parse_args()
    if options.memory:
        print("| size | peak memory, MB | whole command, s |\n| --- | --- | --- |")
        for size in (512, 1024, 2048):
            report = command(size)
            print(f"| {size} px | {report['peak_memory_mb']} | {report['seconds']} |", flush=True)
        return

    device = choose_device("auto")
    weights = load_weights("packaged")
    painter, model = Painter(Backbone(weights, fastest_type()), Draft()), build_model(weights)
    photo, style, other = load(PHOTO), load(STYLE), load(OTHER_STYLE)
    print(f"{device}, {weights.architecture}; seconds\n")
    print("| size | article, 100 steps | balanced | times faster | whole command | times faster | draft |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for size in options.sizes:
        recipe = Recipe(size=size, enlarge=True)
        paint(painter, photo, style, Recipe(size=128))  # traces the steps, as a warm worker has
        balanced = [paint(painter, photo, style, recipe)]
        article = article_seconds(model, fit(photo, size), fit(style, size))
        balanced.append(paint(painter, photo, other, recipe))  # another style: nothing of it is remembered
        whole = command(size)["seconds"]
        sketch(painter.draft, photo, other, recipe)
        started = time.perf_counter()
        sketch(painter.draft, photo, style, recipe)
        draft = time.perf_counter() - started
        ours = median(balanced)
        print(
            f"| {size} px | {article:.0f} | {ours:.1f} | {article / ours:.0f} "
            f"| {whole:.1f} | {article / whole:.0f} | {draft:.2f} |",
            flush=True,
        )


def paint(painter: Painter, photo: Picture, style: Picture, recipe: Recipe) -> float:
    """Seconds from two pictures to a third, with everything loaded."""
    started = time.perf_counter()
    for step in painter.paint(photo, style, recipe):
        last = step
    last.picture()
    return time.perf_counter() - started


def article_seconds(model: object, photo: Picture, style: Picture) -> float:
    """What a hundred steps would take, from the median of ten."""
    transfer(model, photo, style, steps=1)
    _, seconds = transfer(model, photo, style, steps=_TIMED)
    return median(seconds) * _ALL


def command(size: int) -> dict[str, float]:
    """The report of `stylegram paint` in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-c", "from bot.cli import main; main()", "paint"]
            + [str(SAMPLES / f"{name}.jpg") for name in (PHOTO, STYLE)]
            + ["--size", str(size), "--weights", "packaged", "--json", "-o", str(Path(folder, "out.jpg"))],
            capture_output=True,
            check=True,
        )
    return json.loads(run.stdout)


if __name__ == "__main__":
    main()
