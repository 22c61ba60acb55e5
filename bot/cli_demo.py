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
from typing import Annotated, NoReturn

import typer

from bot.errors import CannotRun
from bot.settings import SettingsError
from core.recipe import MOST
from storage import DatabaseError

SIZE = 512
LOOPBACK = "127.0.0.1"
PORTS_TRIED = 20


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
) -> None:
    """Chat with the bot in the browser: no token, no account, nothing leaves this machine."""
    try:
        with _folder(data) as folder, suppress(asyncio.CancelledError):
            asyncio.run(_show(folder, size, host, port, open_page))
    except (SettingsError, CannotRun) as error:
        _end(error, 2)
    except DatabaseError as error:
        _end(error, 1)


async def _show(folder: Path, size: int, host: str, port: int, open_page: bool | None) -> None:
    from bot.demo.guard import is_loopback
    from bot.demo.stage import stage
    from bot.signals import cancel_on_signals

    cancel_on_signals()
    ports = [port, *range(port + 1, min(port + PORTS_TRIED, 65536)), 0] if port else [0]
    async with stage(folder, size=size, host=host, ports=ports) as play:
        if port and play.api.port != port:
            _say(f"Port {port} is taken.")
        _say(f"The demo is at {play.api.url} (Ctrl-C ends it).")
        if not is_loopback(host):
            _say(f"It listens on {host}: whoever reaches this machine may use it.")
        if _has_browser() if open_page is None else open_page:
            # On a thread nobody waits for: some browsers do not return before they are closed.
            threading.Thread(target=webbrowser.open, args=(play.api.url,), daemon=True).start()
        await play.failed()


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with TemporaryDirectory(prefix="stylegram-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _has_browser() -> bool:
    """Whether somebody sits before a terminal, and plausibly before a screen."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform == "darwin" or any(map(os.environ.get, screens)))


def _say(line: str) -> None:
    print(line, flush=True)


def _end(error: Exception, code: int) -> NoReturn:
    print(f"stylegram: {error}", file=sys.stderr)
    raise typer.Exit(code) from None
