"""Keep under which file id Telegram has each of the gallery's sheets."""

from storage.database import Database


class Sheets:
    """Know sheets by what is on them, so that each is uploaded once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def file_id(self, digest: str) -> str | None:
        """Return the file id of the sheet; None where Telegram does not have it yet."""
        rows = await self._database.read("SELECT file_id FROM gallery_sheets WHERE digest = ?", (digest,))
        return str(rows[0]["file_id"]) if rows else None

    async def put(self, digest: str, file_id: str) -> None:
        """Note that Telegram has the sheet."""
        await self._database.write("INSERT OR REPLACE INTO gallery_sheets VALUES (?, ?)", (digest, file_id))

    async def forget(self, digest: str) -> None:
        """Note that Telegram does not have the sheet any more."""
        await self._database.write("DELETE FROM gallery_sheets WHERE digest = ?", (digest,))
