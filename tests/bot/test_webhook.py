"""Updates by webhook instead of polling: the same bot, and nobody but Telegram is listened to."""

import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from bot import app
from bot.demo.emulator import Emulator
from bot.demo.users import User
from bot.errors import CannotRun
from bot.settings import Settings, SettingsError
from bot.webhook import SECRET
from tests.bot.conftest import picture
from tests.bot.easel import Easel


@pytest.fixture
def hooked(settings: Settings) -> Settings:
    """Settings with a webhook at a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    return Settings.load(
        **settings.model_dump()
        | {"listen": listen, "webhook_url": f"http://{listen}", "webhook_secret": "s3cret"}
    )


@pytest.fixture
async def running(hooked: Settings) -> AsyncIterator[Settings]:
    async with app.running(hooked, Easel()):
        yield hooked


@pytest.mark.usefixtures("running")
async def test_a_whole_conversation(ann: User) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))
    await ann.expect(buttons=["Balanced"])
    await ann.tap("Balanced")
    await ann.expect(photo=True, buttons=["As a file"])


@pytest.mark.parametrize("headers", [{}, {SECRET: "wrong"}], ids=["none", "wrong"])
async def test_without_the_secret_nothing_is_taken(running: Settings, headers: dict[str, str]) -> None:
    body = {"update_id": 1, "message": {}}
    async with httpx.AsyncClient() as client:
        answer = await client.post(str(running.webhook_url), json=body, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"update_id": 1, "message": {}}'])
async def test_nonsense_is_refused(running: Settings, body: bytes) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(str(running.webhook_url), content=body, headers={SECRET: "s3cret"})
    assert answer.status_code == 400


@pytest.mark.usefixtures("running")
async def test_an_update_posted_twice_is_answered_once(api: Emulator, ann: User) -> None:
    await ann.expect(text="Send me a photo")
    api.faults.duplicate_updates(1)
    await ann.send_text("/help")
    await ann.expect(text="two pictures")
    await ann.expect_silence()


async def test_a_taken_address_is_one_line(hooked: Settings) -> None:
    host, _, port = hooked.listen.partition(":")
    with socket.create_server((host, int(port))), pytest.raises(CannotRun, match="STYLEGRAM_LISTEN"):
        async with app.running(hooked, Easel()):
            pass


async def test_from_webhook_to_polling_and_back(hooked: Settings, settings: Settings, ann: User) -> None:
    for each in (hooked, settings, hooked):
        async with app.running(each, Easel()):
            await ann.send_text("/help")
            await ann.expect(text="photo")


def test_a_webhook_without_a_secret_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:a")
    monkeypatch.setenv("STYLEGRAM_WEBHOOK_URL", "https://bot.example")
    with pytest.raises(SettingsError, match="STYLEGRAM_WEBHOOK_SECRET"):
        Settings.load()
