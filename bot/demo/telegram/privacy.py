"""Decide which messages a bot is told of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Message, Person


def is_told_of(message: "Message", bot: "Person", *, privacy: bool) -> bool:
    """With `privacy`, in groups only of what concerns it: commands, replies to it, what was sent by way of
    it, and service messages.
    """
    chat = message.chat
    if message.sender is bot or chat.bot_status in ("left", "kicked"):
        return False
    if chat.is_private or message.is_service or chat.bot_status == "administrator" or not privacy:
        return True
    replies_to_bot = message.reply_to is not None and message.reply_to.sender is bot
    return replies_to_bot or "via_bot" in message.extra or _is_command_for(bot, message)


def _is_command_for(bot: "Person", message: "Message") -> bool:
    entities = message.content.get("entities") or message.content.get("caption_entities") or []
    if not any(entity["type"] == "bot_command" and entity["offset"] == 0 for entity in entities):
        return False
    _, addressed, whom = message.text.split()[0].partition("@")
    return not addressed or whom.lower() == str(bot.username).lower()
