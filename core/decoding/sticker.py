"""Make a sticker of a picture."""

from io import BytesIO

from PIL import Image

from core.decoding.badge import rounded
from core.decoding.picture import fit
from core.decoding.pixels import Picture

STICKER = 512  # pixels of the longer side: Telegram's rule for a sticker that does not move
MOST_BYTES = 512_000  # Telegram's rule, too
_CORNER = 1 / 11  # of the longer side; the radius
_ROUNDEST = 1 / 4  # of the shorter side; that of a strip
_QUALITIES = (95, 90, 80, 65, 45, 20, 1)  # of WebP, the best first; even noise is small enough at the last


def sticker(picture: Picture) -> bytes:
    """Write a picture as a WebP of a sticker's size, with round corners that are transparent outside.

    As good as fits in what a sticker may weigh.
    """
    image = Image.fromarray(fit(picture, STICKER))
    image.putalpha(rounded(image.size, min(STICKER * _CORNER, min(image.size) * _ROUNDEST)))
    for quality in _QUALITIES:
        out = BytesIO()
        image.save(out, "webp", quality=quality)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()
