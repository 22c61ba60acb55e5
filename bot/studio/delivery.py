"""Move pictures between jobs and Telegram: a job's pictures in, its progress, result and file out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.gateway.retries import is_gone, persist
from bot.settings import Settings
from bot.studio.job_message import ChatGone, File, JobMessage
from bot.studio.progress_updates import EditPace, ProgressMessage
from core.decoding.refusal import DEFAULT_LIMITS, PictureError, Reason
from storage import Chats, Database, Job, Jobs

ACTION_INTERVAL = 4.5  # seconds; Telegram shows "sending a photo…" for five
DOWNLOAD_PATIENCE = 600.0  # seconds
DOWNLOAD_TRIES = 3  # of a file that the server does not find


class Delivery:
    """Carry pictures between jobs and Telegram, within its limits and through its bad moments."""

    def __init__(self, bot: Bot, database: Database, settings: Settings) -> None:
        self._bot = bot
        self._jobs = Jobs(database)
        self._chats = Chats(database)
        self._pace = EditPace(settings.edit_interval_private, settings.edit_interval_group)

    def message_of(self, job: Job, on_gone: Callable[[], None]) -> ProgressMessage:
        """Return the job's message, whether it was sent already or not.

        `on_gone` is called when the chat is gone.
        """
        return ProgressMessage(JobMessage(self._bot, job, self._jobs, self._chats), self._pace, on_gone)

    async def download(self, file_id: str) -> bytes:
        """Download a picture.

        Raises `PictureError` for what bots may not download, `TelegramError` for what is not there.
        """
        for _ in range(DOWNLOAD_TRIES - 1):
            with suppress(InvalidToken):  # how python-telegram-bot calls a 404: the path has expired
                return await persist(lambda: self._download(file_id), DOWNLOAD_PATIENCE)
        return await persist(lambda: self._download(file_id), DOWNLOAD_PATIENCE)

    @asynccontextmanager
    async def busy(self, job: Job) -> AsyncIterator[None]:
        """Show that a photo is being sent, as long as the block lasts."""
        saying = asyncio.create_task(self._say_busy(job))
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
        """Send a result as a file, new or by id; returns its id. Raises `ChatGone` or a `TelegramError`."""
        try:
            message = await self._bot.send_document(
                chat_id,
                file.data if isinstance(file, File) else file,
                filename=file.name if isinstance(file, File) else None,
                message_thread_id=thread_id or None,
            )
        except TelegramError as error:
            if is_gone(error):
                raise ChatGone from error
            raise
        assert message.document is not None  # noqa: S101 (Telegram answers with what was sent)
        return message.document.file_id

    async def _download(self, file_id: str) -> bytes:
        try:
            file = await self._bot.get_file(file_id)
        except BadRequest as error:
            if "file is too big" in error.message.lower():
                raise PictureError(Reason.TOO_LARGE, "The file is too large for bots to download.") from error
            raise
        if (file.file_size or 0) > DEFAULT_LIMITS.max_bytes:
            raise PictureError(Reason.TOO_LARGE, "The file is larger than pictures may be.")
        return bytes(await file.download_as_bytearray())

    async def _say_busy(self, job: Job) -> None:
        while True:
            with suppress(TelegramError):
                await self._bot.send_chat_action(
                    job.chat_id, ChatAction.UPLOAD_PHOTO, message_thread_id=job.thread_id or None
                )
            await asyncio.sleep(ACTION_INTERVAL)
