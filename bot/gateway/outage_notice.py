"""Tell people that the database cannot be written while they write."""

from contextlib import suppress

from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.gateway.retries import BRIEFLY, patient
from bot.wording.translation import Translator, language_of, translator
from storage import DatabaseDamaged, DatabaseError


def outage_sentence(error: DatabaseError, t: Translator) -> str:
    """Word what is wrong with the database, for people."""
    if isinstance(error, DatabaseDamaged):
        return t("My database is damaged and has to be repaired: please try again later.")
    return t("I can't save anything right now. Nothing you send is lost: I'll answer as soon as I can.")


async def tell_of_outage(update: Update, error: DatabaseError) -> None:
    """Tell whoever sent this update: in private chats, or in answer to a command or a tap."""
    message, query = update.message, update.callback_query
    sentence = outage_sentence(error, translator(language_of(update, None)))
    with suppress(TelegramError), patient(BRIEFLY):
        if message and (message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/")):
            await message.reply_text(sentence)
        elif query:
            await query.answer(sentence, show_alert=True)
