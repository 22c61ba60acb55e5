"""Point at a picture that Telegram keeps."""

import sqlite3
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class PictureRef:
    """A picture by Telegram's ids.

    Args:
        file_id: of the picture itself.
        thumbnail_id: the file id of a small one of it; None where Telegram made none.
        message_id: the message it came in, to know that message when it comes again; None where that does
            not matter any more.
    """

    file_id: str
    thumbnail_id: str | None = None
    message_id: int | None = None

    @classmethod
    def from_row(cls, row: sqlite3.Row, role: str) -> Self | None:
        """Read the columns of a role, "content" or "style"; None where there is no such picture."""
        if row[f"{role}_file_id"] is None:
            return None
        message_id = row[f"{role}_message_id"] if f"{role}_message_id" in row.keys() else None  # noqa: SIM118
        return cls(row[f"{role}_file_id"], row[f"{role}_thumbnail_id"], message_id)
