"""Describe one job: what was asked, and what became of it."""

import json
import sqlite3
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from storage.picture_ref import PictureRef


class State(StrEnum):
    """What has become of a job."""

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
    content: PictureRef
    styles: tuple[PictureRef, ...]  # one at least; their weights, where they differ, are in the recipe
    strength: str
    keep_colours: bool = False
    larger: bool = False
    recipe: str | None = None  # JSON: what differs from the strength's recipe
    language: str | None = None
    reply_to_message_id: int | None = None
    progress_message_id: int | None = None
    command_message_id: int | None = None  # in a group, the command that asked for it, if one did
    as_file_of: int | None = None  # the job whose result this one paints again, to be sent as a file
    game_id: int | None = None  # the game whose result this is a part of
    note: str | None = None  # HTML, what its result says first
    secret: bool = False  # whether the style is not to be named, nor told by buttons

    @property
    def spoiler(self) -> bool:
        """Say whether one of its pictures was sent covered; then what shows them is covered too."""
        return self.content.spoiler or any(style.spoiler for style in self.styles)

    def columns(self) -> dict[str, Any]:
        """Return everything by the table's columns; what is JSON there is a list here."""
        first, *more = self.styles
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        del values["content"], values["styles"]
        return values | {
            "content_file_id": self.content.file_id,
            "content_thumbnail_id": self.content.thumbnail_id,
            "content_spoiler": self.content.spoiler,
            "style_file_id": first.file_id,
            "style_thumbnail_id": first.thumbnail_id,
            "style_spoiler": first.spoiler,
            "more_styles": [asdict(replace(style, message_id=None)) for style in more],
        }


@dataclass(frozen=True, kw_only=True)
class Job(NewJob):
    """A request and what became of it. Times are Unix seconds."""

    id: int
    state: State
    attempt: int  # how many times taken, the present one included
    error: str | None  # one line for operators: why the last attempt failed
    refusal: str | None  # of a failed job: what is to be said of it, such as why a picture cannot be taken
    worker_losses: int  # how many workers were lost while they painted it
    result_photo_file_id: str | None  # set if and only if done; "" where Telegram did not say
    result_document_file_id: str | None
    result_thumbnail_id: str | None = None  # a small size of the photo; None where there is none
    rings: bool | None = None  # whether the result comes in a new message; None before there is one
    earlier_message_id: int | None = None  # what showed the progress before that, and is still to be deleted
    created: float
    started: float | None  # the last attempt's start
    painted: float | None = None  # when the last attempt had only its delivery left
    finished: float | None  # when it was done, failed or cancelled
    delivered: float | None  # when the user got the result, or was told that there will be none

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Self:
        """Make a job of its row."""
        values = dict(row)
        content, style = PictureRef.pop_from(values, "content"), PictureRef.pop_from(values, "style")
        more_styles = [PictureRef(**style) for style in json.loads(values.pop("more_styles"))]
        flags: dict[str, bool | None] = {
            name: bool(row[name]) for name in ("keep_colours", "larger", "secret")
        }
        flags["rings"] = None if row["rings"] is None else bool(row["rings"])
        values |= {**flags, "state": State(row["state"]), "content": content, "styles": (style, *more_styles)}
        return cls(**values)


class Scope(StrEnum):
    """Whose limit on waiting jobs."""

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
        """List the limits, the narrowest first."""
        return [(Scope.USER, self.user), (Scope.CHAT, self.chat), (Scope.OVERALL, self.overall)]


class QueueFull(Exception):
    """As many jobs wait as may; `scope` says whose limit is reached, the narrowest first."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"too many jobs wait ({scope})")
        self.scope = scope
