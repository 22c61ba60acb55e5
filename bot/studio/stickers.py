"""Make stickers of results, and send each as often as it is asked for."""

from telegram import Bot, InputFile, Message, ReplyParameters
from telegram.error import BadRequest, TelegramError

from bot.gateway.downloads import NotServed, TooLarge, download
from bot.gateway.retries import is_passing
from bot.studio.delivery import saying_why_not
from bot.studio.result_files import ResultFiles
from core.decoding.decoder import Decoder
from core.decoding.refusal import DEFAULT_LIMITS
from storage import Job

EMOJI = "🎨"  # what Telegram says a sticker stands for
MOST_KNOWN = 10_000  # stickers that need not be made again; the one made first goes first


class PictureGone(Exception):
    """The result is neither on disk nor at Telegram any more."""


class Stickers:
    """Send results as stickers.

    Which sticker Telegram has of which result is kept in memory: after a restart it is made again.

    Args:
        bot: sends them.
        files: the results in full size, as long as they are kept.
        decoder: makes them.
    """

    def __init__(self, bot: Bot, files: ResultFiles, decoder: Decoder) -> None:
        self._bot = bot
        self._files = files
        self._decoder = decoder
        self._known: dict[int, str] = {}  # file ids, by job

    async def send(self, job: Job, chat_id: int, thread_id: int = 0, reply_to: int | None = None) -> None:
        """Send the result of a job as a sticker, in reply to this message if that is still there.

        Raises `PictureGone`, `ChatGone`, `NotAllowed` where the chat lets no stickers in, `PictureError` or
        `DecoderUnavailable` where it cannot be made, or a `TelegramError`.
        """
        if known := self._known.get(job.id):
            try:
                await self._send(known, chat_id, thread_id, reply_to)
            except BadRequest:  # Telegram knows it no longer
                self._known.pop(job.id, None)
            else:
                return
        webp = await self._decoder.sticker(await self._picture(job))
        file = InputFile(webp, filename=f"stylegram-{job.id}.webp")
        sent = await self._send(file, chat_id, thread_id, reply_to)
        if sent.sticker:
            self._known[job.id] = sent.sticker.file_id
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    async def _send(
        self, sticker: InputFile | str, chat_id: int, thread_id: int, reply_to: int | None
    ) -> Message:
        with saying_why_not():
            return await self._bot.send_sticker(
                chat_id,
                sticker,
                emoji=EMOJI if isinstance(sticker, InputFile) else None,
                message_thread_id=thread_id or None,
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True)
                if reply_to
                else None,
            )

    async def _picture(self, job: Job) -> bytes:
        try:
            if png := await self._files.get(job.id):
                return png
        except OSError:  # Telegram's is as good
            pass
        if not job.result_photo_file_id:  # Telegram never said under which id it has it
            raise PictureGone
        try:
            return await download(self._bot, job.result_photo_file_id, DEFAULT_LIMITS.max_bytes)
        except (TooLarge, NotServed) as error:
            raise PictureGone from error
        except TelegramError as error:
            if is_passing(error):
                raise
            raise PictureGone from error
