"""Who may use the bot, and what becomes of updates that fail."""

from logging import getLogger

from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, NetworkError
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.services import services
from bot.settings import Settings
from bot.texts import language_of, translator

log = getLogger(__name__)


def handler() -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
    """Comes before all others, and ends what may not be."""
    return TypeHandler(Update, _admit)


async def log_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG001
    """Without the update: what people write is not ours to keep."""
    error = context.error
    if isinstance(error, NetworkError | Forbidden) and not isinstance(error, BadRequest):
        log.warning("not answered", extra={"reason": f"{type(error).__name__}: {error.message}"})
    else:
        log.error("update failed", exc_info=error)


async def _admit(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Who is not admitted is told so: in private on any message, in a group on a command."""
    if _is_admitted(update, services(context.application).settings):
        return
    t = translator(language_of(update, None))
    sentence = t("This bot is only for those on its list.")
    message = update.message
    if message and (message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/")):
        await message.reply_text(sentence)
    if update.callback_query:
        await update.callback_query.answer(sentence)
    raise ApplicationHandlerStop


def _is_admitted(update: Update, settings: Settings) -> bool:
    """Private chats go by the user, groups by the chat; what the bot is told of its own standing passes."""
    user, chat = update.effective_user, update.effective_chat
    if update.my_chat_member or chat is None:
        return True
    if settings.allowed_users and (user is None or user.id not in settings.allowed_users):
        return False
    return chat.type == ChatType.PRIVATE or not settings.allowed_chats or chat.id in settings.allowed_chats
