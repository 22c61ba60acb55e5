"""Telegram in a box: a world, and its Bot API on loopback, for as long as a `with` block lasts."""

import asyncio
from types import TracebackType
from typing import Self

import uvicorn

from bot.demo.api import BotApi
from bot.demo.chats import Person
from bot.demo.faults import Faults
from bot.demo.world import World
from bot.serving import Server, listen_at

DEFAULT_TOKEN = "7000000001:demo-token-that-opens-nothing-at-telegram"  # noqa: S105


class Emulator:
    """Serves one bot.

        async with Emulator() as api:
            ann = api.world.user("Ann")
            await ann.send_text("/start")
            ...a bot with `base_url=f"{api.url}/bot"` and `base_file_url=f"{api.url}/file/bot"` answers...
            await ann.expect(text="Hello")

    Args:
        token: what the bot has to show; the digits before its colon are the bot's id.
        username: the bot's, for commands addressed to it in groups.
        privacy: whether the bot sees only what concerns it in groups, as most do.
        flood_limits: whether Telegram's limits on messages a second are kept.
        port: where to listen; 0 for any free port.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        username: str = "stylegram_bot",
        name: str = "stylegram",
        privacy: bool = True,
        flood_limits: bool = False,
        port: int = 0,
    ) -> None:
        bot_id = token.partition(":")[0]
        if not bot_id.isdigit():
            raise ValueError("a token begins with the bot's id, a number, and a colon")
        self.token = token
        self.world = World(
            Person(int(bot_id), name, username, is_bot=True), privacy=privacy, flood_limits=flood_limits
        )
        self.url = ""
        self._port = port
        self._api = BotApi(self.world, token)

    @property
    def faults(self) -> Faults:
        return self.world.faults

    async def __aenter__(self) -> Self:
        listening = listen_at("127.0.0.1", self._port)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
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
        return self  # the socket listens already: who calls before the server runs waits a moment

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.world.webhook.stop()
        self.world.updates.close()
        self._api.closing.set()
        self._server.should_exit = True
        await self._serving
