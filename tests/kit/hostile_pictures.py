"""Pictures made to cost whoever opens them more than they cost to send."""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image

WIDTH, HEIGHT = 7000, 7100  # just within the limit of pixels


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, colour: int, packed: bytes, *extra: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """So many of them, packed a thousandfold."""
    packer, piece = zlib.compressobj(1), bytes(1 << 24)
    pieces = [packer.compress(piece[: min(len(piece), count - at)]) for at in range(0, count, len(piece))]
    return b"".join([*pieces, packer.flush()])


def saved(image: Image.Image, file_format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def large_png() -> bytes:
    """RGBA of 16 bits, nearly 400 MB of them."""
    return png(WIDTH, HEIGHT, 16, 6, zeros(HEIGHT * (1 + 8 * WIDTH)))


def png_with_a_large_text() -> bytes:
    return png(64, 64, 8, 2, zeros(64 * 193), chunk(b"zTXt", b"a\0\0" + zeros(1 << 30)))


def png_with_many_texts() -> bytes:
    """Each as large as Pillow lets one be, and too many together."""
    text = chunk(b"zTXt", b"a\0\0" + zeros(1 << 20))
    return png(64, 64, 8, 2, zeros(64 * 193), *[text] * 4000)


def png_with_a_large_profile() -> bytes:
    return png(64, 64, 8, 2, zeros(64 * 193), chunk(b"iCCP", b"a\0\0" + zeros(1 << 30)))


def png_with_too_much_data() -> bytes:
    return png(64, 64, 8, 2, zeros(1 << 30))


def large_webp() -> bytes:
    return saved(Image.new("RGB", (WIDTH, HEIGHT)), "WEBP", lossless=True, method=0)


def webp_animation() -> bytes:
    frames = [Image.new("RGBA", (4000, 4000), (shade, 0, 0, 255)) for shade in range(4)]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, method=0)


def gif_animation() -> bytes:
    frames = [Image.new("P", (6000, 6000), shade) for shade in range(3)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def large_cmyk_jpeg() -> bytes:
    return saved(Image.new("CMYK", (WIDTH, HEIGHT)), "JPEG", progressive=True)


@cache
def jpeg_with_many_scans(scans: int = 1000, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """The last of a progressive JPEG's passes over all its pixels, 75 bytes or less, again and again."""
    data = saved(Image.new("L", (width, height)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + scans * last + data[-2:]


def large_heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return saved(Image.new("RGB", (4000, 3000)), "HEIF", quality=10)


TOO_LARGE_TO_BE_CHEAP: list[Callable[[], bytes]] = [
    large_png,
    png_with_a_large_text,
    png_with_many_texts,
    png_with_a_large_profile,
    png_with_too_much_data,
    large_webp,
    webp_animation,
    gif_animation,
    large_cmyk_jpeg,
    large_heic,
]
