"""Answer the method with which the bot reacts to messages, by an emoji under them."""

from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

EMOJI = frozenset(
    (  # noqa: SIM905  (a line for each would be 73 lines)
        "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭 💯 🤣 "
        "⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 "
        "🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡 "
    ).split()
)
"""Nothing else is a reaction. Custom emoji are for people with Telegram Premium."""
MOST = 1  # of a bot, for each message


async def set_message_reaction(world: World, given: Parameters) -> bool:
    """Puts the bot's reaction under a message in place of the one before, or takes it away.

    Reactions need no right to write, and what is sent again is no error.
    """
    chat = world.chat_for_bot(given.chat_id())
    message = chat.messages.get(given.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to react not found")
    chosen = [_emoji(described) for described in given.parsed("reaction") or []]
    if len(chosen) > MOST:
        raise bad_request("REACTIONS_TOO_MANY")
    if message.is_service or not all(chat.allows_reaction(emoji) for emoji in chosen):
        raise bad_request("REACTION_INVALID")
    world.react(message, next(iter(chosen), None))
    return True


def _emoji(described: Any) -> str:
    if not isinstance(described, dict) or described.get("type") not in ("emoji", "custom_emoji"):
        raise bad_request("can't parse reaction type: Object expected")
    emoji = described.get("emoji")
    if emoji not in EMOJI:
        raise bad_request("REACTION_INVALID")
    return str(emoji)


METHODS = {"setMessageReaction": set_message_reaction}
