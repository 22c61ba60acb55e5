"""Read from a message under which ids Telegram has the result that it shows."""

from typing import NamedTuple

from telegram import Message

THUMBNAIL = 300  # pixels of its longer side at least, where there is a choice


class ResultIds(NamedTuple):
    """A result at Telegram: as a photo, "" where Telegram did not say; as a file; and in a small size.

    What could not be shown as a photo has the file's id for both.
    """

    photo: str
    document: str | None
    thumbnail: str | None


def ids_in(message: Message | None) -> ResultIds:
    """Return the ids in a message as Telegram answers it; the message is None where it did not."""
    if message and message.document:
        document, small = message.document.file_id, message.document.thumbnail
        return ResultIds(document, document, small.file_id if small else None)
    sizes = message.photo if message else ()
    if not sizes:
        return ResultIds("", None, None)
    fine = [size for size in sizes if max(size.width, size.height) >= THUMBNAIL]
    return ResultIds(sizes[-1].file_id, None, (fine or sizes)[0].file_id)
