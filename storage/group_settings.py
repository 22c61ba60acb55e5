"""Keep what a group's administrators have chosen for it: whether it plays, and its painting of the day."""

import sqlite3
from dataclasses import asdict, dataclass

from storage.database import Database


@dataclass(frozen=True, kw_only=True)
class GroupSettings:
    """What a group has chosen.

    Args:
        chat_id: the group's.
        games_off: whether nothing is played there.
        daily_at: minutes after midnight at which the painting of the day comes; None for none.
        daily_zone: the time zone of that, by its name, such as Europe/Berlin.
        daily_thread_id: the topic that it comes to; 0 outside topics.
        daily_language: its language.
        daily_last: the date there of the last painting of the day, as 2026-11-26.
    """

    chat_id: int
    games_off: bool = False
    daily_at: int | None = None
    daily_zone: str | None = None
    daily_thread_id: int = 0
    daily_language: str | None = None
    daily_last: str | None = None


SAVE = """
INSERT OR REPLACE INTO group_settings
    (chat_id, games_off, daily_at, daily_zone, daily_thread_id, daily_language, daily_last)
VALUES (:chat_id, :games_off, :daily_at, :daily_zone, :daily_thread_id, :daily_language, :daily_last)
"""


class GroupsSettings:
    """Keep the settings of groups. A group that never chose has the defaults."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, chat_id: int) -> GroupSettings:
        """Return what a group has chosen."""
        rows = await self._database.read("SELECT * FROM group_settings WHERE chat_id = ?", (chat_id,))
        return _settings(rows[0]) if rows else GroupSettings(chat_id=chat_id)

    async def save(self, settings: GroupSettings) -> None:
        """Store what a group has chosen."""
        await self._database.write(SAVE, asdict(settings))

    async def with_daily(self) -> list[GroupSettings]:
        """List the groups that want a painting of the day."""
        rows = await self._database.read(
            "SELECT * FROM group_settings WHERE daily_at IS NOT NULL ORDER BY chat_id"
        )
        return [_settings(row) for row in rows]

    async def note_daily(self, chat_id: int, date: str) -> None:
        """Note the date of a group's last painting of the day."""
        await self._database.write(
            "UPDATE group_settings SET daily_last = ? WHERE chat_id = ?", (date, chat_id)
        )

    async def forget(self, chat_id: int) -> None:
        """Delete what a group has chosen, as the bot was removed from it."""
        await self._database.write("DELETE FROM group_settings WHERE chat_id = ?", (chat_id,))


def _settings(row: sqlite3.Row) -> GroupSettings:
    return GroupSettings(**dict(row) | {"games_off": bool(row["games_off"])})
