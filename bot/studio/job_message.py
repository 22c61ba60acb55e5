"""Keep the one message that shows a job: send it, edit it, turn it into a picture or a file, move it."""

from dataclasses import dataclass, field, replace

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError

from bot.gateway.retries import is_gone
from storage import Chats, Job, Jobs

MOST_TRIES = 5  # to hear about a message that is as it should be

_NOT_MODIFIED = ("message is not modified",)
_DELETED = ("message to edit not found", "message_id_invalid", "message can't be edited")
_OTHER_KIND = ("there is no text in the message", "there is no caption in the message")


class ChatGone(Exception):
    """The bot may not write to this chat any more, or there is none."""


class MessageDeleted(Exception):
    """The message is no longer there to be edited."""


@dataclass(frozen=True)
class File:
    """A file to be sent as it is."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class View:
    """What a message shows.

    Args:
        text: HTML.
        keyboard: the buttons below; None for none.
        picture: a JPEG. Without it and a file, the message keeps what it has.
        file: instead of a picture.
    """

    text: str  # HTML
    keyboard: InlineKeyboardMarkup | None = None
    picture: bytes | None = field(default=None, repr=False)  # JPEG
    file: File | None = None  # instead of a picture

    @property
    def media(self) -> InputMediaPhoto | InputMediaDocument | None:
        if self.file:
            return InputMediaDocument(
                self.file.data, filename=self.file.name, caption=self.text, parse_mode=ParseMode.HTML
            )
        if self.picture:
            return InputMediaPhoto(self.picture, caption=self.text, parse_mode=ParseMode.HTML)
        return None


class JobMessage:
    """The one message of a job. To `put` a view again, as when the answer was lost, changes nothing.

    What is sent anew has its id committed before a picture goes into it, so that whoever takes over
    after a crash goes on with the same message.
    """

    def __init__(self, bot: Bot, job: Job, jobs: Jobs, chats: Chats) -> None:
        self.job = job
        self._bot = bot
        self._jobs = jobs
        self._chats = chats
        self._id = job.progress_message_id
        self._has_media: bool | None = None  # not known where it was sent before a restart

    @property
    def exists(self) -> bool:
        """Say whether it has been sent."""
        return self._id is not None

    async def put(self, view: View, *, anew: bool = False) -> Message | None:
        """Make the message show this; send one if none was sent yet or, `anew`, if it has been deleted.

        Returns it as it stands. Raises `MessageDeleted`, `ChatGone` or a `TelegramError`.
        """
        try:
            if self._id is None:
                sent = await self._send(view)
                if view.media is None:
                    return sent
            return await self._edit(view)
        except ChatMigrated as moved:
            await self._move(moved.new_chat_id)
            return await self.put(view, anew=anew)
        except TelegramError as error:
            if is_gone(error):
                raise ChatGone from error
            if _says(error, _NOT_MODIFIED):
                return await self._as_it_is(view)
            if not _says(error, _DELETED):
                raise
        await self._remember(None)
        if not anew:
            raise MessageDeleted
        return await self.put(view, anew=True)

    async def _send(self, view: View) -> Message:
        """Send a new message: in the topic, as a reply to the photo if that is still there."""
        job = self.job
        reply_to = job.reply_to_message_id
        message = await self._bot.send_message(
            job.chat_id,
            view.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=job.thread_id or None,
            reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True)
            if reply_to
            else None,
            reply_markup=view.keyboard,
        )
        self._has_media = False
        await self._remember(message.message_id)
        return message

    async def _edit(self, view: View) -> Message | None:
        if view.media is None:
            return await self._edit_text(view)
        edited = await self._bot.edit_message_media(
            view.media, self.job.chat_id, self._id, reply_markup=view.keyboard
        )
        self._has_media = True
        return _message(edited)

    async def _edit_text(self, view: View) -> Message | None:
        """Edit the text. A picture's text is its caption, which has a method of its own."""
        try:
            if self._has_media:
                return await self._edit_caption(view)
            edited = await self._bot.edit_message_text(
                view.text,
                self.job.chat_id,
                self._id,
                parse_mode=ParseMode.HTML,
                reply_markup=view.keyboard,
            )
        except BadRequest as error:
            if self._has_media is not None or not _says(error, _OTHER_KIND):
                raise
            self._has_media = True
            return await self._edit_caption(view)
        self._has_media = False
        return _message(edited)

    async def _edit_caption(self, view: View) -> Message | None:
        edited = await self._bot.edit_message_caption(
            self.job.chat_id,
            self._id,
            caption=view.text,
            parse_mode=ParseMode.HTML,
            reply_markup=view.keyboard,
        )
        return _message(edited)

    async def _as_it_is(self, view: View) -> Message | None:
        """Return the message that shows this view already.

        Telegram answers an edit with the message, and with it the picture's file id, but only if
        there is something to change. So the buttons go and come back, until that is answered.
        """
        if view.media is None:
            return None
        self._has_media = True
        for _ in range(MOST_TRIES):
            await self._edit_keyboard(None)
            if message := await self._edit_keyboard(view.keyboard):
                return message
        raise NetworkError("no answer about the message came through")

    async def _edit_keyboard(self, keyboard: InlineKeyboardMarkup | None) -> Message | None:
        """Edit the buttons. Returns None if they were so already."""
        try:
            edited = await self._bot.edit_message_reply_markup(
                self.job.chat_id, self._id, reply_markup=keyboard
            )
        except BadRequest as error:
            if not _says(error, _NOT_MODIFIED):
                raise
            return None
        return _message(edited)

    async def _move(self, new_chat_id: int) -> None:
        """Follow a group that is a supergroup now, where messages are numbered anew."""
        await self._chats.move(self.job.chat_id, new_chat_id)
        self.job = replace(self.job, chat_id=new_chat_id, reply_to_message_id=None)
        self._id = None

    async def _remember(self, message_id: int | None) -> None:
        self._id = message_id
        await self._jobs.set_progress_message(self.job.id, message_id)


def _message(edited: Message | bool) -> Message | None:
    return edited if isinstance(edited, Message) else None


def _says(error: TelegramError, signs: tuple[str, ...]) -> bool:
    return isinstance(error, BadRequest) and any(sign in error.message.lower() for sign in signs)
