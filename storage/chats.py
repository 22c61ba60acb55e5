"""Keep what belongs to a chat rather than to a user: the photos seen lately, and its move."""

import sqlite3
import time
from collections.abc import Callable

from storage.database import Database
from storage.picture_ref import PictureRef

ALBUM_TIME = 600.0  # seconds in which all of an album has come

SAW_IN_ALBUM = """
INSERT OR REPLACE INTO album_pictures
    (chat_id, message_id, user_id, album_id, file_id, thumbnail_id, spoiler, seen)
VALUES (:chat_id, :message_id, :user_id, :album_id, :file_id, :thumbnail_id, :spoiler, :seen)
"""

SAW = """
INSERT OR REPLACE INTO last_photos
    (chat_id, thread_id, user_id, file_id, thumbnail_id, message_id, spoiler, seen)
VALUES (:chat_id, :thread_id, :user_id, :file_id, :thumbnail_id, :message_id, :spoiler, :seen)
"""


class Chats:
    """Keep what belongs to chats, groups mostly.

    Their last style and last result are those of `Jobs.last_done`.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def saw_photo(
        self, chat_id: int, thread_id: int, user_id: int, picture: PictureRef, album_id: str | None = None
    ) -> None:
        """Remember the photo that `user_id` posted as the last one seen in this chat and topic.

        Those of an album are remembered all, for as long as more of them may come.
        """
        seen = {"chat_id": chat_id, "thread_id": thread_id, "user_id": user_id, "album_id": album_id}
        seen |= vars(picture) | {"seen": self._now()}
        async with self._database.transaction() as execute:
            await execute(SAW, seen)
            if album_id and picture.message_id:
                await execute("DELETE FROM album_pictures WHERE seen < ?", (self._now() - ALBUM_TIME,))
                await execute(SAW_IN_ALBUM, seen)

    async def last_photo(self, chat_id: int, thread_id: int) -> PictureRef | None:
        """Return the last photo seen in this chat and topic."""
        rows = await self._database.read(
            "SELECT * FROM last_photos WHERE chat_id = ? AND thread_id = ?", (chat_id, thread_id)
        )
        return _picture(rows[0]) if rows else None

    async def album(self, chat_id: int, user_id: int, album_id: str) -> list[PictureRef]:
        """List the pictures of this person's album that were seen in this chat, in their order."""
        rows = await self._database.read(
            "SELECT * FROM album_pictures WHERE chat_id = ? AND user_id = ? AND album_id = ?"
            " ORDER BY message_id",
            (chat_id, user_id, album_id),
        )
        return [_picture(row) for row in rows]

    async def replace_photo(self, chat_id: int, picture: PictureRef) -> None:
        """Put this picture in the place of the one that its message had before, where that is remembered."""
        for table in ("last_photos", "album_pictures"):
            await self._database.write(
                f"UPDATE {table} SET file_id = :file_id, thumbnail_id = :thumbnail_id, spoiler = :spoiler"  # noqa: S608
                " WHERE chat_id = :chat_id AND message_id = :message_id",
                vars(picture) | {"chat_id": chat_id},
            )

    async def forget_photos(self, chat_id: int) -> None:
        """Delete the photos seen in this chat, as the bot was removed from it."""
        async with self._database.transaction() as execute:
            await execute("DELETE FROM last_photos WHERE chat_id = ?", (chat_id,))
            await execute("DELETE FROM album_pictures WHERE chat_id = ?", (chat_id,))

    async def sweep(self, idle: float, now: float | None = None) -> int:
        """Delete the photos seen more than `idle` seconds before `now`, and what is left of albums.

        Returns how many of the former.
        """
        now = self._now() if now is None else now
        rows = await self._database.write(
            "DELETE FROM last_photos WHERE seen <= ? RETURNING 1", (now - idle,)
        )
        await self._database.write("DELETE FROM album_pictures WHERE seen <= ?", (now - ALBUM_TIME,))
        return len(rows)

    async def earlier_id(self, chat_id: int) -> int | None:
        """Return the id that this supergroup had as a group, if it is known to have been one."""
        rows = await self._database.read("SELECT earlier_id FROM moved_chats WHERE chat_id = ?", (chat_id,))
        return int(rows[0]["earlier_id"]) if rows else None

    async def move(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup: all that belongs to it goes on under the new id.

        Messages are numbered anew there, so ids of messages are dropped: under the old number there
        may be somebody else's. What the new chat has already, its own sessions for one, stays.
        Harmless when repeated, as Telegram announces the move in both chats.
        """
        ids = {"old": old, "new": new}
        async with self._database.transaction() as execute:
            await execute("INSERT OR REPLACE INTO moved_chats (chat_id, earlier_id) VALUES (:new, :old)", ids)
            await execute(
                "UPDATE OR IGNORE sessions SET chat_id = :new, prompt_message_id = NULL,"
                " question_message_id = NULL, command_message_id = NULL, changed_by = NULL,"
                " content_message_id = NULL, style_message_id = NULL,"
                " more_styles = (SELECT json_group_array(json_remove(value, '$.message_id'))"
                " FROM json_each(more_styles)) WHERE chat_id = :old",
                ids,
            )
            await execute("DELETE FROM sessions WHERE chat_id = :old", ids)
            await execute(
                "UPDATE OR IGNORE last_photos SET chat_id = :new, message_id = NULL WHERE chat_id = :old", ids
            )
            await execute("DELETE FROM last_photos WHERE chat_id = :old", ids)
            await execute("DELETE FROM album_pictures WHERE chat_id = :old", ids)
            await execute(
                "UPDATE jobs SET chat_id = :new, reply_to_message_id = NULL, progress_message_id = NULL,"
                " earlier_message_id = NULL, command_message_id = NULL WHERE chat_id = :old",
                ids,
            )
            await execute(
                "UPDATE game_entries SET message_id = NULL"
                " WHERE game_id IN (SELECT id FROM games WHERE chat_id = :old)",
                ids,
            )
            await execute(
                "UPDATE OR IGNORE games SET chat_id = :new, message_id = NULL, poll_message_id = NULL,"
                " content_message_id = NULL, details = json_remove(details, '$.messages')"
                " WHERE chat_id = :old",
                ids,
            )
            await execute("DELETE FROM games WHERE chat_id = :old", ids)
            await execute("UPDATE guesses SET chat_id = :new WHERE chat_id = :old", ids)
            await execute("UPDATE OR IGNORE group_settings SET chat_id = :new WHERE chat_id = :old", ids)
            await execute("DELETE FROM group_settings WHERE chat_id = :old", ids)


def _picture(row: sqlite3.Row) -> PictureRef:
    return PictureRef(row["file_id"], row["thumbnail_id"], row["message_id"], bool(row["spoiler"]))
