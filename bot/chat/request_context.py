"""Collect what is needed to answer one message or tap: who, where, in which language."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import Bot, ForceReply, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram import User as Person
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, BaseHandler, CallbackContext, ContextTypes

from bot.chat.services import Services, services
from bot.wording.translation import Translator, language_of, translator
from storage import Session, SessionKey, User

Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Handler: TypeAlias = BaseHandler[Any, Context, Any]
Callback: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]
Keyboard: TypeAlias = InlineKeyboardMarkup | ForceReply | None


@dataclass(frozen=True)
class RequestContext:
    """What is needed to answer one message or tap.

    Args:
        context: python-telegram-bot's.
        person: who spoke or tapped, as Telegram describes them.
        user: the same, with their settings.
        key: of their session here.
        message: the message, or the one with the button; None where that is too old for Telegram to tell.
        message_id: its id, known even then.
        t: translates into their language.
    """

    context: Context
    person: Person
    user: User
    key: SessionKey
    message: Message | None
    message_id: int
    t: Translator

    @property
    def bot(self) -> Bot:
        return self.context.bot

    @property
    def services(self) -> Services:
        return services(self.context.application)

    @property
    def is_private(self) -> bool:
        return self.key.chat_id > 0

    async def session(self) -> Session | None:
        """Read the half-made request of this person here, if there is any."""
        return await self.services.sessions.get(self.key)

    async def say(self, text: str, keyboard: Keyboard = None, *, reply_to: int | None = None) -> Message:
        """Send a message, as HTML, to the same chat and topic; in a group, in reply to what is answered."""
        return await self.bot.send_message(
            self.key.chat_id,
            text,
            parse_mode=ParseMode.HTML,
            message_thread_id=self.key.thread_id or None,
            reply_parameters=self.quoting(reply_to),
            reply_markup=keyboard,
        )

    async def show(
        self,
        picture: bytes | str,
        text: str,
        keyboard: Keyboard = None,
        *,
        reply_to: int | None = None,
        covered: bool = False,
    ) -> Message:
        """Send a photo, new or by its file id, under HTML and where `say` would; `covered` by a spoiler.

        Raises `telegram.error.BadRequest` where a group lets no photos in, and for an id that is none.
        """
        return await self.bot.send_photo(
            self.key.chat_id,
            picture,
            text,
            parse_mode=ParseMode.HTML,
            message_thread_id=self.key.thread_id or None,
            reply_parameters=self.quoting(reply_to),
            reply_markup=keyboard,
            has_spoiler=covered,
        )

    def quoting(self, message_id: int | None = None) -> ReplyParameters | None:
        """Make it a reply to this message, if it is still there.

        In a group, to what is answered if to no other.
        """
        if message_id is None and not self.is_private:
            message_id = self.message_id
        return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None

    async def delete(self, message_id: int | None) -> None:
        """Delete a message of the bot's. Telegram refuses after two days, which does no harm."""
        if message_id:
            with suppress(BadRequest):
                await self.bot.delete_message(self.key.chat_id, message_id)


Answer: TypeAlias = Callable[[RequestContext], Awaitable[None]]
"""What is done about one message."""


async def request_of(
    application: "Application[Any, Any, Any, Any, Any, Any]", session: Session
) -> RequestContext:
    """Make what is needed to go on with a session of which no message is at hand, as after a restart."""
    bot, key = application.bot, session.key
    user = await services(application).users.ensure(key.user_id)
    person = Person(key.user_id, "", is_bot=False)
    if key.chat_id < 0:  # others look on, so the name is said
        person = await member_of(bot, key.chat_id, key.user_id) or person
    messages = [picture.message_id for picture in session.pictures if picture.message_id]
    message_id = messages[-1] if messages else 0
    t = translator(user.language or session.language)
    context = CallbackContext(application, key.chat_id, key.user_id)
    return RequestContext(context, person, user, key, None, message_id, t)


async def member_of(bot: Bot, chat_id: int, user_id: int) -> Person | None:
    """Look up somebody in a group; None where Telegram does not say."""
    try:
        return (await bot.get_chat_member(chat_id, user_id)).user
    except TelegramError:
        return None


def thread_of(message: Message) -> int:
    """Return the forum topic of a message, 0 where there is none.

    Replies open threads in any group; those are no topics.
    """
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def answering(answer: Callable[[RequestContext], Awaitable[None]]) -> Callback:
    """Make the callback for messages of people. Channels, bots and masked administrators are not answered."""

    async def callback(update: Update, context: Context) -> None:
        message, person = update.message, update.effective_user
        if message is None or person is None or person.is_bot or message.sender_chat:
            return
        key = SessionKey(message.chat.id, thread_of(message), person.id)
        user = await services(context.application).users.ensure(person.id)
        t = translator(language_of(update, user))
        await answer(RequestContext(context, person, user, key, message, message.message_id, t))

    return callback
