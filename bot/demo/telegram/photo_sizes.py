"""Make the sizes Telegram makes of a photo, and thumbnails. Slow, so run in a thread."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from bot.demo.telegram.errors import bad_request

SIDES = (90, 320, 800, 1280)  # the longest side of each size of a photo
THUMBNAIL_SIDE = 320
MAX_SUM_OF_SIDES = 10_000
MAX_RATIO_OF_SIDES = 20
QUALITY = 87
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")  # all else Pillow knows is nobody's photo
_DAMAGED = (OSError, SyntaxError, ValueError)  # what Pillow raises past a sound header


@dataclass(frozen=True)
class Rendition:
    """A picture in one size, as JPEG."""

    data: bytes
    width: int
    height: int


def photo_sizes(data: bytes) -> list[Rendition]:
    """What a photo becomes, smallest first: every standard size below its own, then its own, up to 1280."""
    picture = _opened(data)
    if picture is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = picture.size
    if width + height > MAX_SUM_OF_SIDES or max(width, height) > MAX_RATIO_OF_SIDES * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    longest = max(width, height)
    sides = [side for side in SIDES if side < longest]
    if longest <= SIDES[-1]:
        sides.append(longest)
    try:
        upright = _upright(picture)
    except _DAMAGED as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    return [_scaled(upright, side) for side in sides]


def thumbnail(data: bytes) -> Rendition | None:
    """A small preview, or None where this is no picture."""
    picture = _opened(data)
    if picture is None or sum(picture.size) > MAX_SUM_OF_SIDES:
        return None
    try:
        return _scaled(_upright(picture), THUMBNAIL_SIDE)
    except _DAMAGED:
        return None


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height as stored, or None where this is no picture."""
    picture = _opened(data)
    return picture.size if picture else None


def _opened(data: bytes) -> Image.Image | None:
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except (OSError, Image.DecompressionBombError):
        return None


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its EXIF says, and on white where it is transparent."""
    upright = ImageOps.exif_transpose(picture)
    if "A" not in upright.getbands() and "transparency" not in upright.info:
        return upright.convert("RGB")
    clear = upright.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")


def _scaled(picture: Image.Image, side: int) -> Rendition:
    factor = min(side / max(picture.size), 1)
    width, height = (max(round(length * factor), 1) for length in picture.size)
    jpeg = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).save(jpeg, "JPEG", quality=QUALITY)
    return Rendition(jpeg.getvalue(), width, height)
