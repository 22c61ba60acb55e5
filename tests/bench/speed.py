"""How fast paintings are, beside the article's program, how large and how even: Markdown tables.

    python -m tests.bench.speed [--sizes 512 1024] [--memory | --progress]

Ten of the article's hundred steps are timed and multiplied. Every figure of one table comes from one run, the
two programs taking turns. --memory paints in processes of their own, and says the peak of each.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

from core.decoding.picture import fit
from core.decoding.pixels import Picture
from core.executor.protocol import PaintTask
from core.executor.worker.worker import Worker
from core.memory import estimate
from core.painter import load_painter
from core.recipe import Recipe
from tests.bench.article import build_model, transfer
from tests.bench.pictures import Pair, find, load
from tests.bench.quality import paint

_TIMED, _ALL = 10, 100  # of the article's steps
_FROM = 1 / 3  # share of a painting from which on the time left is to be predicted well
# The painter remembers what it saw of a style, so each of a size's measurements has one of its own.
_PAIR = Pair("astronaut", "van-gogh-auvers")
_AGAIN = Pair("astronaut", "renoir-moulin-de-la-galette")
_FIRST = Pair("astronaut", "van-gogh-cafe-terrace")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", help="longest sides, px")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--memory", action="store_true", help="peak memory instead")
    what.add_argument("--progress", action="store_true", help="evenness of the steps instead")
    options = parser.parse_args()
    if options.memory:
        compare_memory(options.sizes or [512, 1024, 2048])
    elif options.progress:
        check_progress(options.sizes or [512])
    else:
        compare_speed(options.sizes or [512, 1024])


def compare_speed(sizes: Sequence[int]) -> None:
    """Print the seconds of the article's program, and of ours."""
    painter = load_painter("packaged")
    worker, model = Worker(painter), build_model(painter.backbone.weights)
    worker.warm_up()
    print(f"{worker.description}; seconds\n")
    print("| size | article | balanced | times faster | whole command | times faster | first picture |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    photo, style = map(load, _PAIR)
    for size in sizes:
        recipe = Recipe(size=size, enlarge=True)
        before = paint(painter, _PAIR, recipe).seconds
        article = article_seconds(model, fit(photo, size), fit(style, size))
        ours = (before + paint(painter, _AGAIN, recipe).seconds) / 2
        whole = command(size)["seconds"]
        first = first_picture_seconds(worker, _FIRST, recipe)
        print(
            f"| {size} px | {article:.0f} | {ours:.1f} | {article / ours:.0f} "
            f"| {whole:.1f} | {article / whole:.0f} | {first:.2f} |",
            flush=True,
        )


def compare_memory(sizes: Sequence[int]) -> None:
    """Print the most memory that the command ever has, and what it plans with."""
    print("| size | peak memory, MB | planned, MB | whole command, s |\n| --- | --- | --- | --- |")
    height, width = load(_PAIR.photo).shape[:2]
    for size in sizes:
        report, planned = command(size), estimate(height, width, Recipe(size=size))
        peak, seconds = report["peak_memory_mb"], report["seconds"]
        print(f"| {size} px | {peak} | {planned} | {seconds} |", flush=True)


def check_progress(sizes: Sequence[int]) -> None:
    """Print how even the steps of a painting are, and how well its shares predict the time left.

    What is predicted is that the rest goes on as fast as what is done; its error is relative to the time that
    was left indeed, and so is largest, for the same seconds, towards the end.
    """
    painter = load_painter("packaged")
    Worker(painter).warm_up()
    print("| size | steps | seconds | longest step | time left, largest error from a third on |")
    print("| --- | --- | --- | --- | --- |")
    photo, style = map(load, _PAIR)
    for size in sizes:
        progress = [
            (step.share, step.seconds)
            for step in painter.paint(photo, [style], Recipe(size=size, enlarge=True))
        ]
        whole = progress[-1][1]
        longest = max(after - before for (_, before), (_, after) in pairwise([(0.0, 0.0), *progress]))
        error = max(
            abs(seconds * (1 - share) / share / (whole - seconds) - 1)
            for share, seconds in progress
            if _FROM <= share < 1
        )
        print(
            f"| {size} px | {len(progress)} | {whole:.1f} | {longest:.2f} | {error:.0%} |",
            flush=True,
        )


def article_seconds(model: object, photo: Picture, style: Picture) -> float:
    """What a hundred steps would take, from the median of ten."""
    transfer(model, photo, style, steps=1)
    _, seconds = transfer(model, photo, style, steps=_TIMED)
    return median(seconds) * _ALL


def first_picture_seconds(worker: Worker, pair: Pair, recipe: Recipe) -> float:
    """Seconds from a task to the first preview, as a warm worker makes it: decoded, painted and encoded."""
    photo, style = (find(name).read_bytes() for name in pair)
    started = time.perf_counter()
    events = worker.paint(PaintTask(photo, (style,), recipe))
    next(events)
    seconds = time.perf_counter() - started
    events.close()
    return seconds


def command(size: int) -> dict[str, float]:
    """The report of `stylegram paint` in a process of its own."""
    program = [sys.executable, "-c", "from bot.cli import main; main()", "paint"]
    options = ["--size", str(size), "--weights", "packaged", "--json"]
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [*program, *map(find, _PAIR), *options, "-o", Path(folder, "out.jpg")],
            capture_output=True,
            check=True,
        )
    return json.loads(run.stdout)


if __name__ == "__main__":
    main()
