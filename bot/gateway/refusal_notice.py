"""Tell people in private what the bot may not say where they asked."""

from contextlib import suppress

from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.gateway.refusals import Refusal
from bot.gateway.retries import BRIEFLY, patient
from bot.wording.translation import language_of, translator


async def tell_in_private(update: Update, refusal: Refusal) -> None:
    """Tell whoever asked in a group where the bot may not write, if they have a chat with the bot."""
    message, person = update.message, update.effective_user
    if person is None or message is None or message.chat.type == ChatType.PRIVATE:
        return
    if refusal in (Refusal.NO_TEXT, Refusal.TOPIC_CLOSED):
        t = translator(language_of(update, None))
        with suppress(TelegramError), patient(BRIEFLY):
            await message.get_bot().send_message(
                person.id, t("I'm not allowed to write where you asked me: send me your pictures here.")
            )
