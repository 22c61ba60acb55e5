"""The sheets on which people see the gallery, and what stands under them."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.gallery.collection import Gallery
from bot.gallery.painting import Painting, digest_of

if TYPE_CHECKING:
    from core.decoding.decoder import Decoder

COLUMNS = 3
_LONGEST_LINE = 80  # signs, so that a caption has room for twelve


async def draw(page: Sequence[Painting], gallery: Gallery, decoder: "Decoder") -> bytes:
    """Draw a page of the gallery, each painting with its number, as a JPEG.

    Raises OSError or PictureError where a file of the operator's has changed since the start, or
    DecoderUnavailable.
    """
    files = await asyncio.to_thread(lambda: [painting.bytes() for painting in page])
    labels = [str(gallery.number(painting)) for painting in page]
    return await decoder.sheet(files, labels, columns=COLUMNS)


def digest(page: Sequence[Painting], gallery: Gallery) -> str:
    """Return a few letters that stand for a page: a sheet once uploaded is as good as one drawn anew."""
    return digest_of(*(f"{gallery.number(painting)} {painting.digest}".encode() for painting in page))


def legend(page: Sequence[Painting], gallery: Gallery, language: str) -> str:
    """Say which number is which painting, and by whom, a line each; all of it fits under a picture."""
    lines = (f"{gallery.number(painting)}. {painting.label(language)}" for painting in page)
    return "\n".join(
        line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…" for line in lines
    )
