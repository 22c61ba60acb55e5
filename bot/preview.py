"""The two pictures of a request side by side, small, made from the thumbnails that Telegram made."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from telegram.error import TelegramError

from core.picture import Limits, Picture, PictureError, encode, open_picture, resize

if TYPE_CHECKING:
    from telegram import Bot

    from storage import Session

HEIGHT = 320  # pixels
WIDEST = 3 * HEIGHT  # of one picture: beyond, a panorama is cut at both ends
GAP = 8
PATIENCE = 5.0  # seconds; without the preview the question is as good

# Applications may make the thumbnails of files themselves, so even these are not taken on trust.
_LIMITS = Limits(max_bytes=500_000, max_pixels=1_000_000, min_side=1, max_aspect=1000.0)


async def preview(bot: "Bot", session: "Session") -> bytes | None:
    """A JPEG, or None where a thumbnail is missing or does not come."""
    if not (session.content_thumbnail_id and session.style_thumbnail_id):
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            content, style = await asyncio.gather(
                _download(bot, session.content_thumbnail_id), _download(bot, session.style_thumbnail_id)
            )
            return await asyncio.to_thread(side_by_side, content, style)
    except (TelegramError, TimeoutError, PictureError):
        return None


def side_by_side(content: bytes, style: bytes) -> bytes:
    """Both at the same height, the photo on the left."""
    left, right = (_at_height(open_picture(data, _LIMITS)) for data in (content, style))
    gap = np.full((HEIGHT, GAP, 3), 255, np.uint8)
    return encode(np.hstack([left, gap, right]), "jpeg")


def _at_height(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scaled = resize(picture, HEIGHT, max(1, round(width * HEIGHT / height)))
    excess = max(0, scaled.shape[1] - WIDEST)
    return scaled[:, excess // 2 : scaled.shape[1] - (excess - excess // 2)]


async def _download(bot: "Bot", file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray())
