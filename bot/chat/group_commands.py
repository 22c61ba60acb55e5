"""Make the handlers of commands in groups, also of those written under a picture."""

from typing import TYPE_CHECKING

from telegram import Message, MessageEntity, Update
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.chat.request_context import Answer, Callback, Context, Handler, answering
from bot.wording.translation import language_of, translator

if TYPE_CHECKING:
    from telegram.ext.filters import BaseFilter


def command(name: str, answer: Answer, here: "BaseFilter") -> list[Handler]:
    """List the handlers of a command: said, and written under a picture."""
    asked = by_people(answer)
    return [CommandHandler(name, asked, here), MessageHandler(here & UnderPicture(name), asked)]


def by_people(answer: Answer) -> Callback:
    """Make the callback for a command.

    Who speaks as the group or as a channel learns why that cannot work.
    """
    by_person = answering(answer)

    async def callback(update: Update, context: Context) -> None:
        message = update.message
        if message is None or not message.sender_chat:
            await by_person(update, context)
        elif not message.is_automatic_forward:
            t = translator(language_of(update, None))
            text = t("I only paint for people: please write as yourself, so that I know who's asking.")
            await message.reply_text(text, do_quote=True)

    return callback


class UnderPicture(filters.MessageFilter):
    """Find a command written under a picture, where python-telegram-bot does not look for any."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = command

    def filter(self, message: Message) -> bool:
        first = message.caption_entities[0] if message.caption_entities else None
        if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
            return False
        name, _, whom = message.parse_caption_entity(first)[1:].lower().partition("@")
        username: str = message.get_bot().username
        return name == self._command and whom in ("", username.lower())
