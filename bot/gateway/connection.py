"""Connect to the Bot API, and report every request that fails."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import httpx
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.gateway.answers import UnreadableAnswer, readable
from core.error_messages import with_kind

CONNECTIONS = 256  # at once; the Bot API's limits on messages a second are kept elsewhere

LONGEST_DOWNLOAD = 60.0  # seconds for one file

Failed: TypeAlias = Callable[[str, str], None]  # the method, and what kind of error it was

DIRECT: Final = MappingProxyType({"trust_env": False})  # whatever proxies the environment names


class Connection(HTTPXRequest):
    """One pool of connections to the Bot API.

    Args:
        on_failed: told of each request that fails: the method, and what kind of error. Each try counts.
        options: what the HTTP client is made with, as `bot.gateway.network.client_options` says.
        connections: how many at once.
    """

    def __init__(
        self, on_failed: Failed, options: Mapping[str, Any] = DIRECT, connections: int = CONNECTIONS
    ) -> None:
        super().__init__(
            connection_pool_size=connections, pool_timeout=10, read_timeout=10, httpx_kwargs=dict(options)
        )
        self._on_failed = on_failed

    async def do_request(self, url: str, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        try:
            code, answer = await super().do_request(url, *arguments, **options)
        except NetworkError as error:
            kind = "timed_out" if isinstance(error, TimedOut) else "no_connection"
            self._on_failed(_method(url), kind)
            raise
        except UnicodeError as error:  # half a character, which no waiting makes whole
            raise BadRequest("the text cannot be sent") from error
        method = _method(url)
        if method != "download":
            try:
                answer = readable(method, code, answer)
            except UnreadableAnswer:
                self._on_failed(method, "unreadable")
                raise
        if code >= HTTPStatus.BAD_REQUEST:
            self._on_failed(method, _kind(code))
        return code, answer

    async def fetch(self, url: str, most: int) -> tuple[int, bytes]:
        """Download a file. Returns the status, and of the file no more than one byte above `most`.

        Raises a `NetworkError`, `TimedOut` included.
        """
        try:
            code, data = await self._fetch(url, most)
        except (TimeoutError, httpx.TimeoutException) as error:
            self._on_failed(_method(url), "timed_out")
            raise TimedOut from error
        except httpx.HTTPError as error:
            self._on_failed(_method(url), "no_connection")
            raise NetworkError(f"httpx.{with_kind(error)}") from error
        if code >= HTTPStatus.BAD_REQUEST:
            self._on_failed(_method(url), _kind(code))
        return code, data

    async def _fetch(self, url: str, most: int) -> tuple[int, bytes]:
        data = bytearray()
        as_it_is = {"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"}
        async with (
            asyncio.timeout(LONGEST_DOWNLOAD),
            self._client.stream("GET", url, headers=as_it_is) as answer,
        ):
            async for part in answer.aiter_raw():
                data += part
                if len(data) > most:
                    break
            return answer.status_code, bytes(data[: most + 1])


def _method(url: str) -> str:
    """Name the Bot API's method, such as sendMessage; fetching a file is called download."""
    return "download" if "/file/bot" in url else url.rpartition("/")[2]


def _kind(code: int) -> str:
    try:
        return HTTPStatus(code).name.lower()
    except ValueError:
        return f"status_{code}"
