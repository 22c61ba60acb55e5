"""Answers that are none, such as a proxy gives, at any request: the bot waits for better ones."""

import logging

import pytest

from bot import app
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.faults import RawAnswer
from bot.gateway import retries
from bot.gateway.answers import UnreadableAnswer, readable
from bot.ops.errors import CannotRun
from bot.settings import Settings
from tests.kit.easel import Easel
from tests.kit.people import Actor

SECRET = "something that somebody wrote"  # noqa: S105
UNREADABLE = {
    "HTML": (200, f"<html>{SECRET}</html>".encode()),
    "HTML, 400": (400, b"<html>"),
    "HTML, 401": (401, b"<html>"),
    "HTML, 403": (403, b"<html>"),
    "HTML, 404": (404, b"<html>"),
    "HTML, 502": (502, b"<html>"),
    "nothing": (200, b""),
    "cut off": (200, b'{"ok":true,"result":{"message_'),
    "null": (200, b"null"),
    "a list": (200, b"[]"),
    "a number": (200, b"7"),
    "not UTF-8": (200, b"\xff\xfe\xfa"),
    "deep": (200, b"[" * 100_000),
    "no result": (200, b'{"ok":true}'),
    "a null result": (200, b'{"ok":true,"result":null}'),
    "an empty result": (200, b'{"ok":true,"result":{}}'),
    "refused with status 200": (200, b'{"ok":false,"error_code":400,"description":"Bad Request"}'),
    "granted with status 500": (500, b'{"ok":true,"result":true}'),
    "another code": (404, b'{"ok":false,"error_code":502,"description":"Bad Gateway"}'),
    "no code": (401, b'{"ok":false}'),
    "odd parameters": (429, b'{"ok":false,"error_code":429,"parameters":"later"}'),
    "an endless wait": (429, b'{"ok":false,"error_code":429,"parameters":{"retry_after":1e400}}'),
}
SHAPES = pytest.mark.parametrize(("status", "body"), UNREADABLE.values(), ids=UNREADABLE)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.01)


@SHAPES
@pytest.mark.parametrize("method", ["getMe", "getUpdates", "sendMessage", "getFile", "getWebhookInfo"])
def test_what_cannot_be_read_is_a_network_error_without_its_words(
    method: str, status: int, body: bytes
) -> None:
    with pytest.raises(UnreadableAnswer) as unreadable:
        readable(method, status, body)
    assert SECRET not in str(unreadable.value)


def test_what_telegram_says_is_read() -> None:
    for status, body in (
        (200, b'{"ok":true,"result":true}'),
        (401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}'),
        (429, b'{"ok":false,"error_code":429,"description":"Wait","parameters":{"retry_after":7}}'),
    ):
        assert readable("deleteWebhook", status, body) == body


def test_a_message_with_something_new_in_it_was_sent() -> None:
    message = b'{"message_id":7,"date":1,"chat":{"id":1,"type":"private"},"text":"a","poll":{}}'
    body = b'{"ok":true,"result":' + message + b"}"
    sent = readable("sendMessage", 200, body)
    assert b"poll" not in sent
    assert b'"text": "a"' in sent


@pytest.mark.parametrize(
    ("status", "body"),
    [UNREADABLE[name] for name in ("HTML", "HTML, 404", "cut off", "a null result", "an empty result")],
)
async def test_the_bot_starts_and_answers_through_it(
    api: Emulator,
    settings: Settings,
    ann: Actor,
    caplog: pytest.LogCaptureFixture,
    status: int,
    body: bytes,
) -> None:
    for method in ("getMe", "deleteWebhook", "getUpdates", "sendMessage"):
        takes = method == "deleteWebhook" and b"{}" in body  # which is what it may well answer
        api.faults.next(method, RawAnswer(body, status), times=0 if takes else 2)
    async with app.running(settings, Easel()):
        await ann.expect(text="Send me a photo")
        await ann.expect_silence(0)
    assert SECRET not in caplog.text
    assert not [line for line in caplog.records if line.levelno >= logging.ERROR]


async def test_a_token_that_telegram_refuses_ends_the_bot(api: Emulator, settings: Settings) -> None:
    api.faults.next("getMe", ApiError(404, "Not Found"))
    with pytest.raises(CannotRun, match="token was refused"):
        async with app.running(settings, Easel()):
            pass
