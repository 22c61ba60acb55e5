"""Keep updates from their arrival until they are answered, and the numbers of those answered lately.

Telegram tells an update once, and again only if it did not hear that it got through.
"""

from collections.abc import Iterable
from typing import NamedTuple

from storage.database import Database

REMEMBERED = 1000  # updates before and after the present one whose repetition is noticed

# Numbers follow each other, but after a quiet week they go on from anywhere, below as well as above.
FORGET = """
DELETE FROM inbox
WHERE body = '' AND (update_id < :now - :remembered OR update_id > :now + :remembered)
"""


class Letter(NamedTuple):
    """An update, and whose it is, if anybody's."""

    update_id: int
    user_id: int | None
    body: str  # JSON


class Inbox:
    """Keep updates, with the text of messages in them, no longer than it takes to answer them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, letters: Iterable[Letter]) -> list[int]:
        """Keep those that are new; returns their ids. One that waits, or was answered, stays as it is."""
        new: list[int] = []
        async with self._database.transaction() as execute:
            for letter in letters:
                rows = await execute(
                    "INSERT OR IGNORE INTO inbox (update_id, user_id, body) VALUES (?, ?, ?)"
                    " RETURNING update_id",
                    letter,
                )
                new += [row["update_id"] for row in rows]
            if new:
                await execute(FORGET, {"now": new[-1], "remembered": REMEMBERED})
        return new

    async def done(self, update_id: int) -> None:
        """Forget an update that was answered, or is past answering: nothing but its number is kept."""
        await self._database.write(
            "INSERT OR REPLACE INTO inbox (update_id, user_id, body) VALUES (?, NULL, '')", (update_id,)
        )

    async def left(self) -> list[str]:
        """List those that were not answered when the last process died, in the order they came."""
        rows = await self._database.read("SELECT body FROM inbox WHERE body <> '' ORDER BY update_id")
        return [row["body"] for row in rows]
