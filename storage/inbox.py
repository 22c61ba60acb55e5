"""Updates from their arrival until they are answered: Telegram tells each only once."""

from collections.abc import Iterable
from typing import NamedTuple

from storage.database import Database


class Letter(NamedTuple):
    """An update, and whose it is, if anybody's."""

    update_id: int
    user_id: int | None
    body: str  # JSON


class Inbox:
    """Holds the text of messages, but no longer than it takes to answer them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, letters: Iterable[Letter]) -> None:
        """Keep these; one that is there already stays as it is."""
        async with self._database.transaction() as execute:
            for letter in letters:
                await execute(
                    "INSERT OR IGNORE INTO inbox (update_id, user_id, body) VALUES (?, ?, ?)", letter
                )

    async def done(self, update_id: int) -> None:
        """This one has been answered, or is past answering."""
        await self._database.write("DELETE FROM inbox WHERE update_id = ?", (update_id,))

    async def left(self) -> list[str]:
        """Those that were not answered when the last process died, in the order they came."""
        rows = await self._database.read("SELECT body FROM inbox ORDER BY update_id")
        return [row["body"] for row in rows]
