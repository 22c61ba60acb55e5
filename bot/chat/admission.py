"""Decide who may use the bot and how much, and log the updates that fail."""

from contextlib import suppress
from logging import getLogger

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.chat.message_allowance import Allowance, Verdict
from bot.chat.moved_groups import was_listed
from bot.chat.services import services
from bot.gateway.outage_notice import tell_of_outage
from bot.gateway.per_person_order import PerPersonOrder
from bot.gateway.refusal_notice import tell_in_private
from bot.gateway.refusals import refusal_of
from bot.gateway.retries import is_passing
from bot.settings import Settings
from bot.wording.translation import Translator, language_of, translator
from core.error_messages import with_kind
from storage import DatabaseError

log = getLogger(__name__)

LONGEST_LINE = 100  # updates of one person in one chat that may wait for their turn


class Admission:
    """Decide which updates are answered, and how.

    What one person says too much is sorted out as it comes, so that it never stands in anybody's way.

    Args:
        settings: say who may use the bot, and how much.
        order: where updates wait for their turn.
    """

    def __init__(self, settings: Settings, order: PerPersonOrder) -> None:
        self._allowance = Allowance(settings.limit_updates)
        self._queries = Allowance(settings.limit_updates)  # apart: one comes with every few letters
        self._admins = settings.admin_ids
        self._order = order
        self._too_much: set[int] = set()  # updates, to be answered with that

    def at_arrival(self, update: Update) -> bool:
        """Say whether to handle a new update at all. What is said to the bot is counted."""
        is_admitted = self._verdict(update) is not Verdict.IGNORED
        if is_admitted:
            self._order.line_up(update)
        return is_admitted

    def _verdict(self, update: Update) -> Verdict:
        """What people say to each other in a group is not counted; too much of it is left out.

        So are inline queries that come too fast: there is no way to say so.
        """
        user, message = update.effective_user, update.message
        if user is None or user.id in self._admins:
            return Verdict.FINE
        is_long = self._order.in_line(update) >= LONGEST_LINE
        if update.inline_query:
            is_fine = not is_long and self._queries.spend(user.id) is Verdict.FINE
            return Verdict.FINE if is_fine else Verdict.IGNORED
        if update.callback_query or (message and _is_to_the_bot(message)):
            verdict = self._allowance.pause(user.id) if is_long else self._allowance.spend(user.id)
            if verdict is Verdict.TOO_MUCH:
                self._too_much.add(update.update_id)
            return verdict
        return Verdict.IGNORED if message and is_long else Verdict.FINE

    def handler(self) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
        """Return the handler that comes before all others, and stops updates that may not go on."""
        return TypeHandler(Update, self._admit)

    async def _admit(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Who is not admitted is told so: in private on any message, in a group on a command."""
        if update.effective_user and update.effective_user.id in self._admins:
            return
        t = translator(language_of(update, None))
        if update.update_id in self._too_much:
            objection: str | None = t("That was a lot at once: I'll answer you again in a minute.")
        else:
            objection = await _objection(update, context, t)
        if objection is not None:
            await _object(update, objection)
            self._too_much.discard(update.update_id)
            raise ApplicationHandlerStop


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
    elif isinstance(error, TelegramError) and (is_passing(error) or refusal_of(error)):
        log.warning("not answered", extra={"reason": with_kind(error)})
        if isinstance(update, Update) and (refusal := refusal_of(error)):
            await tell_in_private(update, refusal)
    else:
        log.error("update failed", exc_info=error)


def _is_to_the_bot(message: Message) -> bool:
    if message.chat.type == ChatType.PRIVATE or _is_command(message):
        return True
    replied_to = message.reply_to_message
    return bool(replied_to and replied_to.from_user and replied_to.from_user.id == message.get_bot().id)


def _is_command(message: Message) -> bool:
    return (message.text or message.caption or "").startswith("/")


async def _objection(update: Update, context: ContextTypes.DEFAULT_TYPE, t: Translator) -> str | None:
    """Say why an update is not answered otherwise. What the bot is told of its own standing passes."""
    user, found = update.effective_user, services(context.application)
    is_of_nobody = update.effective_chat is None and not (update.inline_query or update.poll_answer)
    if update.my_chat_member or is_of_nobody or _is_a_move(update):
        return None
    if user and (ban := await found.bans.get(user.id)):
        if ban.reason:
            return t("You can no longer use this bot: {reason}").format(reason=ban.reason)
        return t("You can no longer use this bot.")
    if not await is_listed(update, context):
        return t("This bot is only for people on its list.")
    return None


def _is_a_move(update: Update) -> bool:
    """Say whether this tells of a group that became a supergroup, which nobody has said."""
    message = update.message
    return bool(message and (message.migrate_to_chat_id or message.migrate_from_chat_id))


async def is_listed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Look up who may use the bot: by the user in private chats, by the chat in groups."""
    user, chat, settings = (
        update.effective_user,
        update.effective_chat,
        services(context.application).settings,
    )
    if settings.allowed_users and (user is None or user.id not in settings.allowed_users):
        return False
    if chat is None or chat.type == ChatType.PRIVATE or not settings.allowed_chats:
        return True
    return chat.id in settings.allowed_chats or await was_listed(context.application, chat.id)


async def _object(update: Update, sentence: str) -> None:
    message = update.message
    if message and (message.chat.type == ChatType.PRIVATE or _is_command(message)):
        await message.reply_text(sentence)
    if update.callback_query:
        await update.callback_query.answer(sentence)
    if update.inline_query:
        with suppress(BadRequest):  # it is too old
            await update.inline_query.answer([], cache_time=0, is_personal=True)
