"""How good paintings are, by the rulers of tests/bench/rulers.py: Markdown tables.

    python -m tests.bench.quality [--size 512] [--strengths light balanced strong wild] [--each]

The first row is the photo in the style's colours, with nothing painted. `classic` is painted only where it is
named: the article's hundred steps take minutes a pair on a CPU. --beside judges what another program painted,
too: the pictures of a folder, named as --folder names ours, PHOTO-STYLE-STRENGTH.png. `--strengths` with
nothing after it judges them alone. --set gives other fields of the recipe.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from core.colour import match_colours, palette_of
from core.decoding.picture import encode, fit, open_picture
from core.decoding.pixels import Picture
from core.painter import Painter, load_painter
from core.recipe import MANNERS, Recipe, Strength
from tests.bench.pictures import FACES, PAIRS, Pair, load
from tests.bench.rulers import Rulers

STRENGTHS = tuple(strength for strength in Strength if strength is not Strength.CLASSIC)


class Made(NamedTuple):
    """A picture, and the seconds it took to paint; None where nobody painted it here."""

    picture: Picture
    seconds: float | None = None


class Figures(NamedTuple):
    """What a picture measures; `face` is None where the photo has no face."""

    kinship: float
    truth: float
    face: float | None
    seconds: float | None


Make: TypeAlias = Callable[[Pair], Made]


def main() -> None:
    parser = _parser()
    options = parser.parse_args()
    pairs = [pair for pair in PAIRS if any(text in pair.name for text in options.pairs)]
    if not pairs:
        parser.error(f"no pair is named like {' or '.join(options.pairs)}")
    try:
        recipe = Recipe(size=options.size, enlarge=True, keep_colours=options.keep_colours)
        of_recipe = {field.name for field in fields(Recipe)}
        recipe = replace(recipe, **{name: value for name, value in options.set if name in of_recipe})
        for strength in STRENGTHS:  # the rest are dials of the strengths themselves
            dials = {name: value for name, value in options.set if name not in of_recipe}
            MANNERS[strength] = replace(MANNERS[strength], **dials)  # type: ignore[index, type-var]
        beside = _strengths_in(options.beside, pairs) if options.beside else []
    except (TypeError, ValueError, FileNotFoundError) as error:
        parser.error(str(error))

    makers = [("colours alone", partial(_recolour, size=options.size))]
    makers += _painted_here(recipe, options.strengths, options.weights, options.folder)
    makers += [
        (f"{options.beside.name}, {strength}", partial(_open, folder=options.beside, strength=strength))
        for strength in beside
    ]
    print("\n".join(_head(f"{options.size} px", "kinship", "truth", "truth of faces", "seconds")))
    judged = {}
    rulers = Rulers()
    for name, make in makers:
        judged[name] = [_judge(rulers, pair, make(pair)) for pair in pairs]
        print(_row(name, *_summary(judged[name])), flush=True)
    if options.each:
        print("\n".join(["", *_table_of_each(judged, pairs)]))


def paint(painter: Painter, pair: Pair, recipe: Recipe) -> Made:
    """Paint a pair; the seconds are those from two pictures in memory to a third."""
    photo, style = map(load, pair)
    started = time.perf_counter()
    for step in painter.paint(photo, [style], recipe):
        last = step
    picture = last.picture()
    return Made(picture, time.perf_counter() - started)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=512, help="longest side, px")
    parser.add_argument("--strengths", type=Strength, nargs="*", default=STRENGTHS, metavar="STRENGTH")
    parser.add_argument(
        "--pairs", nargs="+", default=[""], metavar="TEXT", help="only those with this in PHOTO-STYLE"
    )
    parser.add_argument("--keep-colours", action="store_true", help="keep the photo's colours")
    parser.add_argument(
        "--set", type=_setting, nargs="+", default=[], metavar="FIELD=JSON", help="such as seed=1, keep=0"
    )
    parser.add_argument("--weights", default="packaged", help="auto, imagenet, packaged, or a file")
    parser.add_argument("--folder", type=Path, help="where to keep what is painted")
    parser.add_argument("--beside", type=Path, metavar="FOLDER", help="pictures to judge beside")
    parser.add_argument("--each", action="store_true", help="also a table of each pair")
    return parser


def _setting(text: str) -> tuple[str, Any]:
    """A field of the recipe or of all manners, and its value."""
    field, _, value = text.partition("=")
    return field, json.loads(value)


def _file(folder: Path, pair: Pair, strength: Strength) -> Path:
    return folder / f"{pair.name}-{strength}.png"


def _strengths_in(folder: Path, pairs: Sequence[Pair]) -> list[Strength]:
    """The strengths that a folder has pictures of.

    Raises `FileNotFoundError` if there are none, or not of all pairs: their means could not be compared.
    """
    strengths = [
        strength for strength in Strength if any(_file(folder, pair, strength).exists() for pair in pairs)
    ]
    if not strengths:
        raise FileNotFoundError(f"{folder} has no picture of these pairs")
    files = [_file(folder, pair, strength) for strength in strengths for pair in pairs]
    if missing := [file.name for file in files if not file.exists()]:
        raise FileNotFoundError(f"{folder} lacks {', '.join(missing)}")
    return strengths


def _painted_here(
    recipe: Recipe, strengths: Sequence[Strength], weights: str, folder: Path | None
) -> Iterator[tuple[str, Make]]:
    if not strengths:
        return
    painter = load_painter(weights)
    paint(painter, PAIRS[0], Recipe(size=128))  # traces the steps, as a warm worker has
    for strength in strengths:
        yield strength, partial(_paint, painter, replace(recipe, strength=strength), folder)


def _paint(painter: Painter, recipe: Recipe, folder: Path | None, pair: Pair) -> Made:
    made = paint(painter, pair, recipe)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        _file(folder, pair, recipe.strength).write_bytes(encode(made.picture, "png"))
    return made


def _recolour(pair: Pair, size: int) -> Made:
    photo, style = (load(name).astype(np.float32) for name in pair)
    return Made(match_colours(fit(photo, size), palette_of([style])).round().astype(np.uint8))


def picture_in(folder: Path, pair: Pair, strength: Strength) -> Picture:
    """Open what has been painted into a folder."""
    return open_picture(_file(folder, pair, strength).read_bytes())


def _open(pair: Pair, folder: Path, strength: Strength) -> Made:
    return Made(picture_in(folder, pair, strength))


def _judge(rulers: Rulers, pair: Pair, made: Made) -> Figures:
    photo, style = map(load, pair)
    box = FACES.get(pair.photo)
    return Figures(
        rulers.kinship(made.picture, photo, style),
        rulers.truth(made.picture, photo),
        rulers.face_truth(made.picture, photo, box) if box else None,
        made.seconds,
    )


def _summary(figures: Sequence[Figures]) -> list[str]:
    """Means over all pairs, over those with a face, and the median of the seconds."""
    faces = [each.face for each in figures if each.face is not None]
    seconds = [each.seconds for each in figures if each.seconds is not None]
    return [
        f"{mean(each.kinship for each in figures):.3f}",
        f"{mean(each.truth for each in figures):.3f}",
        f"{mean(faces):.3f}" if faces else "",
        f"{median(seconds):.1f}" if seconds else "",
    ]


def _table_of_each(judged: dict[str, list[Figures]], pairs: Sequence[Pair]) -> Iterator[str]:
    """A line for each pair: kinship, truth and, where there is a face, its truth."""
    yield from _head("kinship, truth, face's truth", *judged)
    for pair, figures in zip(pairs, zip(*judged.values(), strict=True), strict=True):
        cells = [", ".join(f"{figure:.2f}" for figure in each[:3] if figure is not None) for each in figures]
        yield _row(f"{pair.photo}, {pair.style}", *cells)


def _head(*titles: str) -> tuple[str, str]:
    return _row(*titles), _row(*["---"] * len(titles))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
