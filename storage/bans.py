"""Keep who is shut out of the bot."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Ban:
    """Somebody who is shut out."""

    user_id: int
    reason: str | None  # which is shown to the user
    banned: float  # Unix seconds


class Bans:
    """Keep bans. Anybody may be banned, whether the bot has met them or not."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def ban(self, user_id: int, reason: str | None = None) -> int:
        """Shut the user out, and cancel their waiting and running jobs; returns how many those were.

        A second ban gives another reason. Whoever paints the jobs learns of it from `Jobs.called_off`.
        """
        async with self._database.transaction() as execute:
            await execute(
                "INSERT INTO bans (user_id, reason, banned) VALUES (:user_id, :reason, :now)"
                " ON CONFLICT (user_id) DO UPDATE SET reason = :reason",
                {"user_id": user_id, "reason": reason, "now": self._now()},
            )
            cancelled = await execute(
                "UPDATE jobs SET state = 'cancelled', finished = ?"
                " WHERE user_id = ? AND state IN ('queued', 'running') RETURNING 1",
                (self._now(), user_id),
            )
        return len(cancelled)

    async def unban(self, user_id: int) -> bool:
        """Let the user in again. Returns whether there was a ban."""
        rows = await self._database.write("DELETE FROM bans WHERE user_id = ? RETURNING 1", (user_id,))
        return bool(rows)

    async def get(self, user_id: int) -> Ban | None:
        """Return the user's ban, if there is one."""
        rows = await self._database.read("SELECT * FROM bans WHERE user_id = ?", (user_id,))
        return Ban(**dict(rows[0])) if rows else None

    async def all(self) -> list[Ban]:
        """List all bans, the latest first."""
        rows = await self._database.read("SELECT * FROM bans ORDER BY banned DESC, user_id")
        return [Ban(**dict(row)) for row in rows]
