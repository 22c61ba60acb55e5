"""Answer the methods about chats and who is in them."""

from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.membership import member
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.rights import permissions
from bot.demo.telegram.world import World


async def get_chat(world: World, given: Parameters) -> dict[str, Any]:
    chat = world.chat_for_bot(given.chat_id())
    required = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    described = chat.to_json() | required
    if chat.is_private:
        return described
    described["permissions"] = permissions(chat)
    if chat.reactions is not None:  # without the field, all are allowed
        described["available_reactions"] = [
            {"type": "emoji", "emoji": emoji} for emoji in sorted(chat.reactions)
        ]
    return described


async def get_chat_member(world: World, given: Parameters) -> dict[str, Any]:
    chat = world.chat_for_bot(given.chat_id())
    found = world.chat_member(chat, given.integer("user_id") or 0)
    if found is None:
        raise bad_request("invalid user_id specified")
    return found


async def get_chat_administrators(world: World, given: Parameters) -> list[dict[str, Any]]:
    """People only: other bots are left out, and of the bot itself it is told where it is one."""
    chat = world.chat_for_bot(given.chat_id())
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    found = [member(person, chat.status_of(person)) for person in chat.members]
    if chat.bot_status == "administrator":
        found.append(member(world.bot, "administrator"))
    return [described for described in found if described["status"] in ("creator", "administrator")]


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
}
