"""Point at a picture that Telegram keeps."""

from dataclasses import dataclass
from typing import Any, Self


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
    def pop_from(cls, columns: dict[str, Any], role: str) -> Self | None:
        """Take a role's columns, "content" or "style", out of a row's; None where there is no picture."""
        file_id = columns.pop(f"{role}_file_id")
        thumbnail_id = columns.pop(f"{role}_thumbnail_id")
        message_id = columns.pop(f"{role}_message_id", None)
        return None if file_id is None else cls(file_id, thumbnail_id, message_id)
