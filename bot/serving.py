"""A web server inside the event loop of a program that has its own ideas about signals."""

import contextlib
from collections.abc import Iterator

import uvicorn


class Server(uvicorn.Server):
    """Serves until its `should_exit` is set."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves Ctrl-C and SIGTERM to the program around it."""
        yield
