"""Show the two pictures of a request side by side, made from Telegram's thumbnails."""

import asyncio
from logging import getLogger
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from core.decoding.decoder import Decoder, DecoderUnavailable
from core.decoding.refusal import PictureError

if TYPE_CHECKING:
    from telegram import Bot

    from storage import Session

log = getLogger(__name__)

PATIENCE = 5.0  # seconds; without the preview the question is as good


async def preview(bot: "Bot", session: "Session", decoder: Decoder) -> bytes | None:
    """Make a JPEG of the two pictures. Returns None where a thumbnail is missing or does not come in time."""
    pictures = (session.content, session.style)
    thumbnails = [picture.thumbnail_id for picture in pictures if picture and picture.thumbnail_id]
    if len(thumbnails) < len(pictures):
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            content, style = await asyncio.gather(*(_download(bot, file_id) for file_id in thumbnails))
            return await asyncio.to_thread(decoder.side_by_side, content, style)
    except (TelegramError, TimeoutError, PictureError):
        return None
    except DecoderUnavailable as error:
        log.error("no previews", extra={"reason": str(error)})
        return None


async def _download(bot: "Bot", file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray())
