"""The bot's comings and goings: added to groups, removed, promoted, blocked and unblocked."""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.demo.chats import Chat, Person, Status
    from bot.demo.world import World

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


def add_bot(world: "World", chat: "Chat", by: "Person") -> None:
    set_bot_status(world, chat, "member", by)
    world.post(chat, by, {"new_chat_members": [world.bot.to_json()]})


def remove_bot(world: "World", chat: "Chat", by: "Person") -> None:
    set_bot_status(world, chat, "kicked", by)
    world.post(chat, by, {"left_chat_member": world.bot.to_json()})


def set_bot_status(world: "World", chat: "Chat", status: "Status", by: "Person") -> None:
    """Changes the bot's standing and tells it so; being told is the one thing a removed bot still gets."""
    before, chat.bot_status = chat.bot_status, status
    if before == status:
        return
    world.updates.add(
        "my_chat_member",
        {
            "chat": chat.to_json(),
            "from": by.to_json(),
            "date": int(time.time()),
            "old_chat_member": member(world.bot, before),
            "new_chat_member": member(world.bot, status),
        },
    )
    world.journal.add("chat", chat.id, {**chat.to_json(), "bot_status": status})


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


def standing(world: "World", chat: "Chat", user_id: int) -> dict[str, Any] | None:
    """A user's ChatMember object in this chat, or None for somebody nobody knows."""
    if user_id == world.bot.id:
        return member(world.bot, chat.bot_status)
    person = world.people.get(user_id)
    if person is None:
        return None
    if person not in chat.members:
        return member(person, "left")
    is_creator = not chat.is_private and person is chat.members[0]
    return member(person, "creator" if is_creator else "member")
