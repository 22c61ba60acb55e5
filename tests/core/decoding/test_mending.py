"""Damage that viewers overlook is overlooked here, and no grey band is ever taken for a part of a picture."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.decoding.picture import open_picture
from core.decoding.pixels import Picture
from core.decoding.refusal import PictureError, Reason

SAMPLE = Path(__file__).parents[3] / "bot" / "demo" / "samples" / "cat.jpg"

JPEGS: dict[str, dict[str, object]] = {
    "baseline": {},
    "with restarts": {"restart_marker_blocks": 4},
    "with restarts by the row": {"restart_marker_rows": 1},
    "progressive": {"progressive": True},
    "grey": {},
}


def saved(image: Image.Image, file_format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def jpeg(kind: str) -> bytes:
    image = Image.open(SAMPLE).resize((400, 300))
    return saved(image.convert("L") if kind == "grey" else image, "JPEG", **JPEGS[kind])


def refusal(data: bytes) -> Reason:
    with pytest.raises(PictureError) as refused:
        open_picture(data)
    return refused.value.reason


@pytest.mark.parametrize("kind", JPEGS)
@pytest.mark.parametrize(
    "end", [b"", b"\xff", bytes(1), bytes(5000), b"\n"], ids=["cut", "half", "a zero", "zeros", "a line"]
)
def test_a_jpeg_that_lacks_only_its_end_is_opened(kind: str, end: bytes) -> None:
    whole = jpeg(kind)
    assert np.array_equal(open_picture(whole[:-2] + end), open_picture(whole))


def test_what_follows_a_jpegs_end_does_not_matter() -> None:
    whole = jpeg("baseline")
    for more in (bytes(5000), b"\xff\xda and a film", whole, whole[:-2]):
        assert np.array_equal(open_picture(whole + more), open_picture(whole))


@pytest.mark.parametrize("kind", JPEGS)
@pytest.mark.parametrize("filled", [b"", bytes(70_000)], ids=["cut", "filled with zeros"])
def test_a_jpeg_of_which_a_part_is_missing_is_refused(kind: str, filled: bytes) -> None:
    whole = jpeg(kind)
    for kept in (0.3, 0.5, 0.7, 0.9, 0.97):
        assert refusal(whole[: int(len(whole) * kept)] + filled) is Reason.TRUNCATED


def test_a_jpeg_cut_at_a_restart_is_refused() -> None:
    whole = jpeg("with restarts by the row")
    for number in range(8):
        at = whole.rindex(bytes([0xFF, 0xD0 + number]), 0, len(whole) // 2)
        assert refusal(whole[:at]) is Reason.TRUNCATED
        assert refusal(whole[: at + 2]) is Reason.TRUNCATED


def chunk(kind: bytes, body: bytes, *, right: bool = True) -> bytes:
    checksum = zlib.crc32(kind + body) ^ (0 if right else 1)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def png_with(extra: bytes) -> bytes:
    data = saved(Image.fromarray(picture()), "PNG")
    return data[:33] + extra + data[33:]  # behind IHDR


def picture() -> Picture:
    return np.random.default_rng(3).integers(0, 256, (40, 50, 3), np.uint8)


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"tEXt", b"Comment\0hello", right=False),
        chunk(b"iTXt", b"Comment\0\0\0\0\0hello", right=False),
        chunk(b"tIME", b"1234567", right=False),
        chunk(b"iCCP", b"a\0\0" + zlib.compress(b"nonsense"), right=False),
        chunk(b"gAMA", struct.pack(">I", 10_000), right=False),
        chunk(b"tRNS", bytes(6), right=False),
        chunk(b"gAMA", b"\0\0"),
        chunk(b"cHRM", b"\0\0"),
        chunk(b"pHYs", b"\0\0"),
        chunk(b"sRGB", b""),
        chunk(b"eXIf", b"nonsense"),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000))),
        chunk(b"acTL", b"\0"),
    ],
    ids=lambda extra: extra[4:8].decode(),
)
def test_what_is_beside_a_pngs_pixels_may_be_damaged(extra: bytes) -> None:
    assert np.array_equal(open_picture(png_with(extra)), picture())


@pytest.mark.parametrize(
    "kept", [-12, -11, -4, -1], ids=["no end", "a bit of it", "no checksum", "nearly all"]
)
def test_a_png_may_lack_its_end(kept: int) -> None:
    data = saved(Image.fromarray(picture()), "PNG")
    assert np.array_equal(open_picture(data[:kept]), picture())


def test_a_png_whose_header_is_damaged_is_refused() -> None:
    data = bytearray(saved(Image.fromarray(picture()), "PNG"))
    data[29] ^= 1  # IHDR's checksum
    assert refusal(bytes(data)) is Reason.TRUNCATED


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_png_whose_pixels_are_cut_is_refused(kept: float) -> None:
    data = saved(Image.fromarray(picture()), "PNG")
    assert refusal(data[: int(kept * len(data))]) is Reason.TRUNCATED
