"""Run a web server in the event loop of a program that handles signals itself."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.ops.errors import CannotRun
from bot.ops.side_tasks import SideTasks

LAST_ANSWERS = 1  # second for requests under way when the server is to stop


class Server(uvicorn.Server):
    """Serve until `should_exit` is set."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl-C and SIGTERM to the program around it."""
        yield


def listen_at(host: str, port: int) -> socket.socket:
    """Open a socket that takes connections from now on. Raises `OSError`."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # asyncio turns Nagle's algorithm off only where the socket names its protocol, as those made by
    # `socket.create_server` do not; each answer would take 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


class WebServer:
    """Answer at one address from `start` to `stop`; routes may be added at any time.

    Args:
        listen: host and port, such as 0.0.0.0:8443 or [::]:8443.
    """

    def __init__(self, listen: str) -> None:
        """Make the server; nothing listens yet."""
        host, _, port = listen.rpartition(":")
        self._address = host.strip("[]"), int(port)
        self._listen = listen
        self._app = Starlette()
        self._server = Server(
            uvicorn.Config(
                self._app,
                lifespan="off",
                ws="none",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=LAST_ANSWERS,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    def add(self, *routes: BaseRoute) -> None:
        """Add routes."""
        self._app.routes.extend(routes)

    async def start(self, side_tasks: SideTasks) -> None:
        """Listen, and serve as one of the side tasks. Raises `CannotRun` if the address cannot be had."""
        try:
            listening = listen_at(*self._address)
        except OSError as error:
            raise CannotRun(
                f"Cannot listen on {self._listen} ({error.strerror}): set STYLEGRAM_LISTEN to a free address."
            ) from error
        self._serving = side_tasks.start(self._server.serve([listening]), "web server")

    async def stop(self) -> None:
        """Stop listening, and wait for the requests under way."""
        self._server.should_exit = True
        if self._serving:
            await asyncio.wait([self._serving])
