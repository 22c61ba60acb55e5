"""The log: a line for each event, ids on it, the token never."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.ops import logs
from bot.settings import Settings

TOKEN = "123456:a-secret-that-nobody-should-read"  # noqa: S105
log = logging.getLogger("bot.test")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def set_up(log_format: str, level: str = "INFO") -> None:
    logs.set_up(Settings.load(token=TOKEN, log_format=log_format, log_level=level))


def test_a_json_line_has_the_ids_of_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    with logs.about(chat=7), logs.about(job=3, user=None):
        log.info("delivered", extra={"seconds": 1.5})
    log.info("idle")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[0] == lines[0] | {"event": "delivered", "chat": 7, "job": 3, "seconds": 1.5, "level": "INFO"}
    assert "user" not in lines[0]
    assert "chat" not in lines[1]


async def test_ids_stay_with_the_task_they_belong_to(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")

    async def work(job: int) -> None:
        with logs.about(job=job):
            await asyncio.sleep(0)
            log.info("worked", extra={"expected": job})

    await asyncio.gather(*(work(job) for job in range(5)))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["job"] for line in lines] == [line["expected"] for line in lines] == list(range(5))


@pytest.mark.parametrize("log_format", ["json", "pretty"])
def test_an_error_is_one_line_that_leads_to_its_origin(
    log_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(log_format)
    try:
        raise ValueError("of two\nlines")
    except ValueError:
        log.exception("it\nfailed", extra={"reason": "a\nb"})
    output = capsys.readouterr().err
    assert output.count("\n") == 1
    assert "ValueError: of two lines" in output
    assert "test_logs.py" in output


@pytest.mark.parametrize("log_format", ["json", "pretty"])
def test_the_token_is_taken_out_wherever_it_is(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(log_format)
    log.info("%s %s", TOKEN, TOKEN.replace(":", "%3A"), extra={"url": f"https://host/bot{TOKEN}/getMe"})
    try:
        raise ValueError(f"The token `{TOKEN}` was rejected by the server.")
    except ValueError as error:
        logging.getLogger("telegram").warning("from a library", exc_info=error)
    output = capsys.readouterr().err
    assert output.count("<token>") == 4
    assert "secret" not in output


def test_the_token_of_an_errors_cause_is_not_shown_either(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    try:
        try:
            raise OSError(f"https://host/bot{TOKEN}/getMe")
        except OSError as cause:
            raise ValueError("no answer") from cause
    except ValueError:
        log.exception("failed")
    output = capsys.readouterr().err
    assert "ValueError: no answer" in output
    assert "secret" not in output


def test_an_answer_that_cannot_be_read_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", "DEBUG")
    with pytest.raises(TelegramError):
        BaseRequest.parse_json_payload(b'{"result": {"text": "what somebody wrote"')
    assert capsys.readouterr().err == ""


def test_libraries_keep_quiet_even_when_we_say_everything(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("pretty", "DEBUG")
    logging.getLogger("httpx").info("HTTP Request: POST https://host/bot/sendMessage")
    logging.getLogger("telegram.Bot").debug("what somebody wrote")
    log.debug("ours")
    output = capsys.readouterr().err
    assert output.count("\n") == 1
    assert "ours" in output


@pytest.mark.parametrize("log_format", ["json", "pretty"])
def test_what_the_library_says_is_logged_without_what_it_is_about(
    log_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(log_format)
    logging.getLogger("telegram.Bot").critical("Received data was %r", {"text": "what somebody wrote"})
    output = capsys.readouterr().err
    assert "Received data was" in output
    assert "somebody" not in output
