"""Connect to the Bot API, and report every request that fails."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeAlias

from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

CONNECTIONS = 256  # at once; the Bot API's limits on messages a second are kept elsewhere

Failed: TypeAlias = Callable[[str, str], None]  # the method, and what kind of error it was


class Connection(HTTPXRequest):
    """One pool of connections to the Bot API.

    Args:
        on_failed: told of each request that fails: the method, and what kind of error. Each try counts.
        connections: how many at once.
    """

    def __init__(self, on_failed: Failed, connections: int = CONNECTIONS) -> None:
        super().__init__(connection_pool_size=connections, pool_timeout=10, read_timeout=10)
        self._on_failed = on_failed

    async def do_request(self, url: str, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        try:
            code, answer = await super().do_request(url, *arguments, **options)
        except NetworkError as error:
            kind = "timed_out" if isinstance(error, TimedOut) else "no_connection"
            self._on_failed(_method(url), kind)
            raise
        if code >= HTTPStatus.BAD_REQUEST:
            self._on_failed(_method(url), _kind(code))
        return code, answer


def _method(url: str) -> str:
    """Name the Bot API's method, such as sendMessage; fetching a file is called download."""
    return "download" if "/file/bot" in url else url.rpartition("/")[2]


def _kind(code: int) -> str:
    try:
        return HTTPStatus(code).name.lower()
    except ValueError:
        return f"status_{code}"
