"""Updates posted to the bot."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from bot.demo.telegram.emulator import Emulator
from bot.ops.web_server import Server
from tests.kit.people import Actor

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Receiver:
    """A bot's web server, that refuses as often as it is told before it takes an update."""

    def __init__(self) -> None:
        self.taken: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.refusals = 0
        self.url = ""

    async def receive(self, request: Request) -> Response:
        self.secrets.append(request.headers.get(HEADER))
        if self.refusals:
            self.refusals -= 1
            return Response(status_code=503)
        self.taken.append(await request.json())
        return Response()

    async def wait_for(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.taken) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return [update["message"]["text"] for update in self.taken]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    receiver.url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
    server = Server(uvicorn.Config(app, lifespan="off", ws="none", log_config=None))
    serving = asyncio.create_task(server.serve([listening]))
    yield receiver
    server.should_exit = True
    await serving


async def test_updates_are_posted_with_the_secret(api: Emulator, bot: Bot, receiver: Receiver) -> None:
    ann = Actor.join(api.world, "Ann")
    await ann.send_text("before")
    await bot.set_webhook(receiver.url, secret_token="s3cret")  # noqa: S106
    await ann.send_text("after")
    assert await receiver.wait_for(2) == ["before", "after"]
    assert receiver.secrets == ["s3cret", "s3cret"]
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_an_update_is_posted_until_it_is_taken(api: Emulator, bot: Bot, receiver: Receiver) -> None:
    receiver.refusals = 2
    await bot.set_webhook(receiver.url)
    ann = Actor.join(api.world, "Ann")
    await ann.send_text("one")
    await ann.send_text("two")
    assert await receiver.wait_for(2) == ["one", "two"]
    assert receiver.secrets == [None] * 4
    info = await bot.get_webhook_info()
    assert "503" in str(info.last_error_message)
    assert not info.api_kwargs


async def test_a_webhook_and_polling_exclude_each_other(api: Emulator, bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, allowed_updates=["message"])
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    await Actor.join(api.world, "Ann").send_text("polled")
    assert len(await bot.get_updates()) == 1


async def test_pending_updates_can_be_dropped(api: Emulator, bot: Bot) -> None:
    await Actor.join(api.world, "Ann").send_text("old")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_needs_an_address(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("ftp://example.org")


async def test_an_application_runs_behind_it(api: Emulator, receiver: Receiver) -> None:
    async def echo(update: Update, _context: object) -> None:
        await update.message.reply_text(f"heard {update.message.text}")

    application = ApplicationBuilder().token(api.token).base_url(f"{api.url}/bot").updater(None).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await application.bot.set_webhook(receiver.url)
        ann = Actor.join(api.world, "Ann")
        await ann.send_text("hello")
        await receiver.wait_for(1)
        await application.update_queue.put(Update.de_json(receiver.taken[0], application.bot))
        await ann.expect(text="heard hello", timeout=5)
        await application.stop()
