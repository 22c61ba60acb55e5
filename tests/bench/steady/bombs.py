"""Picture files that are small to send and dear to open: those of the tests, and more kinds."""

import struct
import zlib
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from PIL import Image

from tests.bench.steady.corpus import interlaced_png
from tests.kit import hostile_pictures as hostile
from tests.kit.hostile_pictures import chunk, png, saved, zeros

Maker: TypeAlias = Callable[[], bytes]

ROOM = 19_500_000  # bytes; files may have 20 MB


def bombs() -> dict[str, Maker]:
    """The makers of all of them, by name."""
    makers: list[Maker] = [
        *hostile.TOO_LARGE_TO_BE_CHEAP,
        hostile.jpeg_with_many_scans,
        jpeg_with_scans_of_noise,
        jpeg_with_many_tables,
        jpeg_with_many_profiles,
        jpeg_with_exif_in_a_circle,
        jpeg_of_comments,
        jpeg_of_restarts,
        jpeg_as_large_as_may_be,
        jpeg_of_the_largest_size,
        png_of_the_largest_size,
        png_of_empty_chunks,
        png_of_unknown_chunks,
        png_interlaced,
        png_with_many_packed_words,
        png_with_a_profile_of_tables,
        png_of_many_frames,
        png_as_tall_as_may_be,
        gif_of_many_frames,
        gif_frame_beyond_its_screen,
        gif_of_the_largest_size,
        gif_of_one_colour,
        webp_of_many_frames,
        webp_with_a_large_description,
        tiff_of_the_largest_size,
        tiff_packed,
        tiff_of_directories,
        tiff_with_a_tag_of_billions,
        bmp_of_the_largest_size,
        bmp_in_runs,
        heic_of_boxes_in_boxes,
        heic_of_the_largest_size,
        avif_as_large_as_may_be,
        nothing_but_zeros,
    ]
    return {getattr(maker, "__name__", "").replace("_", " "): maker for maker in makers}


def _noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    shape = (height, width, 3) if mode == "RGB" else (height, width)
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, np.uint8))


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _filled(piece: bytes) -> bytes:
    return piece * (ROOM // len(piece))


def jpeg_with_scans_of_noise() -> bytes:
    """Each scan full of bits, so that no fast path spares the work."""
    data = saved(_noise(1600, 1200, "L"), "JPEG", progressive=True, quality=30)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * max(1, (ROOM - len(data)) // len(last)) + data[-2:]


def jpeg_with_many_tables() -> bytes:
    data = saved(Image.new("RGB", (64, 64)), "JPEG")
    start = data.index(b"\xff\xc4")
    table = data[start : start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")]
    return data[:start] + table * (ROOM // len(table)) + data[start:]


def jpeg_with_many_profiles() -> bytes:
    """A colour profile in 255 parts, 17 MB of it."""
    data = saved(Image.new("RGB", (64, 64)), "JPEG")
    parts = b"".join(
        _segment(0xE2, b"ICC_PROFILE\0" + bytes([number, 255]) + bytes(65_000)) for number in range(1, 256)
    )
    return data[:2] + parts + data[2:]


def jpeg_with_exif_in_a_circle() -> bytes:
    """A directory that says it goes on at its own beginning, and has itself for its parts."""
    entries = [(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0xA005, 4, 1, 8), (0x0112, 3, 1, 6 << 16)]
    directory = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", *entry) for entry in entries)
    exif = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory + struct.pack(">I", 8)
    data = saved(Image.new("RGB", (64, 64)), "JPEG")
    return data[:2] + _segment(0xE1, exif) + data[2:]


def jpeg_of_comments() -> bytes:
    data = saved(Image.new("RGB", (64, 64)), "JPEG")
    return data[:2] + _filled(_segment(0xFE, b"")) + data[2:]


def jpeg_of_restarts() -> bytes:
    return saved(Image.new("RGB", (7000, 7000)), "JPEG", restart_marker_blocks=1)


def jpeg_as_large_as_may_be() -> bytes:
    return saved(_noise(7000, 7000, "L"), "JPEG", progressive=True, quality=20)


def jpeg_of_the_largest_size() -> bytes:
    data = bytearray(saved(Image.new("RGB", (64, 64)), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def png_of_the_largest_size() -> bytes:
    return png(2**31 - 1, 2**31 - 1, 16, 6, zeros(1 << 20))


def png_of_empty_chunks() -> bytes:
    whole = png(64, 64, 8, 2, zeros(64 * 193))
    at = whole.index(b"IDAT") - 4
    return whole[:at] + _filled(chunk(b"IDAT", b"")) + whole[at:]


def png_of_unknown_chunks() -> bytes:
    return png(64, 64, 8, 2, zeros(64 * 193), _filled(chunk(b"abCd", b"")))


def png_interlaced() -> bytes:
    return interlaced_png(np.zeros((7000, 7000, 3), np.uint8))


def png_with_many_packed_words() -> bytes:
    """The international kind of text, packed a thousandfold."""
    words = chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(1 << 20))
    return png(64, 64, 8, 2, zeros(64 * 193), *[words] * 4000)


def png_with_a_profile_of_tables() -> bytes:
    """A profile that says its table of colours has 255 steps in each of 15 channels."""
    table = (
        b"mft2\0\0\0\0" + bytes((15, 3, 255, 0)) + bytes(36) + struct.pack(">HH", 4096, 4096) + bytes(1 << 20)
    )
    tags = struct.pack(">I", 1) + struct.pack(">4sII", b"A2B0", 144, len(table))
    head = bytearray(128)
    head[8:12], head[12:16], head[16:20], head[20:24], head[36:40] = (
        b"\2\x10\0\0",
        b"mntr",
        b"RGB ",
        b"XYZ ",
        b"acsp",
    )
    body = bytes(head) + tags + table
    profile = struct.pack(">I", len(body)) + body[4:]
    return png(64, 64, 8, 2, zeros(64 * 193), chunk(b"iCCP", b"a\0\0" + zlib.compress(profile)))


def png_of_many_frames() -> bytes:
    control = chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 100, 0, 0))
    return png(64, 64, 8, 2, zeros(64 * 193), control, _filled(frame))


def png_as_tall_as_may_be() -> bytes:
    return png(2500, 20_000, 16, 6, zeros(20_000 * (1 + 8 * 2500)))


def _gif(width: int, height: int, *frames: bytes) -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + b"".join(frames) + b";"


def _gif_frame(width: int, height: int, packed: bytes = b"\2\2\x4c\1\0") -> bytes:
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + packed


def gif_of_many_frames() -> bytes:
    return _gif(64, 64, _filled(_gif_frame(1, 1)))


def gif_frame_beyond_its_screen() -> bytes:
    return _gif(64, 64, _gif_frame(65_535, 65_535))


def gif_of_the_largest_size() -> bytes:
    return _gif(65_535, 65_535, _gif_frame(65_535, 65_535))


def gif_of_one_colour() -> bytes:
    return saved(Image.new("P", (7000, 7000)), "GIF")


def webp_of_many_frames() -> bytes:
    frames = [Image.new("RGB", (64, 64), (shade % 256, shade // 256, 0)) for shade in range(3000)]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], method=0)


def webp_with_a_large_description() -> bytes:
    return saved(Image.new("RGB", (64, 64)), "WEBP", xmp=bytes(ROOM - 1000))


def _tiff(entries: list[tuple[int, int, int, int]], following: int = 0, tail: bytes = b"") -> bytes:
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", following) + tail


def _tiff_entries(
    width: int, height: int, *more: tuple[int, int, int, int]
) -> list[tuple[int, int, int, int]]:
    usual = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    return sorted([*usual, (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 100), *more])


def tiff_of_the_largest_size() -> bytes:
    return _tiff(_tiff_entries(2**32 - 1, 2**32 - 1))


def tiff_packed() -> bytes:
    return saved(Image.new("RGB", (7000, 7000)), "TIFF", compression="tiff_deflate")


def tiff_of_directories() -> bytes:
    """Each goes on at the next, a million of them, and the last at the first."""
    entries = _tiff_entries(64, 64)
    size = 2 + 12 * len(entries) + 4
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    count = ROOM // size
    out = bytearray(b"II*\0" + struct.pack("<I", 8))
    for number in range(1, count + 1):
        out += body + struct.pack("<I", 8 + size * (number % count))
    return bytes(out)


def tiff_with_a_tag_of_billions() -> bytes:
    return _tiff(_tiff_entries(64, 64, (34675, 7, 2**32 - 1, 8), (700, 1, 2**32 - 1, 8)))


def bmp_of_the_largest_size() -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head


def bmp_in_runs() -> bytes:
    """Eight bits, packed as runs of 255, of which the file has none."""
    head = struct.pack("<IiiHHIIiiII", 40, 7000, 7000, 1, 8, 1, 0, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 1078, 0, 0, 1078) + head + bytes(1024) + b"\xff\0" * 200_000 + b"\0\1"


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def heic_of_boxes_in_boxes() -> bytes:
    inner = b""
    for _ in range(20_000):
        inner = struct.pack(">I4s", len(inner) + 12, b"meta") + bytes(4) + inner
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + inner


def heic_of_the_largest_size() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    data = saved(Image.new("RGB", (64, 64)), "HEIF")
    return _with_size(data, 2**31 - 1)


def avif_as_large_as_may_be() -> bytes:
    return saved(Image.new("RGB", (7000, 7000)), "AVIF", speed=10)


def _with_size(data: bytes, side: int) -> bytes:
    """The file says that it is so many pixels wide and high."""
    out, at = bytearray(data), data.index(b"ispe") + 8
    out[at : at + 8] = struct.pack(">II", side, side)
    return bytes(out)


def nothing_but_zeros() -> bytes:
    return bytes(ROOM)
