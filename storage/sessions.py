"""Keep a user's half-made request in one chat and forum topic."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from storage.database import Database
from storage.picture_ref import PictureRef


class SessionKey(NamedTuple):
    """Whose session it is, and where; `thread_id` is 0 outside forum topics."""

    chat_id: int
    thread_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class Session:
    """What is there of a request so far; files and messages by Telegram's ids."""

    chat_id: int
    thread_id: int
    user_id: int
    content: PictureRef | None = None
    style: PictureRef | None = None
    album_id: str | None = None  # the album of the last picture, if it came in one
    strength: str | None = None
    keep_colours: bool = False
    larger: bool = False
    prompt_message_id: int | None = None  # the message with the strength keyboard
    updated: float = 0.0  # Unix seconds, set by `Sessions.put`

    @property
    def key(self) -> SessionKey:
        """Return whose session it is, and where."""
        return SessionKey(self.chat_id, self.thread_id, self.user_id)


class Sessions:
    """Keep the sessions under way. This, and nothing in memory, is the state of a conversation."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def get(self, key: SessionKey) -> Session | None:
        """Return the session of this key, if there is one."""
        rows = await self._database.read(
            "SELECT * FROM sessions WHERE chat_id = ? AND thread_id = ? AND user_id = ?", key
        )
        if not rows:
            return None
        return _session(rows[0])

    async def put(self, session: Session) -> Session:
        """Store the session, in place of the one of the same key; the user must be known.

        Returns it as stored, with the time of this update.
        """
        session = replace(session, updated=self._now())
        columns = _columns(session)
        names = ", ".join(columns)
        values = ", ".join(f":{name}" for name in columns)
        await self._database.write(
            f"INSERT OR REPLACE INTO sessions ({names}) VALUES ({values})",  # noqa: S608  (names of ours)
            columns,
        )
        return session

    async def delete(self, key: SessionKey) -> bool:
        """Delete the session of this key. Returns whether there was one."""
        rows = await self._database.write(
            "DELETE FROM sessions WHERE chat_id = ? AND thread_id = ? AND user_id = ? RETURNING 1", key
        )
        return bool(rows)

    async def sweep(self, idle: float) -> int:
        """Delete the sessions not updated for `idle` seconds; returns how many."""
        rows = await self._database.write(
            "DELETE FROM sessions WHERE updated <= ? RETURNING 1", (self._now() - idle,)
        )
        return len(rows)


def _columns(session: Session) -> dict[str, Any]:
    """Return everything by the table's columns."""
    values = {field.name: getattr(session, field.name) for field in fields(session)}
    for role in ("content", "style"):
        picture = values.pop(role)
        for name in ("file_id", "thumbnail_id", "message_id"):
            values[f"{role}_{name}"] = getattr(picture, name) if picture else None
    return values


def _session(row: sqlite3.Row) -> Session:
    values = dict(row)
    for role in ("content", "style"):
        values[role] = PictureRef.pop_from(values, role)
    flags = {name: bool(row[name]) for name in ("keep_colours", "larger")}
    return Session(**values | flags)
