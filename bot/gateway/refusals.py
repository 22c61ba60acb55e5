"""Tell apart why Telegram refuses a message: what the chat does not allow, a chat or a message that is gone.

Telegram says so in words, some of them the Bot API's own ("not enough rights to send photos to the chat"),
some the server's ("CHAT_SEND_PHOTOS_FORBIDDEN"), and which of them comes depends on who noticed first. Both
come as status 400, and now and then as 403, which otherwise means that the chat is gone.
"""

import re
from enum import Enum, auto

from telegram.error import BadRequest, Forbidden, TelegramError


class Refusal(Enum):
    """What a chat has against a message."""

    GONE = auto()  # blocked, kicked, deleted: nothing can be sent there, ever
    NO_TEXT = auto()  # the bot may not write there, for a time or for good
    NO_PHOTOS = auto()
    NO_FILES = auto()
    NO_MEDIA = auto()  # neither photos nor files
    NO_STICKERS = auto()  # nor animations: one right is for both
    TOPIC_CLOSED = auto()
    SLOW_MODE = auto()  # later


# The first that fits counts.
_SIGNS: tuple[tuple[str, Refusal], ...] = (
    ("slowmode_wait", Refusal.SLOW_MODE),
    ("topic_closed", Refusal.TOPIC_CLOSED),
    ("rights to send photos", Refusal.NO_PHOTOS),
    ("chat_send_photos_forbidden", Refusal.NO_PHOTOS),
    ("rights to send documents", Refusal.NO_FILES),
    ("chat_send_docs_forbidden", Refusal.NO_FILES),
    ("rights to send stickers", Refusal.NO_STICKERS),
    ("chat_send_stickers_forbidden", Refusal.NO_STICKERS),
    ("rights to send animations", Refusal.NO_STICKERS),
    ("chat_send_gifs_forbidden", Refusal.NO_STICKERS),
    ("rights to send media", Refusal.NO_MEDIA),
    ("chat_send_media_forbidden", Refusal.NO_MEDIA),
    ("rights to send", Refusal.NO_TEXT),  # text messages, or in older words "a message"
    ("chat_send_plain_forbidden", Refusal.NO_TEXT),
    ("chat_write_forbidden", Refusal.NO_TEXT),
    ("chat_restricted", Refusal.NO_TEXT),
    ("chat_guest_send_forbidden", Refusal.NO_TEXT),
    ("user_banned_in_channel", Refusal.NO_TEXT),
    ("user is restricted", Refusal.NO_TEXT),
    ("need administrator rights", Refusal.NO_TEXT),
    ("chat_admin_required", Refusal.NO_TEXT),
    ("chat not found", Refusal.GONE),
    ("message thread not found", Refusal.GONE),
    ("topic_deleted", Refusal.GONE),
    ("group chat was deactivated", Refusal.GONE),
    ("peer_id_invalid", Refusal.GONE),
    ("user is deactivated", Refusal.GONE),
)

_NOT_MODIFIED = "message is not modified"
_DELETED = ("message to edit not found", "message_id_invalid", "message can't be edited")
_SLOW_MODE = re.compile(r"slowmode_wait_(\d+)")


def refusal_of(error: Exception) -> Refusal | None:
    """Return what the chat has against the message; None where the error is about something else."""
    if not isinstance(error, BadRequest | Forbidden):
        return None
    said = error.message.lower()
    for sign, refusal in _SIGNS:
        if sign in said:
            return refusal
    return Refusal.GONE if isinstance(error, Forbidden) else None


def is_gone(error: TelegramError) -> bool:
    """Say whether the chat is closed to the bot: blocked, kicked, deleted."""
    return refusal_of(error) is Refusal.GONE


def is_not_modified(error: TelegramError) -> bool:
    """Say whether a message was not edited because it shows the same already."""
    return isinstance(error, BadRequest) and _NOT_MODIFIED in error.message.lower()


def is_deleted(error: TelegramError) -> bool:
    """Say whether a message was not edited because it is there no more."""
    return isinstance(error, BadRequest) and any(sign in error.message.lower() for sign in _DELETED)


def slow_mode_seconds(error: TelegramError) -> int:
    """Return how long slow mode asks to wait."""
    found = _SLOW_MODE.search(error.message.lower())
    return int(found[1]) if found else 1
