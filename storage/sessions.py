"""Keep a user's half-made request in one chat and forum topic."""

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, NamedTuple

from storage.database import Database, Execute
from storage.picture_ref import PictureRef, name_of_question

GET = "SELECT * FROM sessions WHERE chat_id = :chat_id AND thread_id = :thread_id AND user_id = :user_id"

WITH_PICTURE = """
SELECT * FROM sessions WHERE chat_id = :chat_id AND (:message_id IN (content_message_id, style_message_id)
    OR EXISTS (SELECT 1 FROM json_each(more_styles) WHERE value ->> 'message_id' = :message_id))
"""

ASKED = """
UPDATE sessions SET question_due = FALSE, prompt_message_id = coalesce(:prompt, prompt_message_id),
    question_message_id = coalesce(:question, question_message_id)
WHERE chat_id = :chat_id AND thread_id = :thread_id AND user_id = :user_id
"""

DELETE = """
DELETE FROM sessions WHERE chat_id = :chat_id AND thread_id = :thread_id AND user_id = :user_id RETURNING 1
"""

FLAGS = ("keep_colours", "larger", "question_due", "adding", "album_adds", "left_out")
PICTURE = ("file_id", "thumbnail_id", "message_id", "spoiler")  # columns of each role, after its name


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
    styles: tuple[PictureRef, ...] = ()
    adding: bool = False  # the next picture is one more style
    album_id: str | None = None  # the album of the last picture, if it came in one
    album_adds: bool = False  # the album's pictures are styles, all of them
    left_out: bool = False  # the album had more pictures than there can be
    keep_colours: bool = False
    larger: bool = False
    prompt_message_id: int | None = None  # the message with the strength keyboard
    question_message_id: int | None = None  # in a group, the message that asks for a picture
    question_due: bool = False  # what is missing is still to be asked
    command_message_id: int | None = None  # in a group, the command that it began with
    changed_by: int | None = None  # whose command changed it last, to know that when it comes again
    language: str | None = None  # in which it was begun
    updated: float = 0.0  # Unix seconds, set by `Sessions.put`

    @property
    def key(self) -> SessionKey:
        """Return whose session it is, and where."""
        return SessionKey(self.chat_id, self.thread_id, self.user_id)

    @property
    def question(self) -> str:
        """Name the question that these pictures make: the same, however often it is asked."""
        return name_of_question(self.content, self.styles)

    @property
    def pictures(self) -> list[PictureRef]:
        """List the pictures that are there: the photo, then the styles."""
        return [*([self.content] if self.content else []), *self.styles]


class Sessions:
    """Keep the sessions under way. This, and nothing in memory, is the state of a conversation."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def get(self, key: SessionKey) -> Session | None:
        """Return the session of this key, if there is one."""
        rows = await self._database.read(GET, key._asdict())
        return _session(rows[0]) if rows else None

    async def put(self, session: Session) -> Session:
        """Store the session, in place of the one of the same key; the user must be known.

        Returns it as stored, with the time of this update.
        """
        async with self._database.transaction() as execute:
            return await self._put(execute, session)

    async def change(self, key: SessionKey, change: Callable[[Session | None], Session | None]) -> bool:
        """Store what `change` makes of the session, with nobody else's change in between.

        Returns False, and stores nothing, where it makes None or what was there before.
        """
        async with self._database.transaction() as execute:
            before = await self._get(execute, key)
            after = change(before)
            if after is None or after == before:
                return False
            await self._put(execute, after)
        return True

    async def asked(
        self,
        session: Session,
        *,
        prompt_message_id: int | None = None,
        question_message_id: int | None = None,
    ) -> Session | None:
        """Note that what is missing of this session has been asked, in this message if it matters which.

        Returns the session as it was before; None, and notes nothing, if it has other pictures by now, or is
        gone: then it was another question.
        """
        async with self._database.transaction() as execute:
            before = await self._get(execute, session.key)
            if before is None or before.question != session.question:
                return None
            now_asked = {"prompt": prompt_message_id, "question": question_message_id}
            await execute(ASKED, session.key._asdict() | now_asked)
        return before

    async def of_question(self, chat_id: int, message_id: int) -> Session | None:
        """Return the session for which this message of the bot's asks something."""
        rows = await self._database.read(
            "SELECT * FROM sessions WHERE chat_id = :chat_id"
            " AND (question_message_id = :message_id OR prompt_message_id = :message_id)",
            {"chat_id": chat_id, "message_id": message_id},
        )
        return _session(rows[0]) if rows else None

    async def due(self) -> list[Session]:
        """List the sessions of which the next question is still to be asked."""
        rows = await self._database.read("SELECT * FROM sessions WHERE question_due ORDER BY updated")
        return [_session(row) for row in rows]

    async def with_picture_of(self, chat_id: int, message_id: int) -> list[Session]:
        """List the sessions, of whomever, that have a picture of this message."""
        rows = await self._database.read(WITH_PICTURE, {"chat_id": chat_id, "message_id": message_id})
        return [_session(row) for row in rows]

    async def replace_picture(self, chat_id: int, picture: PictureRef) -> list[Session]:
        """Put this picture in the place of the one that its message had before.

        Returns the sessions that changed, of whomever; what comes next is to be asked of them anew.
        """
        changed: list[Session] = []
        async with self._database.transaction() as execute:
            rows = await execute(WITH_PICTURE, {"chat_id": chat_id, "message_id": picture.message_id})
            for session in map(_session, rows):
                content, *styles = (
                    picture if part and part.message_id == picture.message_id else part
                    for part in (session.content, *session.styles)
                )
                after = replace(
                    session, content=content, styles=tuple(filter(None, styles)), question_due=True
                )
                if after.question != session.question:
                    changed.append(await self._put(execute, after))
        return changed

    async def delete(self, key: SessionKey) -> bool:
        """Delete the session of this key. Returns whether there was one."""
        rows = await self._database.write(DELETE, key._asdict())
        return bool(rows)

    async def sweep(self, idle: float, now: float | None = None) -> int:
        """Delete the sessions not updated for `idle` seconds before `now`; returns how many."""
        now = self._now() if now is None else now
        rows = await self._database.write(
            "DELETE FROM sessions WHERE updated <= ? RETURNING 1", (now - idle,)
        )
        return len(rows)

    async def _get(self, execute: Execute, key: SessionKey) -> Session | None:
        rows = await execute(GET, key._asdict())
        return _session(rows[0]) if rows else None

    async def _put(self, execute: Execute, session: Session) -> Session:
        session = replace(session, updated=self._now())
        columns = _columns(session)
        names = ", ".join(columns)
        values = ", ".join(f":{name}" for name in columns)
        await execute(
            f"INSERT OR REPLACE INTO sessions ({names}) VALUES ({values})",  # noqa: S608  (names of ours)
            columns,
        )
        return session


def _columns(session: Session) -> dict[str, Any]:
    """Return everything by the table's columns."""
    values = {field.name: getattr(session, field.name) for field in fields(session)}
    del values["content"], values["styles"]
    first, *more = session.styles or (None,)
    for role, picture in (("content", session.content), ("style", first)):
        values |= {f"{role}_{name}": getattr(picture, name) if picture else None for name in PICTURE}
        values[f"{role}_spoiler"] = bool(picture and picture.spoiler)
    return values | {"more_styles": json.dumps([asdict(style) for style in more if style])}


def _session(row: sqlite3.Row) -> Session:
    values = dict(row)
    content, style = PictureRef.pop_from(values, "content"), PictureRef.pop_from(values, "style")
    more = [PictureRef(**picture) for picture in json.loads(values.pop("more_styles"))]
    flags = {name: bool(row[name]) for name in FLAGS}
    return Session(**values | flags, content=content, styles=(style, *more) if style else ())
