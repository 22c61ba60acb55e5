"""Pictures of all the kinds that people send, small and in order, to be damaged."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from tests.kit.hostile_pictures import chunk

SAMPLES = Path(__file__).parents[3] / "bot" / "demo" / "samples"
SIDE = 160  # px
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def corpus() -> dict[str, bytes]:
    """Every file by the name of its kind; those that this machine's Pillow cannot write are left out."""
    return dict(_files())


def _files() -> Iterator[tuple[str, bytes]]:
    photo = Image.open(SAMPLES / "cat.jpg").convert("RGB")
    photo.thumbnail((SIDE, SIDE))
    other = photo.transpose(Image.Transpose.ROTATE_180)
    clear = photo.copy()
    clear.putalpha(photo.convert("L"))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a cat"

    yield "jpeg", _saved(photo, "JPEG")
    yield "jpeg progressive", _saved(photo, "JPEG", progressive=True, exif=exif, icc_profile=profile)
    yield "jpeg 4:4:4, restarts", _saved(photo, "JPEG", subsampling=0, restart_marker_blocks=5)
    yield "jpeg CMYK", _saved(photo.convert("CMYK"), "JPEG")
    yield "jpeg grey", _saved(photo.convert("L"), "JPEG", comment=b"a comment")
    yield "png", _saved(photo, "PNG", icc_profile=profile, exif=exif)
    yield "png alpha", _saved(clear, "PNG")
    palette = photo.quantize(64)
    yield "png palette", _saved(palette, "PNG", transparency=3)
    yield "png 1 bit", _saved(photo.convert("1"), "PNG")
    yield (
        "png 16 bits",
        _saved(Image.fromarray(np.asarray(photo.convert("L")).astype(np.uint16) * 257), "PNG"),
    )
    yield "png interlaced", interlaced_png(np.asarray(photo))
    yield "png animated", _saved(photo, "PNG", save_all=True, append_images=[other])
    yield "gif", _saved(palette, "GIF")
    yield "gif animated", _saved(palette, "GIF", save_all=True, append_images=[other.quantize(32)], loop=0)
    yield "webp", _saved(photo, "WEBP", icc_profile=profile, exif=exif)
    yield "webp lossless, alpha", _saved(clear, "WEBP", lossless=True)
    yield "webp animated", _saved(photo, "WEBP", save_all=True, append_images=[other])
    for compression in ("raw", "tiff_lzw", "tiff_deflate", "jpeg"):
        with suppress(OSError):
            yield f"tiff {compression}", _saved(photo, "TIFF", compression=compression)
    yield "bmp", _saved(photo, "BMP")
    yield "bmp palette", _saved(palette, "BMP")
    with suppress(OSError, KeyError):
        yield "avif", _saved(photo, "AVIF")
        yield (
            "avif alpha, animated",
            _saved(clear, "AVIF", save_all=True, append_images=[other.convert("RGBA")]),
        )
    with suppress(ImportError, OSError, KeyError):
        import pillow_heif

        pillow_heif.register_heif_opener()
        yield "heic", _saved(photo, "HEIF", exif=exif)


def _saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def interlaced_png(pixels: "np.ndarray[Any, np.dtype[np.uint8]]") -> bytes:
    """RGB in seven passes, which Pillow reads and does not write."""
    height, width = pixels.shape[:2]
    rows = bytearray()
    for left, top, across, down in ADAM7:
        for row in pixels[top::down, left::across]:
            rows += b"\0" + row.tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(rows)))
        + chunk(b"IEND", b"")
    )
