"""Find the picture in a message, sent as a photo or as a file."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from core.decoding.refusal import DEFAULT_LIMITS, Reason
from storage import PictureRef

if TYPE_CHECKING:
    from telegram import Document, Message, PhotoSize

THUMBNAIL_SIDE = 320  # pixels; one of the sizes that Telegram makes of every photo

_READ_TYPES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"}
_READ_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif"}
_VAGUE_TYPES = {"", "application/octet-stream"}  # what is sent where nobody knows: then the name counts


@dataclass(frozen=True)
class SentPicture:
    """A picture as somebody sent it.

    Args:
        ref: where to find it at Telegram, and the message it came in.
        album_id: the album it came in; None where it came alone.
    """

    ref: PictureRef
    album_id: str | None

    @property
    def message_id(self) -> int:
        """Return the id of the message it came in."""
        return self.ref.message_id or 0


def picture_in(message: "Message") -> SentPicture | Reason | None:
    """Find the message's picture. Returns why it cannot be taken, or None where there is none at all."""
    if message.photo:
        return _photo(message, message.photo)
    # An animation is announced as a document too, but what is behind it is a film.
    if message.document and not message.animation:
        return _document(message, message.document)
    return None


def _photo(message: "Message", sizes: "tuple[PhotoSize, ...]") -> SentPicture | Reason:
    largest = max(sizes, key=lambda size: size.width * size.height)
    short, long = sorted((largest.width, largest.height))
    if short < DEFAULT_LIMITS.min_side:
        return Reason.TOO_SMALL
    if long > DEFAULT_LIMITS.max_aspect * short:
        return Reason.TOO_NARROW
    thumbnail = min(sizes, key=lambda size: abs(max(size.width, size.height) - THUMBNAIL_SIDE))
    return _sent(message, largest.file_id, thumbnail.file_id)


def _document(message: "Message", document: "Document") -> SentPicture | Reason | None:
    mime_type = (document.mime_type or "").lower()
    ending = PurePath(document.file_name or "").suffix.lower()
    if not mime_type.startswith("image/") and not (mime_type in _VAGUE_TYPES and ending in _READ_ENDINGS):
        return None
    if mime_type not in _READ_TYPES and ending not in _READ_ENDINGS:
        return Reason.UNSUPPORTED
    if (document.file_size or 0) > DEFAULT_LIMITS.max_bytes:
        return Reason.TOO_LARGE
    thumbnail = document.thumbnail.file_id if document.thumbnail else None
    return _sent(message, document.file_id, thumbnail)


def _sent(message: "Message", file_id: str, thumbnail_id: str | None) -> SentPicture:
    return SentPicture(PictureRef(file_id, thumbnail_id, message.message_id), message.media_group_id)
