"""Decide what the bot may send into a chat, as its administrators have set it."""

import math
import time
from typing import TYPE_CHECKING, Any, cast

from bot.demo.telegram.errors import bad_request, too_many_requests

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Sendable

_IN_WORDS: "dict[Sendable, str]" = {"text": "text messages"}  # all others are in the plural
_MEDIA: "dict[Sendable, str]" = {
    "photo": "PHOTOS",
    "document": "DOCS",
    "animation": "GIFS",
    "sticker": "STICKERS",
}
_ONE_RIGHT: "frozenset[Sendable]" = frozenset(cast("tuple[Sendable, ...]", ("sticker", "animation")))


def forbids(chat: "Chat", kind: "Sendable") -> bool:
    """Whether this may not be sent here. Stickers and animations go by one right."""
    if kind in _ONE_RIGHT:
        return not _ONE_RIGHT.isdisjoint(chat.forbidden)
    return kind in chat.forbidden


def check_rights(chat: "Chat", kind: "Sendable", thread_id: int | None) -> None:
    """Raises what Telegram answers where the bot may not send this now; else it counts as sent."""
    if chat.is_private or chat.bot_status == "administrator":
        return
    if forbids(chat, kind):
        raise bad_request(f"not enough rights to send {_IN_WORDS.get(kind, f'{kind}s')} to the chat")
    if thread_id in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    wait = chat.bot_spoke + chat.slow_mode - time.monotonic()
    if chat.slow_mode and chat.bot_spoke and wait > 0:
        raise too_many_requests(math.ceil(wait))
    chat.bot_spoke = time.monotonic()


def check_rights_to_edit(chat: "Chat", kind: "Sendable") -> None:
    """The same for an edit, which the server refuses in its own words; only new media are looked at."""
    if chat.is_private or chat.bot_status == "administrator":
        return
    if "text" in chat.forbidden:
        raise bad_request("CHAT_WRITE_FORBIDDEN")
    if forbids(chat, kind):
        raise bad_request(f"CHAT_SEND_{_MEDIA[kind]}_FORBIDDEN")


def permissions(chat: "Chat") -> dict[str, Any]:
    """A ChatPermissions object: what a chat lets its members do."""
    return {
        "can_send_messages": not forbids(chat, "text"),
        "can_send_photos": not forbids(chat, "photo"),
        "can_send_documents": not forbids(chat, "document"),
        "can_send_polls": not forbids(chat, "poll"),
        "can_send_other_messages": not forbids(chat, "sticker"),
    }
