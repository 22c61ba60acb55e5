"""Log one line for each event, with the ids of what it is about, and never the token.

Lines say what happened to which job in which chat; nothing that people wrote or sent is ever in them.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from bot.settings import Settings
from core.error_messages import with_kind
from storage import Job

_OURS = ("bot", "core", "storage")
_about: Final[ContextVar[Mapping[str, int]]] = ContextVar("about")
_KNOWN = logging.makeLogRecord({}).__dict__.keys() | {"message", "asctime", "taskName"}


@contextmanager
def about(**ids: int | None) -> Iterator[None]:
    """Give every line logged in this block, by tasks begun in it too, these ids."""
    known = {name: value for name, value in ids.items() if value is not None}
    token = _about.set({**_about.get({}), **known})
    try:
        yield
    finally:
        _about.reset(token)


def about_job(job: Job) -> AbstractContextManager[None]:
    """Give every line logged in this block the ids of this job."""
    return about(job=job.id, chat=job.chat_id, user=job.user_id)


def set_up(settings: Settings) -> None:
    """Log to stderr as the settings say: ourselves from their level on, the libraries from WARNING on.

    Not even at DEBUG do libraries say more: httpx would log URLs, which have the token in them, and
    python-telegram-bot what people write.
    """
    secret = settings.token.get_secret_value()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATS[settings.log_format](secret))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # of interest to programmers only
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # quotes answers it cannot read
    for name in _OURS:
        logging.getLogger(name).setLevel(settings.log_level)


class _OneLine(logging.Formatter):
    """Do what both formats share: collect the fields, take the secret out, keep everything on one line."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secrets = [secret, quote(secret, safe="")]

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in vars(record).items() if name not in _KNOWN}
        ids = dict(_about.get({}))
        error = _error(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
        if record.name.partition(".")[0] == "telegram":
            record = _without_content(record)
        line = self.compose(record, {**ids, **fields}, error)
        for secret in self._secrets:
            line = line.replace(secret, "<token>")
        return line

    def compose(self, record: logging.LogRecord, fields: dict[str, object], error: str | None) -> str:
        raise NotImplementedError


def _without_content(record: logging.LogRecord) -> logging.LogRecord:
    """Return a line of python-telegram-bot's without what it is about, which may be what people wrote."""
    return logging.makeLogRecord({**vars(record), "args": None})


class _Json(_OneLine):
    """Format for machines: one object a line."""

    def compose(self, record: logging.LogRecord, fields: dict[str, object], error: str | None) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            **fields,
        }
        if error:
            entry["error"] = error
        return json.dumps(entry, default=str, ensure_ascii=False)


class _Pretty(_OneLine):
    """Format for people: `12:34:56 INFO     bot.studio.attempt: delivered job=3 chat=7 seconds=12.3`."""

    def compose(self, record: logging.LogRecord, fields: dict[str, object], error: str | None) -> str:
        when = self.formatTime(record, "%H:%M:%S")
        details = [f"{name}={value}" for name, value in fields.items()]
        if error:
            details.append(f"error={error}")
        line = " ".join([f"{when} {record.levelname:<8} {record.name}: {record.getMessage()}", *details])
        return " ".join(line.splitlines())


_FORMATS: Mapping[str, type[_OneLine]] = {"json": _Json, "pretty": _Pretty}


def _error(error: BaseException) -> str:
    """Describe an error and its way through the program, innermost first, on one line."""
    frames = traceback.extract_tb(error.__traceback__)
    way = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    return " < ".join([with_kind(error), *way])
