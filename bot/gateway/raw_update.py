"""Read an update out of the JSON that Telegram sends."""

from typing import Any, NamedTuple

from telegram import Bot, Update

LARGEST = 2**63 - 1  # what fits in the database; Telegram's own numbers are far smaller


class UnreadableUpdate(Exception):
    """An update that cannot be read. What is in it is nobody's business: only its kind is told."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class RawUpdate(NamedTuple):
    """An update as it came, and its id."""

    update_id: int
    json: dict[str, Any]


def identified(raw: object) -> RawUpdate | None:
    """Return an update with its id, or None for what is no update at all."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if isinstance(raw, dict) and type(update_id) is int and 0 <= update_id <= LARGEST:
        return RawUpdate(update_id, raw)
    return None


def parsed(raw: RawUpdate, bot: Bot) -> Update:
    """Read an update. Raises `UnreadableUpdate`: Telegram adds what the library learns of later."""
    try:
        if not _fits(raw.json):
            raise UnreadableUpdate(_kind(raw))
        update = Update.de_json(raw.json, bot)
        # What an update is about is found out when somebody asks, and may fail then.
        _ = update.effective_message, update.effective_user, update.effective_chat
        for part in (update.message, update.edited_message, update.my_chat_member):
            if part is not None and part.chat is None:  # which the library lets pass
                raise UnreadableUpdate(_kind(raw))
    except UnreadableUpdate:
        raise
    except Exception as error:  # whatever the library stumbles over
        raise UnreadableUpdate(_kind(raw)) from error
    return update


def _fits(value: object) -> bool:
    """Say whether all numbers are such that the database can hold them."""
    if isinstance(value, dict):
        return all(map(_fits, value.values()))
    if isinstance(value, list):
        return all(map(_fits, value))
    return not isinstance(value, int) or abs(value) <= LARGEST


def _kind(raw: RawUpdate) -> str:
    """Name the update's kind, such as message. It is Telegram's word, if it looks like one."""
    kinds = [name for name in raw.json if name != "update_id"]
    return kinds[0] if len(kinds) == 1 and kinds[0].isidentifier() and len(kinds[0]) < 40 else "unknown"
