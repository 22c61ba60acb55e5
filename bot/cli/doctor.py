"""`stylegram doctor` and `stylegram fetch-weights`: is everything there, and get what is not."""

import importlib.metadata
import platform
from collections.abc import Iterator

import psutil
import typer
from rich.console import Console
from rich.progress import DownloadColumn, Progress
from rich.table import Table
from rich.text import Text

from bot.cli.console import as_it_is, end
from bot.cli.streams import printable

PACKAGES = ("stylegram", "tensorflow", "numpy", "pillow")


def doctor() -> None:
    """Say what is installed and what is missing. If something is wrong, the exit status is 1."""
    table = Table(show_header=False, box=None)
    problems = []
    for name, value, problem in _findings():
        table.add_row(name, as_it_is(value))
        if problem:
            problems.append(problem)
    console = Console()
    console.print(table)
    for problem in problems:
        console.print(Text.assemble(("wrong: ", "bold"), printable(problem)), soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print("Everything needed is here.")


def fetch_weights() -> None:
    """Download the ImageNet weights (80 MB). They go into Keras' cache, unless they are there."""
    from core.weights import WeightsError, fetch

    with Progress(
        *Progress.get_default_columns(), DownloadColumn(), console=Console(stderr=True)
    ) as progress:
        task = progress.add_task("VGG19", total=None)
        try:
            path = fetch(
                progress=lambda done, total: progress.update(task, completed=done, total=total or None)
            )
        except WeightsError as error:
            progress.stop()
            end(error, 2)
    print(path)


def _findings() -> Iterator[tuple[str, str, str | None]]:
    """What there is: a name, a value, and if it is a problem what to do."""
    yield "python", platform.python_version(), None
    for package in PACKAGES:
        try:
            yield package, importlib.metadata.version(package), None
        except importlib.metadata.PackageNotFoundError:
            yield package, "missing", f"{package} is not installed: pip install {package}"
    yield _device()
    yield from _weights()
    free = psutil.virtual_memory().available // 1_000_000
    yield "free memory", f"{free} MB", "painting 512 px takes 1500 MB: free some" if free < 1500 else None


def _device() -> tuple[str, str, str | None]:
    try:
        from core.device import choose_device, fastest_type
    except ImportError as error:
        return "device", "none", f"TensorFlow cannot be imported: {error}"
    return "device", f"{choose_device('auto')}, convolutions in {fastest_type().name}", None


def _weights() -> Iterator[tuple[str, str, str | None]]:
    from core.weights import WeightsError, cache_path, check_source, is_cached, load_weights

    if is_cached():
        yield "imagenet weights", str(cache_path()), None
    else:
        try:
            check_source()
        except WeightsError as error:
            yield "imagenet weights", f"{error} The packaged ones are used instead.", None
        else:
            yield "imagenet weights", "not here yet: fetched (80 MB) before the first painting", None
    try:
        load_weights("packaged")
    except WeightsError as error:
        yield "packaged weights", "unusable", str(error)
    else:
        yield "packaged weights", "found", None
