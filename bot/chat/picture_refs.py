"""Find the picture in a message: a photo, a file, a sticker, the first frame of an animation."""

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from core.decoding.refusal import DEFAULT_LIMITS, Reason
from storage import PictureRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Animation, Document, ExternalReplyInfo, Message, PhotoSize, Sticker

    Shown: TypeAlias = Message | ExternalReplyInfo  # what may carry a picture; both name it alike

THUMBNAIL_SIDE = 320  # pixels; one of the sizes that Telegram makes of every photo

# What a file is called or said to be if it is one of the pictures that are read.
_READ_TYPES = {
    *("image/jpeg", "image/jpg", "image/pjpeg", "image/jfif", "image/png", "image/x-png", "image/apng"),
    *("image/webp", "image/gif", "image/heic", "image/heif", "image/avif", "image/tiff"),
    *("image/bmp", "image/x-bmp", "image/x-ms-bmp"),
}
_READ_ENDINGS = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp", ".png", ".apng"),
    *(".webp", ".gif", ".heic", ".heif", ".hif", ".avif", ".tif", ".tiff", ".bmp", ".dib"),
}
# What certainly is no picture is not even looked at; everything else may be, whatever it is called.
_OTHER_TYPES = {
    *("application/pdf", "application/zip", "application/x-rar-compressed", "application/x-7z-compressed"),
    *("application/gzip", "application/x-tar", "application/json", "application/x-tgsticker"),
    *("application/vnd.android.package-archive", "application/msword", "application/epub+zip"),
}
_OTHER_KINDS = ("video/", "audio/", "font/", "application/vnd.openxmlformats-officedocument.")


@dataclass(frozen=True)
class SentPicture:
    """A picture as somebody sent it.

    Args:
        ref: where to find it at Telegram, and the message it came in.
        album_id: the album it came in; None where it came alone.
        by_telegram: whether Telegram's server made it of what was sent, so that it certainly can be opened.
        is_doubtful: whether neither its name nor its type says that it is a picture.
        may_be_talk: whether it is a sticker or an animation: in a group that is no picture unless one was
            asked for.
    """

    ref: PictureRef
    album_id: str | None
    by_telegram: bool = False
    is_doubtful: bool = False
    may_be_talk: bool = False

    @property
    def message_id(self) -> int:
        """Return the id of the message it came in."""
        return self.ref.message_id or 0


def picture_in(message: "Message") -> SentPicture | Reason | None:
    """Find the message's own picture. Returns why it cannot be taken, or None where there is none at all."""
    return _picture(message, message.message_id, message.media_group_id)


def picture_quoted(message: "Message") -> SentPicture | Reason | None:
    """Find the picture in what a message quotes out of another chat.

    Its message there has another number, or none that we are told: the quoting message stands for it.
    """
    quoted = message.external_reply
    return _picture(quoted, message.message_id, None) if quoted else None


def _picture(shown: "Shown", message_id: int, album_id: str | None) -> SentPicture | Reason | None:
    found: SentPicture | Reason | None = None
    covered = bool(shown.has_media_spoiler)
    if shown.photo:
        found = _photo(shown.photo, message_id, covered)
    elif shown.live_photo:  # a photo, and the film around it
        found = _photo(shown.live_photo.photo, message_id, covered) if shown.live_photo.photo else None
    elif shown.animation:  # announced as a document too, but what is behind it is a film
        found = _animation(shown.animation, message_id, covered)
    elif shown.document:
        found = _document(shown.document, message_id)
    elif shown.sticker:
        found = _sticker(shown.sticker, message_id)
    if isinstance(found, SentPicture) and album_id:
        return replace(found, album_id=album_id)
    return found


def _photo(sizes: "Sequence[PhotoSize]", message_id: int, covered: bool) -> SentPicture | Reason:
    largest = max(sizes, key=lambda size: size.width * size.height)
    short, long = sorted((largest.width, largest.height))
    if short < DEFAULT_LIMITS.min_side:
        return Reason.TOO_SMALL
    if long > DEFAULT_LIMITS.max_aspect * short:
        return Reason.TOO_NARROW
    thumbnail = min(sizes, key=lambda size: abs(max(size.width, size.height) - THUMBNAIL_SIDE))
    ref = PictureRef(largest.file_id, thumbnail.file_id, message_id, covered)
    return SentPicture(ref, None, by_telegram=True)


def _document(document: "Document", message_id: int) -> SentPicture | Reason | None:
    mime_type = (document.mime_type or "").lower().partition(";")[0].strip()
    ending = PurePath(document.file_name or "").suffix.lower()
    is_image = mime_type.startswith("image/")
    is_read = mime_type in _READ_TYPES or ending in _READ_ENDINGS
    if not is_read and (mime_type in _OTHER_TYPES or mime_type.startswith(_OTHER_KINDS)):
        return None
    if (document.file_size or 0) > DEFAULT_LIMITS.max_bytes:
        return Reason.TOO_LARGE if is_read or is_image else None
    thumbnail = document.thumbnail.file_id if document.thumbnail else None
    return SentPicture(PictureRef(document.file_id, thumbnail, message_id), None, is_doubtful=not is_read)


def _animation(animation: "Animation", message_id: int, covered: bool) -> SentPicture | None:
    """Take the frame that Telegram shows of it: the animation itself is a film, which nobody here opens."""
    frame = animation.thumbnail
    if frame is None or min(frame.width, frame.height) < DEFAULT_LIMITS.min_side:
        return None
    ref = PictureRef(frame.file_id, frame.file_id, message_id, covered)
    return SentPicture(ref, None, may_be_talk=True)


def _sticker(sticker: "Sticker", message_id: int) -> SentPicture | None:
    """Take a sticker that stands still, which is a WebP."""
    if sticker.is_animated or sticker.is_video:
        return None
    thumbnail = sticker.thumbnail.file_id if sticker.thumbnail else sticker.file_id
    return SentPicture(PictureRef(sticker.file_id, thumbnail, message_id), None, may_be_talk=True)
