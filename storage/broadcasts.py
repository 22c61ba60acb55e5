"""Keep messages to everybody and how far each has got, so that a restart goes on where it was."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from storage.database import Database

# Not those who came after the question, as the administrator was told a number; nor who is shut out.
ASK = """
INSERT INTO broadcasts (user_id, language, message_id, command_message_id, created, people)
SELECT :user_id, :language, :message_id, :command_message_id, :created, count(*) FROM users
WHERE created <= :created AND id NOT IN (SELECT user_id FROM bans)
RETURNING *
"""

NEXT = """
SELECT id FROM users
WHERE id > :last_user_id AND created <= :created AND id NOT IN (SELECT user_id FROM bans)
ORDER BY id LIMIT 1
"""


class BroadcastState(StrEnum):
    """How far a message to everybody is."""

    ASKED = "asked"  # whether it is to be sent
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"  # before it began, or on its way


@dataclass(frozen=True, kw_only=True)
class Broadcast:
    """One message to everybody; messages by Telegram's ids."""

    id: int
    state: BroadcastState
    user_id: int  # the administrator, in whose private chat the messages are
    language: str
    message_id: int  # what is copied
    report_message_id: int | None  # the question, which becomes the report
    people: int  # how many it is for
    reached: int
    missed: int
    last_user_id: int  # who was the last to be written to, 0 for nobody yet
    created: float  # Unix seconds
    command_message_id: int | None  # the command that asked for it


class Broadcasts:
    """Keep messages to everybody. Who was written to is noted after each person, reached or not."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def ask(
        self, user_id: int, language: str, message_id: int, command_message_id: int | None = None
    ) -> Broadcast:
        """Note a message for everybody the bot knows now, to be sent once that is confirmed."""
        request = {"user_id": user_id, "language": language, "message_id": message_id}
        rows = await self._database.write(
            ASK, {**request, "command_message_id": command_message_id, "created": self._now()}
        )
        return _broadcast(rows[0])

    async def of_command(self, user_id: int, command_message_id: int) -> Broadcast | None:
        """Return the broadcast that this message of the administrator's has asked for, if it has."""
        rows = await self._database.read(
            "SELECT * FROM broadcasts WHERE user_id = ? AND command_message_id = ?",
            (user_id, command_message_id),
        )
        return _broadcast(rows[0]) if rows else None

    async def set_report(self, broadcast_id: int, message_id: int) -> None:
        """Remember the message that asks, and later reports."""
        await self._database.write(
            "UPDATE broadcasts SET report_message_id = ? WHERE id = ?", (message_id, broadcast_id)
        )

    async def get(self, broadcast_id: int) -> Broadcast | None:
        """Return a broadcast by its id."""
        rows = await self._database.read("SELECT * FROM broadcasts WHERE id = ?", (broadcast_id,))
        return _broadcast(rows[0]) if rows else None

    async def confirm(self, broadcast_id: int) -> bool:
        """Begin to send. Returns whether it was still a question."""
        return await self._change(broadcast_id, "asked", "sending")

    async def stop(self, broadcast_id: int) -> bool:
        """Stop it. Returns whether there was anything to stop."""
        return await self._change(broadcast_id, "asked", "stopped") or await self._change(
            broadcast_id, "sending", "stopped"
        )

    async def sent(self, broadcast_id: int) -> bool:
        """End it, as nobody is left to write to. Returns False if it was stopped."""
        return await self._change(broadcast_id, "sending", "sent")

    async def under_way(self) -> Broadcast | None:
        """Return the one to go on with: the first that was asked for."""
        rows = await self._database.read(
            "SELECT * FROM broadcasts WHERE state = 'sending' ORDER BY id LIMIT 1"
        )
        return _broadcast(rows[0]) if rows else None

    async def next_person(self, broadcast: Broadcast) -> int | None:
        """Return who is to be written to next; None if nobody is left."""
        rows = await self._database.read(
            NEXT, {"last_user_id": broadcast.last_user_id, "created": broadcast.created}
        )
        return int(rows[0]["id"]) if rows else None

    async def note(self, broadcast_id: int, user_id: int, *, reached: bool) -> Broadcast | None:
        """Note that the person has been written to, or cannot be.

        Returns the broadcast as it is now, if it is.
        """
        rows = await self._database.write(
            "UPDATE broadcasts SET reached = reached + :reached, missed = missed + NOT :reached,"
            " last_user_id = :user_id WHERE id = :id RETURNING *",
            {"id": broadcast_id, "user_id": user_id, "reached": reached},
        )
        return _broadcast(rows[0]) if rows else None

    async def _change(self, broadcast_id: int, before: str, after: str) -> bool:
        rows = await self._database.write(
            "UPDATE broadcasts SET state = ? WHERE id = ? AND state = ? RETURNING 1",
            (after, broadcast_id, before),
        )
        return bool(rows)


def _broadcast(row: sqlite3.Row) -> Broadcast:
    return Broadcast(**{**dict(row), "state": BroadcastState(row["state"])})
