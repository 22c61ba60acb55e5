"""A user's half-made request in one chat and forum topic."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from storage.database import Database


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
    content_file_id: str | None = None
    content_thumbnail_id: str | None = None
    content_message_id: int | None = None  # where it came from, to know that message when it comes again
    style_file_id: str | None = None
    style_thumbnail_id: str | None = None
    style_message_id: int | None = None
    album_id: str | None = None  # the album of the last picture, if it came in one
    strength: str | None = None
    keep_colours: bool = False
    larger: bool = False
    prompt_message_id: int | None = None  # the message with the strength keyboard
    updated: float = 0.0  # Unix seconds, set by `Sessions.put`

    @property
    def key(self) -> SessionKey:
        return SessionKey(self.chat_id, self.thread_id, self.user_id)


class Sessions:
    """The sessions under way. This, and nothing in memory, is the state of a conversation."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def get(self, key: SessionKey) -> Session | None:
        rows = await self._database.read(
            "SELECT * FROM sessions WHERE chat_id = ? AND thread_id = ? AND user_id = ?", key
        )
        if not rows:
            return None
        flags = {name: bool(rows[0][name]) for name in ("keep_colors", "larger")}
        return Session(**{**dict(rows[0]), **flags})

    async def put(self, session: Session) -> Session:
        """Store the session, in place of the one of the same key; the user must be known.

        Returns it as stored, with the time of this update.
        """
        session = replace(session, updated=self._now())
        await self._database.write(
            "INSERT OR REPLACE INTO sessions (chat_id, thread_id, user_id, content_file_id,"
            " content_thumbnail_id, content_message_id, style_file_id, style_thumbnail_id, style_message_id,"
            " album_id, strength, keep_colors, larger, prompt_message_id, updated)"
            " VALUES (:chat_id, :thread_id, :user_id, :content_file_id, :content_thumbnail_id,"
            " :content_message_id, :style_file_id, :style_thumbnail_id, :style_message_id,"
            " :album_id, :strength, :keep_colors, :larger, :prompt_message_id, :updated)",
            asdict(session),
        )
        return session

    async def delete(self, key: SessionKey) -> bool:
        """Whether there was one."""
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
