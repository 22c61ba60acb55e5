"""Describe somebody's standing in a chat, as the Bot API does: its ChatMember objects."""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Person

_ADMINISTRATOR_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member(person: "Person", status: str) -> dict[str, Any]:
    """A ChatMember object."""
    described: dict[str, Any] = {"user": person.to_json(), "status": status}
    if status == "kicked":
        described["until_date"] = 0
    if status in ("creator", "administrator"):
        described["is_anonymous"] = False
    if status == "administrator":
        described |= dict.fromkeys(_ADMINISTRATOR_RIGHTS, True)
    return described


def change(chat: "Chat", person: "Person", before: str, after: str, by: "Person") -> dict[str, Any]:
    """A ChatMemberUpdated object: somebody's standing was changed by somebody, now."""
    return {
        "chat": chat.to_json(),
        "from": by.to_json(),
        "date": int(time.time()),
        "old_chat_member": member(person, before),
        "new_chat_member": member(person, after),
    }
