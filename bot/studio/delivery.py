"""Move pictures between jobs and Telegram: a job's pictures in, its progress, result and file out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.gallery.collection import Gallery
from bot.gallery.titles import titles_of
from bot.gateway.downloads import NotServed, TooLarge, download
from bot.gateway.refusals import Refusal, refusal_of
from bot.gateway.retries import persist
from bot.ops.side_tasks import log_failure
from bot.settings import Settings
from bot.studio.job_message import ChatGone, JobMessage, NotAllowed
from bot.studio.progress_updates import EditPace, ProgressMessage
from bot.studio.reactions import CommandReaction
from bot.studio.view import File
from bot.wording.translation import translator
from core.decoding.refusal import DEFAULT_LIMITS, PictureError, Reason
from storage import Chats, Database, Job, Jobs, painting_of

ACTION_INTERVAL = 4.5  # seconds; Telegram shows "sending a photo…" for five
DOWNLOAD_PATIENCE = 600.0  # seconds
DOWNLOAD_TRIES = 3  # of a file that the server does not find


class PaintingGone(Exception):
    """The gallery does not have the painting any more."""


@contextmanager
def saying_why_not() -> Iterator[None]:
    """Raise `ChatGone` or `NotAllowed` where a chat does not take what is sent to it in this block."""
    try:
        yield
    except TelegramError as error:
        match refusal_of(error):
            case None | Refusal.SLOW_MODE:
                raise
            case Refusal.GONE:
                raise ChatGone from error
            case _:
                raise NotAllowed from error


class Delivery:
    """Carry pictures between jobs and Telegram, within its limits and through its bad moments."""

    def __init__(self, bot: Bot, database: Database, settings: Settings, gallery: Gallery) -> None:
        self._bot = bot
        self._gallery = gallery
        self._jobs = Jobs(database)
        self._chats = Chats(database)
        self._pace = EditPace(settings.edit_interval_private, settings.edit_interval_group)

    def message_of(self, job: Job, on_gone: Callable[[], None]) -> ProgressMessage:
        """Return the job's message, whether it was sent already or not.

        `on_gone` is called when the chat is gone.
        """
        return ProgressMessage(JobMessage(self._bot, job, self._jobs, self._chats), self._pace, on_gone)

    def reaction_to(self, job: Job) -> CommandReaction:
        """Return the reaction to the command that asked for the job, to be shown."""
        return CommandReaction(self._bot, job)

    async def download(self, file_id: str) -> bytes:
        """Download a picture, or read that of a painting of the gallery.

        Raises `PictureError` for what bots may not download, `NotServed` for what the server does not hand
        out, `TelegramError` for what is not there, `PaintingGone`.
        """
        if (name := painting_of(file_id)) is not None:
            return await self._read(name)
        for _ in range(DOWNLOAD_TRIES - 1):
            with suppress(NotServed):  # the path has expired: the next is asked for anew
                return await persist(lambda: self._download(file_id), DOWNLOAD_PATIENCE)
        return await persist(lambda: self._download(file_id), DOWNLOAD_PATIENCE)

    def titles_of(self, job: Job) -> str:
        """Return the titles of the job's styles, as far as they are paintings of the gallery."""
        return titles_of(job.styles, self._gallery, translator(job.language))

    @asynccontextmanager
    async def busy(self, job: Job) -> AsyncIterator[None]:
        """Show that a photo is being sent, as long as the block lasts."""
        saying = asyncio.create_task(self._say_busy(job))
        saying.add_done_callback(log_failure)
        try:
            yield
        finally:
            saying.cancel()

    async def name_of_requester(self, job: Job) -> str | None:
        """Return what the one who asked is called, in a group.

        None in a private chat, or where nobody knows.
        """
        if job.chat_id == job.user_id:
            return None
        try:
            member = await self._bot.get_chat_member(job.chat_id, job.user_id)
        except TelegramError:
            return None
        return member.user.full_name

    async def send_file(self, chat_id: int, thread_id: int, file: File | str) -> str:
        """Send a result as a file, new or by id; returns its id.

        Raises `ChatGone`, `NotAllowed` where the chat does not let files in, or a `TelegramError`.
        """
        with saying_why_not():
            message = await self._bot.send_document(
                chat_id,
                file.data if isinstance(file, File) else file,
                filename=file.name if isinstance(file, File) else None,
                message_thread_id=thread_id or None,
            )
        assert message.document is not None  # noqa: S101 (Telegram answers with what was sent)
        return message.document.file_id

    async def _read(self, name: str) -> bytes:
        try:
            return await asyncio.to_thread(self._gallery.read, name)
        except LookupError as error:
            raise PaintingGone(f"the gallery has no {name} any more") from error
        except OSError as error:
            raise PaintingGone(f"{name} cannot be read any more: {error.strerror}") from error

    async def _download(self, file_id: str) -> bytes:
        try:
            return await download(self._bot, file_id, DEFAULT_LIMITS.max_bytes)
        except TooLarge as error:
            raise PictureError(Reason.TOO_LARGE, "The file is larger than pictures may be.") from error

    async def _say_busy(self, job: Job) -> None:
        while True:
            with suppress(TelegramError):
                await self._bot.send_chat_action(
                    job.chat_id, ChatAction.UPLOAD_PHOTO, message_thread_id=job.thread_id or None
                )
            await asyncio.sleep(ACTION_INTERVAL)
