"""Point at a picture that Telegram keeps, or at a painting of the gallery."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

_GALLERY = "gallery:"  # no file id of Telegram's has a colon


@dataclass(frozen=True)
class PictureRef:
    """A picture by Telegram's ids, or a painting of the gallery by its name.

    Args:
        file_id: of the picture itself.
        thumbnail_id: the file id of a small one of it; None where Telegram made none.
        message_id: the message it came in, to know that message when it comes again; None where that does
            not matter any more.
        spoiler: whether it was sent covered, to be shown no other way.
    """

    file_id: str
    thumbnail_id: str | None = None
    message_id: int | None = None
    spoiler: bool = False

    @classmethod
    def of_painting(cls, name: str) -> Self:
        """Point at a painting of the gallery, which may be gone one day."""
        return cls(f"{_GALLERY}{name}", f"{_GALLERY}{name}")

    @property
    def painting(self) -> str | None:
        """Return the name of the painting; None for a picture that somebody sent."""
        return painting_of(self.file_id)

    @classmethod
    def pop_from(cls, columns: dict[str, Any], role: str) -> Self | None:
        """Take a role's columns, "content" or "style", out of a row's; None where there is no picture."""
        file_id = columns.pop(f"{role}_file_id")
        thumbnail_id = columns.pop(f"{role}_thumbnail_id")
        message_id = columns.pop(f"{role}_message_id", None)
        spoiler = bool(columns.pop(f"{role}_spoiler"))
        return None if file_id is None else cls(file_id, thumbnail_id, message_id, spoiler)


def painting_of(file_id: str) -> str | None:
    """Return the name of the gallery's painting that this stands for; None for a file id of Telegram's."""
    return file_id.removeprefix(_GALLERY) if file_id.startswith(_GALLERY) else None


def name_of_question(content: PictureRef | None, styles: Sequence[PictureRef]) -> str:
    """Make a short name for pictures in their parts: the same whenever it is the same ones.

    It is eight letters, digits, - and _, so that it fits into a button's data.
    """
    names = [content.file_id if content else "", *([style.file_id for style in styles] or [""])]
    file_ids = "\n".join(names)
    return urlsafe_b64encode(sha256(file_ids.encode()).digest()[:6]).decode()
