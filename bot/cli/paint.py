"""`stylegram paint`: one photo in the style of another, from the command line."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.console import end
from bot.cli.files import CannotWrite, check_place, shortened, write
from bot.cli.streams import check_stdout, printable
from core import memory
from core.decoding.picture import Format, encode, format_of, open_picture
from core.decoding.pixels import Picture
from core.decoding.refusal import PictureError
from core.memory import TooLarge, check_memory
from core.recipe import DEFAULT_SIZE, MOST, MOST_STYLES, Recipe, Strength

if TYPE_CHECKING:
    from core.painter import Painter
    from core.record import Record
    from core.step import Losses, Step

STDOUT = Path("-")


class Device(StrEnum):
    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


class PaintError(Exception):
    """What is asked for cannot be done; one line that says what to do."""


@dataclass(frozen=True)
class Painted:
    """A finished picture and what is to be said of it."""

    picture: Picture
    report: dict[str, Any]
    record: "Record | None"
    complete: bool


def paint(
    content: Annotated[Path, typer.Argument(help="The photo to repaint.")],
    styles: Annotated[
        list[Path],
        typer.Argument(
            metavar="STYLE...", help=f"The picture whose manner is borrowed, or up to {MOST_STYLES}."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Where to write it (.jpg, .png, .webp), - for stdout. [default: CONTENT-STYLE.jpg]",
        ),
    ] = None,
    strength: Annotated[Strength, typer.Option(help="How far towards the style.")] = Strength.BALANCED,
    size: Annotated[
        int | None,
        typer.Option(
            help=f"Longest side, px, up to {MOST}. [default: the photo's own, up to {DEFAULT_SIZE}]"
        ),
    ] = None,
    mix: Annotated[
        str | None, typer.Option(help="Weights of several styles, such as 2:1. [default: equal]")
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="The optimisation's steps, instead of the strength's own number."),
    ] = None,
    keep_colours: Annotated[
        bool, typer.Option("--keep-colours", "--keep-colors", help="Keep the photo's colours.")
    ] = False,
    weights: Annotated[
        str, typer.Option(help="The network's: auto, imagenet, packaged, or a file.")
    ] = "auto",
    device: Annotated[Device, typer.Option(help="What to compute on.")] = Device.AUTO,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same picture.")] = 0,
    sheet: Annotated[Path | None, typer.Option(help="Also a sheet of the painting's course (.png).")] = None,
    timelapse: Annotated[Path | None, typer.Option(help="Also the painting as an animation (.gif).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a report as JSON on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite files that exist.")] = False,
) -> None:
    """Repaint CONTENT in the manner of STYLE. Ctrl-C saves the painting as far as it has come."""
    console = Console(stderr=True, quiet=quiet)
    try:
        output = output or Path(shortened((content.stem, styles[0].stem), ".jpg", Path()))
        recipe = _recipe(strength, size, steps, keep_colours, _weights_of(styles, mix), seed)
        file_format = _check_outputs(output, sheet, timelapse, as_json=as_json, force=force)
        photo = _read(content, recipe.size)
        longest = max(2 * recipe.size, 320)  # no more of a style is ever looked at
        style_pictures = [_read(style, longest) for style in styles]
        painted = _painting(photo, style_pictures, recipe, weights, device, console, sheet, timelapse)
        about = json.dumps({"software": "stylegram", **recipe.to_json()})
        _write_all(painted, encode(painted.picture, file_format, comment=about), output, sheet, timelapse)
    except (PaintError, PictureError, CannotWrite) as error:
        end(error, 2)
    height, width = painted.picture.shape[:2]
    report = {
        "output": str(output),
        "width": width,
        "height": height,
        "strength": strength.value,
        **painted.report,
        "seconds": round(_age(), 2),
        "peak_memory_mb": memory.peak(),
    }
    if as_json:
        print(json.dumps(report))
    elif output != STDOUT:
        done = f"{printable(output)} ({width} x {height}) in {report['seconds']:.1f} s"
        console.print(done, highlight=False, markup=False, soft_wrap=True)
    if not painted.complete:
        raise typer.Exit(130)


def _weights_of(styles: list[Path], mix: str | None) -> tuple[float, ...] | None:
    """What `--mix` says, in as many numbers as there are styles."""
    if len(styles) > MOST_STYLES:
        raise PaintError(f"a painting has at most {MOST_STYLES} styles, not {len(styles)}")
    if mix is None:
        return None
    try:
        weights = tuple(float(weight) for weight in mix.split(":"))
    except ValueError:
        raise PaintError(f"--mix is numbers with colons between, such as 2:1, not {mix}") from None
    if len(weights) != len(styles):
        raise PaintError(
            f"--mix needs as many numbers as there are styles, {len(styles)}: {mix} has {len(weights)}"
        )
    return weights


def _recipe(
    strength: Strength,
    size: int | None,
    steps: int | None,
    keep_colours: bool,
    mix: tuple[float, ...] | None,
    seed: int,
) -> Recipe:
    try:
        return Recipe(
            strength=strength,
            size=DEFAULT_SIZE if size is None else size,
            enlarge=size is not None,
            steps=steps,
            keep_colours=keep_colours,
            mix=mix,
            seed=seed,
        )
    except ValueError as error:
        raise PaintError(str(error)) from error


def _check_outputs(
    output: Path, sheet: Path | None, timelapse: Path | None, *, as_json: bool, force: bool
) -> Format:
    """Everything that can be wrong with what is to be written, found before anything is painted."""
    if output == STDOUT and as_json:
        raise PaintError("the picture and the report cannot both go to stdout: give -o a file")
    for path, suffix in ((sheet, ".png"), (timelapse, ".gif")):
        if path and path.suffix.lower() != suffix:
            raise PaintError(f"{path}: this file is written as {suffix}")
    paths = [path for path in (output, sheet, timelapse) if path and path != STDOUT]
    places = [os.path.realpath(path) for path in paths]
    for number, path in enumerate(paths):
        if places[number] in places[:number]:
            raise PaintError(f"{path} cannot be two things at once")
        check_place(path)
        if path.exists() and not force:
            raise PaintError(f"{path} exists: --force overwrites it")
    if output != STDOUT:
        return format_of(output)
    check_stdout()
    return "jpeg"


def _read(path: Path, longest: int) -> Picture:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PaintError(f"cannot read {path}: {error.strerror}") from error
    try:
        return open_picture(data, longest=longest)
    except PictureError as error:
        raise PaintError(f"{path}: {error}") from error


def _painting(
    photo: Picture,
    styles: list[Picture],
    recipe: Recipe,
    weights: str,
    device: Device,
    console: Console,
    sheet: Path | None,
    timelapse: Path | None,
) -> Painted:
    height, width = photo.shape[:2]
    try:
        check_memory(height, width, recipe, memory.available())
    except TooLarge as error:
        raise PaintError(str(error)) from error
    with console.status("Loading the network"):
        painter = _load(weights, device, console)
    from core.step import NotFiniteError

    record = _record(photo, styles, sheet, timelapse)
    first_picture: float | None = None
    last: Step | None = None
    losses: Losses | None = None  # of the last step that has any
    with _progress(console) as progress, _interruptible() as interrupted:
        task = progress.add_task("", total=None, doing="")
        try:
            for last in painter.paint(photo, styles, recipe):
                progress.update(task, total=1, completed=last.share, doing=_doing(last))
                first_picture = first_picture or last.seconds
                losses = last.losses or losses
                if record:
                    record.add(last)
                if interrupted.is_set():
                    console.print("Interrupted: saving the painting as it is")
                    break
        except NotFiniteError as error:
            raise PaintError(f"{error}: are these the weights of a VGG network?") from error
    assert last is not None and first_picture is not None  # a painting has at least one step  # noqa: S101, PT018
    picture = last.picture()
    report = {
        "backbone": painter.backbone.weights.architecture,
        "weights": painter.backbone.weights.name,
        "device": painter.device,
        "steps": last.index,
        "loss": losses and losses.total,
        "style_loss": losses and losses.style,
        "content_loss": losses and losses.content,
        "first_picture_seconds": round(first_picture, 2),
        "compile_seconds": round(painter.trace_seconds, 2),
        "paint_seconds": round(last.seconds, 2),
    }
    return Painted(picture, report, record, complete=last.index == last.total)


def _doing(step: "Step") -> str:
    """What a terminal is told of a step."""
    doing = f"{step.index}/{step.total}  {step.scale} px"
    if step.losses is None:
        return doing
    losses = step.losses
    return f"{doing}  loss {losses.total:.3g}  style {losses.style:.3g}  content {losses.content:.3g}"


def _load(weights: str, device: Device, console: Console) -> "Painter":
    from core.device import DeviceError
    from core.painter import load_painter  # brings TensorFlow in, which takes seconds
    from core.weights import WeightsError

    with _progress(console) as progress:
        task = progress.add_task("", total=None, doing="fetching VGG19", visible=False)

        def fetched(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total or None, visible=True)

        try:
            painter = load_painter(weights, device.value, progress=fetched)
        except (WeightsError, DeviceError) as error:
            raise PaintError(str(error)) from error
    if note := painter.backbone.weights.note:
        console.print(printable(note), highlight=False, markup=False, soft_wrap=True)
    return painter


def _record(
    photo: Picture, styles: list[Picture], sheet: Path | None, timelapse: Path | None
) -> "Record | None":
    if not (sheet or timelapse):
        return None
    from core.record import Record, plotting_available

    if sheet and not plotting_available():
        raise PaintError("a sheet needs matplotlib: pip install 'stylegram[plot]'")
    return Record(photo, styles)


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (BarColumn(), TextColumn("{task.fields[doing]}"))
    off = not console.is_terminal  # there it would leave blank lines
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=off) as progress:
        yield progress


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """Ctrl-C sets the event, so that it never cuts into a step; a second one ends the program."""
    interrupted = threading.Event()

    def interrupt(*_: object) -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt
        interrupted.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _write_all(
    painted: Painted, picture: bytes, output: Path, sheet: Path | None, timelapse: Path | None
) -> None:
    """Write all that can be written, the painting first. Raises `CannotWrite` for the first that cannot."""
    problems = []
    files: list[tuple[Path | None, Callable[[], bytes]]] = [(output, lambda: picture)]
    if record := painted.record:
        files += [(sheet, lambda: record.sheet(painted.picture)), (timelapse, record.timelapse)]
    for path, make in files:
        try:
            if path and path != STDOUT:
                write(path, make())
        except CannotWrite as problem:
            problems.append(problem)
    if output == STDOUT:  # last, for its reader may have left
        sys.stdout.buffer.write(picture)
    if problems:
        raise problems[0]


def _age() -> float:
    """Seconds since this process was started."""
    started = float(psutil.Process().create_time())
    if sys.platform == "linux":  # which knows when it booted to the second only, but times since then exactly
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started + float(psutil.boot_time())
    return time.time() - started
