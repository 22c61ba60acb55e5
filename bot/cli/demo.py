"""`stylegram demo`: the whole bot in a browser, with no token."""

import asyncio
import os
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.cli.console import end
from bot.cli.files import CannotWrite, check_place, write
from bot.cli.streams import printable
from bot.ops import logs
from bot.ops.errors import CannotRun
from bot.ops.signals import cancel_on_signals
from bot.settings import SettingsError, forget_secrets
from core.processes import keep_memory_private
from core.recipe import MOST
from storage import DatabaseError

SIZE = 512
LOOPBACK = "127.0.0.1"
PORTS_TRIED = 20
RESULT = Path("demo-result.jpg")


def demo(
    host: Annotated[str, typer.Option(help="Where to listen; beyond loopback, others get in.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65535, help="If it is taken, the next free one.")] = 8080,
    data: Annotated[
        Path | None,
        typer.Option(help="Keep everything in this folder, and go on from there. [default: keep nothing]"),
    ] = None,
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open the page in a browser. [default: where there is one]"),
    ] = None,
    size: Annotated[int, typer.Option(min=64, max=MOST, help="Longest side of a picture, px.")] = SIZE,
    autoplay: Annotated[
        bool, typer.Option("--autoplay", help="No page: play the main conversation, and save the result.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help=f"Where --autoplay writes the JPEG, whatever is there. [default: {RESULT}]"
        ),
    ] = None,
) -> None:
    """Chat with the bot in the browser. No token, no account; nothing leaves this machine."""
    keep_memory_private()
    forget_secrets()  # of another bot, if they are in the environment
    try:
        if output and not autoplay:
            raise CannotRun("--output is where --autoplay writes: there is nothing else to write.")
        with _folder(data) as folder:
            if autoplay:
                asyncio.run(_play(folder, size, _writable(output or RESULT)))
            else:
                with suppress(asyncio.CancelledError):
                    asyncio.run(_show(folder, size, host, port, open_page))
    except (SettingsError, CannotRun) as error:
        end(error, 2)
    except DatabaseError as error:
        end(error, 1)
    except asyncio.CancelledError:
        end("It was told to stop before there was a result.", 130)


async def _show(folder: Path, size: int, host: str, port: int, open_page: bool | None) -> None:
    cancel_on_signals()
    from bot.demo.page.origin_guard import is_loopback
    from bot.demo.stage import stage

    ports = [port, *range(port + 1, min(port + PORTS_TRIED, 65536)), 0] if port else [0]
    async with stage(folder, size=size, host=host, ports=ports, set_up_logs=logs.set_up) as play:
        if port and play.api.port != port:
            _say(f"Port {port} is taken.")
        if not is_loopback(host):
            _say(f"It listens on {host}: whoever reaches this machine may use it.")
        _say(f"The demo is at {play.api.url} (Ctrl-C ends it).")
        if _has_browser() if open_page is None else open_page:
            # On a thread nobody waits for: some browsers do not return before they are closed.
            threading.Thread(target=webbrowser.open, args=(play.api.url,), daemon=True).start()
        await play.failed()


async def _play(folder: Path, size: int, output: Path) -> None:
    cancel_on_signals()
    from bot.demo.autoplay import PlayFailed, play
    from bot.demo.stage import stage

    async with stage(folder, size=size, set_up_logs=logs.set_up) as everybody:
        try:
            picture = await play(everybody, _say)
        except PlayFailed as error:
            end(error, 1)
        try:
            await asyncio.to_thread(write, output, picture)
        except CannotWrite as error:
            end(error, 1)
    _say(f"The result is in {output}.")


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    try:
        temporary = TemporaryDirectory(prefix="stylegram-demo-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CannotRun(f"There is no temporary folder ({error.strerror}): name one with --data.") from error
    with temporary as folder:
        yield Path(folder)


def _writable(output: Path) -> Path:
    """Before anything is painted for nothing."""
    if output.suffix.lower() not in (".jpg", ".jpeg"):
        raise CannotRun(f"The result is a JPEG: {output} should end in .jpg.")
    try:
        check_place(output)
    except CannotWrite as error:
        raise CannotRun(f"Cannot write to {output} ({error}): choose a place where you may.") from error
    return output


def _has_browser() -> bool:
    """Whether somebody sits before a terminal, and plausibly before a screen."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform == "darwin" or any(map(os.environ.get, screens)))


def _say(line: str) -> None:
    print(printable(line), flush=True)
