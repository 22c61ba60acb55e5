"""Updates by webhook instead of polling: the same bot, and nobody but Telegram is listened to."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from bot import app
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import RawAnswer, server_error
from bot.gateway import retries, webhook
from bot.gateway.webhook import LARGEST, SECRET
from bot.ops.errors import CannotRun
from bot.settings import Settings, SettingsError
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.ports import free_address
from tests.kit.small_disk import SmallDisk
from tests.kit.waiting import eventually

COMMAND = [{"type": "bot_command", "offset": 0, "length": 5}]


@pytest.fixture
def hooked(settings: Settings) -> Settings:
    """Settings with a webhook at a free port."""
    listen = free_address()
    return Settings.load(
        **settings.model_dump()
        | {"listen": listen, "webhook_url": f"http://{listen}/behind/a/proxy", "webhook_secret": "s3cret"}
    )


@pytest.fixture
async def running(hooked: Settings) -> AsyncIterator[Settings]:
    async with app.running(hooked, Easel()):
        yield hooked


@pytest.mark.usefixtures("running")
async def test_a_whole_conversation(ann: Actor) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))
    await ann.expect(buttons=["Balanced"])
    await ann.tap("Balanced")
    await ann.expect(photo=True, buttons=["Another style"])


@pytest.mark.parametrize("headers", [{}, {SECRET: "wrong"}], ids=["none", "wrong"])
async def test_without_the_secret_nothing_is_taken(running: Settings, headers: dict[str, str]) -> None:
    body = {"update_id": 1, "message": {}}
    async with httpx.AsyncClient() as client:
        answer = await client.post(str(running.webhook_url), json=body, headers=headers)
    assert answer.status_code == 403


async def post(settings: Settings, body: bytes) -> int:
    """As Telegram does; returns the status."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(str(settings.webhook_url), content=body, headers={SECRET: "s3cret"})
    return answer.status_code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"\xff\xfe\xfa",
        b"null",
        b"[]",
        b"[" * 100_000,
        b"{}",
        b'{"update_id": true}',
        b'{"update_id": "1"}',
        b'{"update_id": -1}',
        b'{"update_id": 1' + b"0" * 5000 + b"}",
    ],
    ids=lambda body: body[:20],
)
async def test_what_is_no_update_is_passed_over_or_telegram_would_repeat_it_for_ever(
    running: Settings, ann: Actor, body: bytes
) -> None:
    assert await post(running, body) == 200
    await ann.expect(text="Send me a photo")


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id": 1, "message": {}}',
        b'{"update_id": 1, "message": "hello"}',
        b'{"update_id": 1, "message": ' + b"[" * 800 + b"]" * 800 + b"}",
        b'{"update_id": 1, "something": {"new": 1}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"},'
        b' "from": {"id": 9223372036854775808, "is_bot": false, "first_name": "Ann"}}}',
    ],
    ids=["empty", "of another type", "deep", "of a new kind", "a number too large"],
)
async def test_what_cannot_be_read_is_taken_or_telegram_would_repeat_it_for_ever(
    running: Settings, ann: Actor, body: bytes
) -> None:
    assert await post(running, body) == 200
    await ann.expect(text="Send me a photo")


async def test_a_body_of_unknown_length_is_read(running: Settings) -> None:
    async def parts(size: int) -> AsyncIterator[bytes]:
        yield b'{"update_id": 1'
        yield b" " * size
        yield b"}"

    async with httpx.AsyncClient(headers={SECRET: "s3cret"}) as client:
        for size, status in ((10, 200), (LARGEST, 413)):
            answer = await client.post(str(running.webhook_url), content=parts(size))
            assert answer.status_code == status


async def test_a_negative_length_is_refused(running: Settings) -> None:
    host, _, port = str(running.listen).partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST / HTTP/1.1\r\nHost: a\r\n{SECRET}: s3cret\r\nContent-Length: -1\r\n\r\n".encode())
    assert b" 400 " in await reader.readline()
    writer.close()


async def test_what_is_far_too_large_is_refused(running: Settings) -> None:
    assert await post(running, b" " * (LARGEST + 1)) == 413


@pytest.mark.usefixtures("running")
async def test_an_update_posted_twice_is_answered_once(api: Emulator, ann: Actor) -> None:
    await ann.expect(text="Send me a photo")
    api.faults.duplicate_updates(1)
    await ann.send_text("/help")
    await ann.expect(text="two pictures")
    await ann.expect_silence()


async def test_an_update_that_comes_again_long_after_its_answer_is_not_answered_again(
    hooked: Settings, ann: Actor
) -> None:
    """As when the bot dies before Telegram hears that the update got through."""
    message = ann.private.messages[1].to_json()
    body = json.dumps({"update_id": 7, "message": message | {"text": "/help", "entities": COMMAND}})
    for times in (1, 0):
        async with app.running(hooked, Easel()):
            if times:
                await ann.expect(text="Send me a photo")
            for _ in range(3):
                assert await post(hooked, body.encode()) == 200
            for _ in range(times):
                await ann.expect(text="two pictures")
            await ann.expect_silence()


async def test_an_update_that_cannot_be_kept_is_not_confirmed_and_comes_again(
    hooked: Settings, ann: Actor, small_disk: SmallDisk
) -> None:
    async with app.running(hooked.model_copy(update={"data": small_disk.folder}), Easel()):
        await ann.expect(text="Send me a photo")
        small_disk.fill()
        await ann.send_text("/help")
        assert await post(hooked, b'{"update_id": 1}') == 503
        small_disk.free()
        await ann.expect(text="two pictures")


async def test_while_the_bot_starts_updates_are_put_off(api: Emulator, hooked: Settings) -> None:
    api.faults.next("getMe", server_error(), times=3)
    async with asyncio.TaskGroup() as tasks:
        stop = asyncio.Event()

        async def run() -> None:
            async with app.running(hooked, Easel()):
                await stop.wait()

        tasks.create_task(run())
        await eventually(lambda: len(api.faults.planned) == 2)
        assert await post(hooked, b'{"update_id": 1}') == 503
        stop.set()


async def test_a_taken_address_is_one_line(hooked: Settings) -> None:
    host, _, port = str(hooked.listen).partition(":")
    with socket.create_server((host, int(port))), pytest.raises(CannotRun, match="STYLEGRAM_LISTEN"):
        async with app.running(hooked, Easel()):
            pass


async def test_from_webhook_to_polling_and_back(hooked: Settings, settings: Settings, ann: Actor) -> None:
    for each in (hooked, settings, hooked):
        async with app.running(each, Easel()):
            await ann.send_text("/help")
            await ann.expect(text="photo")


def test_a_webhook_without_a_secret_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:a")
    monkeypatch.setenv("STYLEGRAM_WEBHOOK_URL", "https://bot.example")
    with pytest.raises(SettingsError, match="STYLEGRAM_WEBHOOK_SECRET"):
        Settings.load()


async def test_a_webhook_that_another_program_set_is_set_again(
    api: Emulator,
    hooked: Settings,
    ann: Actor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(webhook, "LOOK", 0.05)
    async with app.running(hooked, Easel()):
        await ann.expect(text="Send me a photo")
        await api.world.webhook.set("https://thief.example/secret-path", "", 40)
        await eventually(lambda: api.world.webhook.url == hooked.webhook_url)
        await ann.send_text("/help")
        await ann.expect(text="two pictures")
    assert [line.reason for line in caplog.records if line.message == "the webhook fails"] == [
        "another program set a webhook, at thief.example: set again"
    ]


async def test_telegram_is_asked_to_post_until_it_answers(
    api: Emulator, hooked: Settings, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.02)
    api.faults.next("setWebhook", RawAnswer(b"<html>", 404, "text/html"), times=2)
    async with app.running(hooked, Easel()):
        await ann.expect(text="Send me a photo")


async def test_an_address_that_telegram_refuses_is_one_line(hooked: Settings) -> None:
    elsewhere = hooked.model_copy(update={"webhook_url": "ftp://example.org"})
    with pytest.raises(CannotRun, match="STYLEGRAM_WEBHOOK_URL"):
        async with app.running(elsewhere, Easel()):
            pass
