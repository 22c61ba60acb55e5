"""Tell by a file's first bytes what it is, and who decodes it."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import TypeAlias

from PIL.AvifImagePlugin import SUPPORTED as AVIF_IS_READ
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from core.decoding.mending import PNG
from core.decoding.refusal import PictureError, Reason

FileFormat: TypeAlias = Callable[[BytesIO], ImageFile]

_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"}
_AVIF = {b"avif", b"avis"}
_EITHER = {b"mif1", b"msf1", b"miaf"}  # the container's own, of which the others are kinds
_OTHER_PICTURES = (b"<svg", b"<?xml", b"8BPS", b"\0\0\1\0", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ")


def recognise(data: bytes) -> FileFormat:
    """Return the Pillow plugin for what the first bytes say, whatever name the file came under.

    Plugins are called directly, not through `Image.open`: that would first apply the process-wide
    `Image.MAX_IMAGE_PIXELS`, which is not ours to change and warns on stderr.

    Raises PictureError for what is not read.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if data.startswith(PNG):
        return PngImageFile
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GifImageFile
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WebPImageFile
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return BmpImageFile
    if data.startswith((b"II*\0", b"MM\0*")):
        return TiffImageFile
    if data[4:8] == b"ftyp" and (codec := _codec(data)):
        return codec()
    if data.lstrip().startswith(_OTHER_PICTURES):
        message = "Only JPEG, PNG, WebP, GIF, HEIC, AVIF, BMP and TIFF pictures are supported."
        raise PictureError(Reason.UNSUPPORTED, message)
    raise PictureError(Reason.NOT_A_PICTURE, "The file is not a picture.")


def _codec(data: bytes) -> Callable[[], FileFormat] | None:
    """HEIC's or AVIF's, which share a container: its first brand says which, or else the others do."""
    (length,) = struct.unpack_from(">I", data)
    brands = [data[at : at + 4] for at in (8, *range(16, min(length, len(data), 200), 4))]
    for brand in brands:
        if brand in _AVIF:
            return _avif
        if brand in _HEIC:
            return _heic
        if brand not in _EITHER and brand == brands[0]:
            return None
    return _heic if brands[0] in _EITHER else None


def _avif() -> FileFormat:
    if not AVIF_IS_READ:
        message = "AVIF pictures are read only where Pillow was built with them."
        raise PictureError(Reason.UNSUPPORTED, message)
    return AvifImageFile


def _heic() -> FileFormat:
    try:
        from pillow_heif import HeifImageFile
    except ImportError:
        message = "HEIC pictures are read only where pillow-heif is installed."
        raise PictureError(Reason.UNSUPPORTED, message) from None
    plugin: FileFormat = HeifImageFile
    return plugin
