"""Keep the one message that shows a job: send it, edit it, turn it into a picture or a file, move it."""

from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto

from telegram import Bot, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.gateway.refusals import Refusal, is_deleted, is_gone, is_not_modified, refusal_of, slow_mode_seconds
from bot.gateway.retries import is_passing
from bot.ops.side_tasks import unbroken
from bot.studio import views
from bot.studio.shown_message import ShownMessage, keyboard_of
from bot.studio.view import View
from storage import Chats, DatabaseError, Job, Jobs


class ChatGone(Exception):
    """The bot may not write to this chat any more, or there is none."""


class NotAllowed(Exception):
    """The chat lets in no picture and no file, and its requester has no chat with the bot. Words would do."""


class MessageDeleted(Exception):
    """The message is no longer there to be edited."""


class _Kind(Enum):
    """What a chat may refuse."""

    WORDS = auto()
    PHOTOS = auto()
    FILES = auto()


_REFUSED: dict[Refusal, set[_Kind]] = {
    Refusal.NO_PHOTOS: {_Kind.PHOTOS},
    Refusal.NO_FILES: {_Kind.FILES},
    Refusal.NO_MEDIA: {_Kind.PHOTOS, _Kind.FILES},
    Refusal.NO_STICKERS: set(),
    Refusal.NO_TEXT: {_Kind.WORDS},
    Refusal.TOPIC_CLOSED: {_Kind.WORDS},
}

_MAY_STILL_EDIT = {Refusal.NO_TEXT, Refusal.TOPIC_CLOSED}


class JobMessage:
    """The one message of a job. To `put` a view again, as when the answer was lost, changes nothing.

    What is sent anew has its id committed before a picture goes into it, so that whoever takes over
    after a crash goes on with the same message. So it is with a result that rings: a new message announces
    it, is committed as the job's, and then gets the picture; the one before is deleted at the very end.

    Where a chat does not let photos in, progress is told in words, and the result comes as a file. Where it
    lets neither in, or not even words, the job moves to its requester's own chat with the bot.
    """

    def __init__(self, bot: Bot, job: Job, jobs: Jobs, chats: Chats) -> None:
        self.job = job
        self._bot = bot
        self._jobs = jobs
        self._chats = chats
        self._message: ShownMessage | None = None
        if job.progress_message_id is not None:
            self._message = ShownMessage(bot, job.chat_id, job.progress_message_id)
        self._earlier = job.earlier_message_id  # showed the progress, before the result rang
        self._refused: set[_Kind] = set()  # by the chat
        self._shown: View | None = None  # what Telegram says is there already

    @property
    def exists(self) -> bool:
        """Say whether it has been sent."""
        return self._message is not None

    async def put(self, view: View, *, anew: bool = False, rings: bool = False) -> Message | None:
        """Make the message show this; send one if none was sent yet or, `anew`, if it has been deleted.

        What `rings` comes in a new message, unless it did so before; `tidy` deletes the other one.

        Returns it as it stands; None where Telegram does not say.
        Raises `MessageDeleted`, `ChatGone`, `NotAllowed` or a `TelegramError`.
        """
        try:
            fitting = await self._fit(view)
            if self._message and fitting == self._shown:
                return await self._message.as_it_is(fitting)
            self._shown = None
            if rings:
                await self._renew(fitting)
            return await self._put(fitting)
        except ChatMigrated as moved:
            await self._move(moved.new_chat_id)
            return await self.put(view, anew=anew, rings=rings)
        except InvalidToken as error:  # which is no reason to give up what somebody waits for
            raise NetworkError(error.message) from error
        except TelegramError as error:
            if not is_deleted(error):
                self._learn(error, view)
                return await self.put(view, anew=anew, rings=rings)
        await self._remember(None)
        if not anew:
            raise MessageDeleted
        return await self.put(view, anew=True, rings=rings)

    async def tidy(self) -> None:
        """Delete the message that showed the progress, if the result came in another one.

        Where Telegram does not delete it, as after two days, there is nothing to be done.
        """
        if self._earlier is None:
            return
        try:
            await self._bot.delete_message(self.job.chat_id, self._earlier)
        except TelegramError as error:
            if is_passing(error):
                raise
        await self._jobs.earlier_message_gone(self.job.id)
        self._earlier = None

    async def _renew(self, view: View) -> None:
        """Go on in a new message. Where none may be sent, or there was none, the present one does."""
        if self._message and self._earlier is None:
            await unbroken(self._announce(self._message, view))

    async def _announce(self, earlier: ShownMessage, view: View) -> None:
        try:
            sent = await self._say(view.first_words)
        except TelegramError as error:
            if refusal_of(error) in _MAY_STILL_EDIT:
                return
            raise
        try:
            await self._jobs.go_on_in(self.job.id, sent.message_id)
        except DatabaseError:  # people get their picture nonetheless
            with suppress(TelegramError):
                await self._bot.delete_message(self.job.chat_id, sent.message_id)
            return
        self._earlier, self._message = earlier.id, self._sent_as(sent.message_id)

    async def _put(self, view: View) -> Message | None:
        message = self._message
        if message is None:
            sent = await self._say(view.first_words)
            message = self._sent_as(sent.message_id)
            await self._remember(message)
            if view.media is None and view.announcement is None:
                return sent
        try:
            return await message.edit(view)
        except BadRequest as error:
            if not is_not_modified(error):
                raise
            self._shown = view
            return await message.as_it_is(view)

    def _learn(self, error: TelegramError, view: View) -> None:
        """Learn from a refusal what this chat lets in, or raise what nothing can be learned from."""
        refusal = refusal_of(error)
        if refusal is Refusal.GONE:
            raise ChatGone from error
        if refusal is Refusal.SLOW_MODE:
            raise RetryAfter(slow_mode_seconds(error)) from error
        refused = set() if refusal is None else _REFUSED[refusal]
        if refusal is None and isinstance(error, BadRequest) and view.picture and view.instead:
            refused = {_Kind.PHOTOS}  # what makes no photo may do as a file
        if refused <= self._refused:
            raise error
        self._refused |= refused

    async def _fit(self, view: View) -> View:
        """Return the view without what the chat does not let in.

        The job moves to its requester's chat where words are refused, or what they wait for.
        """
        fitting = view
        if fitting.picture and _Kind.PHOTOS in self._refused:
            fitting = replace(fitting, picture=None, file=fitting.instead)
        if fitting.file and _Kind.FILES in self._refused:
            fitting = replace(fitting, file=None)
        is_lost = view.is_owed and fitting.media is None
        if not is_lost and _Kind.WORDS not in self._refused:
            return fitting
        if await self._move_to_requester(view):
            return view
        if _Kind.WORDS in self._refused:
            if self._message:
                await self._message.take_back()
            raise ChatGone
        raise NotAllowed

    async def _move_to_requester(self, view: View) -> bool:
        """Go on in the requester's own chat with the bot. Returns False if there is none."""
        job, first = self.job, view.first_words
        if job.chat_id == job.user_id:
            return False
        await self.tidy()  # as long as it is known where that message is
        try:
            sent = await self._bot.send_message(
                job.user_id, first.text, parse_mode=ParseMode.HTML, reply_markup=keyboard_of(first, self._bot)
            )
        except TelegramError as error:
            if not is_gone(error):
                raise
            return False
        await self._jobs.move_to(job.id, job.user_id, sent.message_id)
        await self._say_where_it_went()
        self.job = replace(job, chat_id=job.user_id, thread_id=0, reply_to_message_id=None)
        self._message, self._refused, self._shown = self._sent_as(sent.message_id), set(), None
        return True

    async def _say_where_it_went(self) -> None:
        """Say the last word in the chat that is left, as far as it lets any in."""
        if self._message is None:
            return
        try:
            await self._message.edit_text(views.moved(self.job))
        except TelegramError as error:
            if not is_not_modified(error):
                await self._message.take_back()

    async def _say(self, view: View) -> Message:
        """Send words: in the topic, as a reply to what was asked with if that is still there."""
        job = self.job
        reply_to = job.reply_to_message_id
        return await self._bot.send_message(
            job.chat_id,
            view.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=job.thread_id or None,
            reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True)
            if reply_to
            else None,
            reply_markup=keyboard_of(view, self._bot),
        )

    async def _move(self, new_chat_id: int) -> None:
        """Follow a group that is a supergroup now, where messages are numbered anew."""
        await self._chats.move(self.job.chat_id, new_chat_id)
        self.job = replace(self.job, chat_id=new_chat_id, reply_to_message_id=None)
        self._message = self._earlier = self._shown = None

    def _sent_as(self, message_id: int) -> ShownMessage:
        """Make the message of words that were just sent."""
        return ShownMessage(self._bot, self.job.chat_id, message_id, has_media=False)

    async def _remember(self, message: ShownMessage | None) -> None:
        self._message, self._shown = message, None
        await self._jobs.set_progress_message(self.job.id, message.id if message else None)
