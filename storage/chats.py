"""Keep what belongs to a chat rather than to a user: the last photo seen, and its move."""

from storage.database import Database


class Chats:
    """Keep what belongs to chats, groups mostly.

    Their last style and last result are those of `Jobs.last_done`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def saw_photo(self, chat_id: int, thread_id: int, user_id: int, file_id: str) -> None:
        """Remember the photo that `user_id` posted as the last one seen in this chat and topic."""
        await self._database.write(
            "INSERT OR REPLACE INTO last_photos (chat_id, thread_id, user_id, file_id) VALUES (?, ?, ?, ?)",
            (chat_id, thread_id, user_id, file_id),
        )

    async def last_photo(self, chat_id: int, thread_id: int) -> str | None:
        """Return the file id of the last photo seen in this chat and topic."""
        rows = await self._database.read(
            "SELECT file_id FROM last_photos WHERE chat_id = ? AND thread_id = ?", (chat_id, thread_id)
        )
        return rows[0]["file_id"] if rows else None

    async def move(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup: sessions, jobs and photos go on under the new id.

        Messages are numbered anew there, so ids of messages are dropped: under the old number there
        may be somebody else's. What the new chat has already, its own sessions for one, stays.
        Harmless when repeated, as Telegram announces the move in both chats.
        """
        ids = {"old": old, "new": new}
        async with self._database.transaction() as execute:
            await execute(
                "UPDATE OR IGNORE sessions SET chat_id = :new, prompt_message_id = NULL,"
                " content_message_id = NULL, style_message_id = NULL WHERE chat_id = :old",
                ids,
            )
            await execute("DELETE FROM sessions WHERE chat_id = :old", ids)
            await execute("UPDATE OR IGNORE last_photos SET chat_id = :new WHERE chat_id = :old", ids)
            await execute("DELETE FROM last_photos WHERE chat_id = :old", ids)
            await execute(
                "UPDATE jobs SET chat_id = :new, reply_to_message_id = NULL, progress_message_id = NULL"
                " WHERE chat_id = :old",
                ids,
            )
