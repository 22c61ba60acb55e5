"""Show the pictures of a request beside each other, made from thumbnails."""

import asyncio
from collections.abc import Sequence
from logging import getLogger
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.gateway.downloads import NotServed, TooLarge, download
from core.decoding.decoder import Decoder, DecoderUnavailable
from core.decoding.refusal import PictureError
from storage import painting_of

if TYPE_CHECKING:
    from telegram import Bot

    from bot.gallery.collection import Gallery
    from bot.wording.translation import Translator
    from storage import Session

log = getLogger(__name__)

PATIENCE = 5.0  # seconds; without the preview the question is as good
THUMBNAIL_BYTES = 500_000  # Telegram's own have a twentieth of that, but some are an application's


async def thumbnails(bot: "Bot", session: "Session", gallery: "Gallery") -> list[bytes] | None:
    """Fetch a small picture of the photo and of each style.

    Returns None where one is missing or does not come in time.
    """
    file_ids = [picture.thumbnail_id for picture in session.pictures if picture.thumbnail_id]
    if len(file_ids) < len(session.pictures):
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.gather(*(_thumbnail(bot, file_id, gallery) for file_id in file_ids))
    except (TelegramError, TooLarge, NotServed, TimeoutError, OSError, LookupError):
        return None


async def preview(
    session: "Session", files: Sequence[bytes], decoder: Decoder, t: "Translator"
) -> bytes | None:
    """Make a JPEG of the photo and its styles, of which these are small pictures: of several, each numbered.

    Returns None where one cannot be opened, or it does not come in time.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            if len(files) == 2:
                try:
                    return await decoder.side_by_side(*files)
                except PictureError:  # a painting of the operator's may be larger than a thumbnail
                    if not any(picture.painting for picture in session.pictures):
                        raise
            labels = [t("Photo"), *(map(str, range(1, len(files))) if len(files) > 2 else [""])]
            return await decoder.sheet(files, labels, columns=2 if len(files) < 5 else 3)
    except (TimeoutError, PictureError):
        return None
    except DecoderUnavailable as error:
        log.error("no previews", extra={"reason": str(error)})
        return None


async def _thumbnail(bot: "Bot", file_id: str, gallery: "Gallery") -> bytes:
    """Fetch a small picture. Raises OSError or LookupError where it is a painting that is gone."""
    name = painting_of(file_id)
    if name is None:
        return await download(bot, file_id, THUMBNAIL_BYTES)
    return await asyncio.to_thread(gallery.read, name)
