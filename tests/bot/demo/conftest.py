"""An emulator, and python-telegram-bot talking to it over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from httpx import AsyncClient
from telegram import Bot
from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.demo.page.web_page import WebPage
from bot.demo.telegram.emulator import Emulator
from tests.kit import pictures
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
RunBot = Callable[..., AbstractAsyncContextManager[Application]]


@pytest.fixture
async def api() -> AsyncIterator[Emulator]:
    async with Emulator() as api:
        yield api


@pytest.fixture
async def ann(api: Emulator) -> Actor:
    """Somebody who has written to the bot, which may answer therefore."""
    ann = Actor.join(api.world, "Ann")
    await ann.send_text("/start")
    return ann


@pytest.fixture
async def bot(api: Emulator) -> AsyncIterator[Bot]:
    """A bot that reads its updates only when the test says so."""
    request = HTTPXRequest(read_timeout=30)
    async with Bot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=request,
        get_updates_request=HTTPXRequest(),
    ) as bot:
        yield bot


@pytest.fixture
def run_bot(api: Emulator) -> RunBot:
    """Runs an application that polls, with these handlers, for as long as the block lasts."""

    @asynccontextmanager
    async def run(*handlers: object) -> AsyncIterator[Application]:
        application = (
            ApplicationBuilder()
            .token(api.token)
            .base_url(f"{api.url}/bot")
            .base_file_url(f"{api.url}/file/bot")
            .local_mode(False)
            .build()
        )
        application.add_handlers(handlers)
        async with application:
            await application.updater.start_polling(timeout=5)
            await application.start()
            try:
                yield application
            finally:
                await application.updater.stop()
                await application.stop()

    return run


@pytest.fixture
def picture() -> MakePicture:
    """Makes a plain picture: `picture(640, 480, "red", "PNG")`."""

    def make(
        width: int = 640, height: int = 480, colour: str = "teal", kind: str = "JPEG", **how: object
    ) -> bytes:
        return pictures.picture(colour, width, height, kind, **how)

    return make


@pytest.fixture
def next_update(bot: Bot) -> Callable[[], Awaitable[object]]:
    """Reads and confirms the bot's next update."""

    async def read() -> object:
        updates = await bot.get_updates(limit=1, timeout=30)
        assert updates, "no update came"
        await bot.get_updates(offset=updates[0].update_id + 1, limit=1, timeout=0)
        return updates[0]

    return read


@pytest.fixture
async def page(api: Emulator) -> AsyncIterator[AsyncClient]:
    """Sends what the page would, with its origin."""
    api.serve_too(WebPage(api.world, "127.0.0.1").app)
    async with AsyncClient(base_url=api.url, headers={"Origin": api.url}, timeout=30) as client:
        yield client
