"""One job: what was asked, and what became of it."""

import json
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A request; files and messages by Telegram's ids, `thread_id` 0 outside forum topics."""

    request_key: str  # the same for the same tap, however often it arrives
    chat_id: int
    thread_id: int = 0
    user_id: int
    content_file_id: str
    content_thumbnail_id: str | None = None
    style_file_id: str
    style_thumbnail_id: str | None = None
    more_style_file_ids: tuple[str, ...] = ()  # of further styles; their weights are in the recipe
    strength: str
    keep_colours: bool = False
    larger: bool = False
    recipe: str | None = None  # JSON: what differs from the strength's recipe
    language: str | None = None
    reply_to_message_id: int | None = None
    progress_message_id: int | None = None

    @property
    def style_file_ids(self) -> tuple[str, ...]:
        """All its styles, in their order."""
        return (self.style_file_id, *self.more_style_file_ids)


@dataclass(frozen=True, kw_only=True)
class Job(NewJob):
    """A request and what became of it. Times are Unix seconds."""

    id: int
    state: State
    attempt: int  # how many times taken, the present one included
    error: str | None  # of the last attempt that failed
    result_photo_file_id: str | None  # set if and only if done
    result_document_file_id: str | None
    created: float
    started: float | None  # the last attempt's start
    finished: float | None  # when it was done, failed or cancelled
    delivered: float | None  # when the user got the result, or was told that there will be none

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Self:
        """The table's columns are the fields of this class."""
        flags = {name: bool(row[name]) for name in ("keep_colors", "larger")}
        more_styles = tuple(json.loads(row["more_style_file_ids"]))
        return cls(**{**dict(row), **flags, "state": State(row["state"]), "more_style_file_ids": more_styles})


class Scope(StrEnum):
    USER = "user"
    CHAT = "chat"
    OVERALL = "overall"


@dataclass(frozen=True, kw_only=True)
class QueueLimits:
    """How many jobs may wait at once; the running ones do not count."""

    user: int = 3
    chat: int = 10
    overall: int = 200

    def by_scope(self) -> list[tuple[Scope, int]]:
        """The narrowest first."""
        return [(Scope.USER, self.user), (Scope.CHAT, self.chat), (Scope.OVERALL, self.overall)]


class QueueFull(Exception):
    """As many jobs wait as may; `scope` says whose limit is reached, the narrowest first."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"too many jobs wait ({scope})")
        self.scope = scope
