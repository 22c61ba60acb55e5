"""Answer the methods about chats and who is in them."""

from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.parameters import Parameters
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
    return chat.to_json() | required


async def get_chat_member(world: World, given: Parameters) -> dict[str, Any]:
    chat = world.chat_for_bot(given.chat_id())
    found = world.chat_member(chat, given.integer("user_id") or 0)
    if found is None:
        raise bad_request("invalid user_id specified")
    return found


METHODS = {"getChat": get_chat, "getChatMember": get_chat_member}
