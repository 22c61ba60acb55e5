"""Have the gallery's sheets at hand: drawn ahead, uploaded once, and then known by their file ids."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from logging import getLogger
from typing import TYPE_CHECKING

from bot.gallery import sheets
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import PictureError
from storage import DatabaseError

if TYPE_CHECKING:
    from telegram import Message

    from bot.gallery.collection import Gallery
    from bot.gallery.painting import Painting
    from core.decoding.decoder import Decoder
    from storage import Sheets

log = getLogger(__name__)


class SheetPictures:
    """The gallery's sheets, as what Telegram takes: an id once it has a sheet, before that the picture."""

    def __init__(self, gallery: "Gallery", decoder: "Decoder", kept: "Sheets") -> None:
        self._gallery = gallery
        self._decoder = decoder
        self._kept = kept
        self._drawn: dict[str, asyncio.Task[bytes | None]] = {}  # by digest, until they are uploaded

    def close(self) -> None:
        """Draw no more, as the program ends."""
        for drawing in self._drawn.values():
            drawing.cancel()

    async def draw_ahead(self) -> None:
        """Draw the sheets that Telegram does not have, so that nobody has to wait for that."""
        with suppress(DatabaseError):  # they are drawn later, then
            for page in self._gallery.pages:
                digest = sheets.digest(page, self._gallery)
                if await self._kept.file_id(digest) is None:
                    await self._draw(digest, page)

    async def of(self, page: "Sequence[Painting]") -> AsyncIterator[str | bytes]:
        """Give the sheet's id, if it has one, and if that is refused the picture; nothing if there is none.

        To ask for the picture after the id is to say that the id was refused.
        """
        digest = sheets.digest(page, self._gallery)
        if file_id := await self._kept.file_id(digest):
            yield file_id
            await self._kept.forget(digest)
        if picture := await self._draw(digest, page):
            yield picture

    async def has(self, page: "Sequence[Painting]", message: "Message") -> None:
        """Note that Telegram has the sheet, as this message shows it."""
        digest = sheets.digest(page, self._gallery)
        if message.photo and await self._kept.file_id(digest) is None:
            await self._kept.put(digest, message.photo[-1].file_id)
        self._drawn.pop(digest, None)

    async def _draw(self, digest: str, page: "Sequence[Painting]") -> bytes | None:
        drawing = self._drawn.get(digest)
        if drawing is None or (drawing.done() and (drawing.cancelled() or drawing.result() is None)):
            drawing = self._drawn[digest] = asyncio.create_task(self._try_to_draw(page))
        return await asyncio.shield(drawing)

    async def _try_to_draw(self, page: "Sequence[Painting]") -> bytes | None:
        try:
            return await sheets.draw(page, self._gallery, self._decoder)
        except (OSError, PictureError, DecoderUnavailable) as error:
            reason = getattr(error, "strerror", None) or str(error)
            log.warning("sheet of the gallery not drawn", extra={"reason": reason})
            return None
