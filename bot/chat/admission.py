"""Decide who may use the bot and how much, and log the updates that fail."""

from logging import getLogger

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, NetworkError
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.chat.message_allowance import Allowance, Verdict
from bot.chat.services import Services, services
from bot.gateway.outage_notice import tell_of_outage
from bot.gateway.per_person_order import PerPersonOrder
from bot.settings import Settings
from bot.wording.translation import Translator, language_of, translator
from storage import DatabaseError

log = getLogger(__name__)


def handler(settings: Settings) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
    """Return the handler that comes before all others, and stops updates that may not go on."""
    allowance = Allowance(settings.limit_updates)

    async def admit(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Who is not admitted is told so: in private on any message, in a group on a command."""
        if update.effective_user and update.effective_user.id in settings.admin_ids:
            return
        verdict = _verdict(update, allowance)
        if verdict is Verdict.IGNORED:
            raise ApplicationHandlerStop
        t = translator(language_of(update, None))
        if verdict is Verdict.TOO_MUCH:
            objection: str | None = t("That was a lot at once: I will answer you again in a minute.")
        else:
            objection = await _objection(update, services(context.application), t)
        if objection is not None:
            await _object(update, objection)
            raise ApplicationHandlerStop

    return TypeHandler(Update, admit)


async def log_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log why an update failed, without the update: what people write is not ours to keep."""
    error, application = context.error, context.application
    in_order = application.update_processor
    if (
        isinstance(error, DatabaseError)
        and isinstance(update, Update)
        and isinstance(in_order, PerPersonOrder)
    ):
        if in_order.put_off(update.update_id, error, lambda: application.process_update(update)):
            log.error("update put off", extra={"reason": str(error)})
            await tell_of_outage(update, error)
    elif isinstance(error, NetworkError | Forbidden) and not isinstance(error, BadRequest):
        log.warning("not answered", extra={"reason": f"{type(error).__name__}: {error.message}"})
    else:
        log.error("update failed", exc_info=error)


def _verdict(update: Update, allowance: Allowance) -> Verdict:
    """Count what is said to the bot; what people in a group say to each other does not count."""
    user, message = update.effective_user, update.message
    if user and (update.callback_query or (message and _is_to_the_bot(message))):
        return allowance.spend(user.id)
    return Verdict.FINE


def _is_to_the_bot(message: Message) -> bool:
    if message.chat.type == ChatType.PRIVATE or _is_command(message):
        return True
    replied_to = message.reply_to_message
    return bool(replied_to and replied_to.from_user and replied_to.from_user.id == message.get_bot().id)


def _is_command(message: Message) -> bool:
    return (message.text or message.caption or "").startswith("/")


async def _objection(update: Update, found: Services, t: Translator) -> str | None:
    """Say why an update is not answered otherwise. What the bot is told of its own standing passes."""
    user = update.effective_user
    if update.my_chat_member or update.effective_chat is None:
        return None
    if user and (ban := await found.bans.get(user.id)):
        if ban.reason:
            return t("You may not use this bot any more: {reason}").format(reason=ban.reason)
        return t("You may not use this bot any more.")
    if not _is_listed(update, found.settings):
        return t("This bot is only for those on its list.")
    return None


def _is_listed(update: Update, settings: Settings) -> bool:
    """Look up who may use the bot: by the user in private chats, by the chat in groups."""
    user, chat = update.effective_user, update.effective_chat
    if settings.allowed_users and (user is None or user.id not in settings.allowed_users):
        return False
    if chat is None or chat.type == ChatType.PRIVATE or not settings.allowed_chats:
        return True
    return chat.id in settings.allowed_chats


async def _object(update: Update, sentence: str) -> None:
    message = update.message
    if message and (message.chat.type == ChatType.PRIVATE or _is_command(message)):
        await message.reply_text(sentence)
    if update.callback_query:
        await update.callback_query.answer(sentence)
