"""Run an emulator of Telegram: a world, and its Bot API on loopback, while a `with` block lasts."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

import uvicorn

from bot.demo.telegram.chats import Person
from bot.demo.telegram.faults import Faults
from bot.demo.telegram.http_api import BotApi
from bot.demo.telegram.world import World
from bot.ops.web_server import Server, listen_at

if TYPE_CHECKING:
    from starlette.types import ASGIApp

DEFAULT_TOKEN = "7000000001:demo-token-that-opens-nothing-at-telegram"  # noqa: S105


class Emulator:
    """Serves one bot.

        async with Emulator() as api:
            ann = SimulatedUser.join(api.world, "Ann")  # of bot.demo.people
            await ann.send_text("/start")
            ...a bot with `base_url=f"{api.url}/bot"` and `base_file_url=f"{api.url}/file/bot"` answers...
            await ann.expect(text="Hello")

    Args:
        token: what the bot has to show; the digits before its colon are the bot's id.
        username: the bot's, for commands addressed to it in groups.
        privacy: whether the bot sees only what concerns it in groups, as most do.
        inline_mode: whether people can ask it with `@bot query`, as BotFather allows on request.
        flood_limits: whether Telegram's limits on messages a second are kept.
        folder: where to keep files; if not given, nothing outlasts the block.
        host: where to listen, an address or a name of this machine's.
        ports: the first that is free is taken; 0 is any free one.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        username: str = "stylegram_bot",
        name: str = "stylegram",
        privacy: bool = True,
        inline_mode: bool = False,
        flood_limits: bool = False,
        folder: Path | None = None,
        host: str = "127.0.0.1",
        ports: Iterable[int] = (0,),
    ) -> None:
        bot_id = token.partition(":")[0]
        if not bot_id.isdigit():
            raise ValueError("a token begins with the bot's id, a number, and a colon")
        self.token = token
        self._temporary: TemporaryDirectory[str] | None = None
        if folder is None:
            self._temporary = TemporaryDirectory(prefix="stylegram-emulator-", ignore_cleanup_errors=True)
            folder = Path(self._temporary.name)
        self.world = World(
            Person(int(bot_id), name, username, is_bot=True),
            folder,
            privacy=privacy,
            inline_mode=inline_mode,
            flood_limits=flood_limits,
        )
        self.url = ""
        self.port = 0
        self._host = host
        self._ports = ports
        self._api = BotApi(self.world, token)

    @property
    def faults(self) -> Faults:
        return self.world.faults

    def serve_too(self, app: "ASGIApp") -> None:
        """Serve another application beside the Bot API, at all paths that are not the Bot API's own."""
        self._api.app.mount("", app)

    async def __aenter__(self) -> Self:
        """Raises `OSError` where it cannot listen."""
        listening = _listen_at_first_free(self._host, self._ports)
        self.port = listening.getsockname()[1]
        self.url = f"http://{_reachable(listening)}:{self.port}"
        config = uvicorn.Config(
            self._api.app,
            lifespan="off",
            ws="none",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=5,
        )
        self._server = Server(config)
        self._serving = asyncio.create_task(self._server.serve([listening]), name="Bot API emulator")
        self._closing = asyncio.create_task(self.world.polls.close_in_time(), name="closing polls")
        return self  # the socket listens already: who calls before the server runs waits a moment

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.world.webhook.stop()
        self._closing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._closing
        self.world.updates.close()
        self.world.journal.close()
        self._api.closing.set()
        self._server.should_exit = True
        await self._serving
        if self._temporary:
            await asyncio.to_thread(self._temporary.cleanup)


def _listen_at_first_free(host: str, ports: Iterable[int]) -> socket.socket:
    taken = OSError(errno.EADDRINUSE, "no free port")
    for port in ports:
        try:
            return listen_at(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            taken = error
    raise taken


def _reachable(listening: socket.socket) -> str:
    """An address for URLs: who listens everywhere is found on loopback, too."""
    host = listening.getsockname()[0]
    if listening.family == socket.AF_INET6:
        return f"[{'::1' if host == '::' else host}]"
    return "127.0.0.1" if host == "0.0.0.0" else str(host)  # noqa: S104
