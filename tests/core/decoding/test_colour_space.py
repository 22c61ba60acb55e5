"""What a PNG says of its colours without a profile is honoured as the standard ranks it."""

import struct
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.decoding.picture import open_picture
from tests.kit.hostile_pictures import chunk, png

D65 = (0.3127, 0.329)
SRGB = (*D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
RED_IS_GREEN = (*D65, 0.3, 0.6, 0.64, 0.33, 0.15, 0.06)


def gamma(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 1e5)))


def primaries(points: tuple[float, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 1e5) for value in points)))


def code_points(colours: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([colours, transfer, 0, 1]))


def profile() -> bytes:
    import zlib

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(srgb))


def shown(value: tuple[int, int, int], *extra: bytes) -> list[int]:
    """What becomes of a colour in a PNG with these chunks."""
    import zlib

    rows = (b"\0" + bytes(value) * 16) * 16
    pixel = open_picture(png(16, 16, 8, 2, zlib.compress(rows), *extra))[8, 8]
    return [int(channel) for channel in pixel]


def srgb_of(light: float) -> int:
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("exponent", [1.0, 1 / 1.8, 0.35])
def test_gamma_is_honoured(exponent: float) -> None:
    for value in (0, 30, 128, 200, 255):
        expected = srgb_of((value / 255) ** (1 / exponent))
        assert shown((value,) * 3, gamma(exponent)) == pytest.approx([expected] * 3, abs=2)


def test_gamma_is_honoured_in_grey() -> None:
    import zlib

    rows = (b"\0" + bytes([128]) * 16) * 16
    opened = open_picture(png(16, 16, 8, 0, zlib.compress(rows), gamma(1.0)))
    assert opened[0, 0] == pytest.approx([srgb_of(128 / 255)] * 3, abs=2)


UNTOUCHED: Mapping[str, tuple[bytes, ...]] = {
    "nothing said": (),
    "the usual gamma": (gamma(0.45455),),
    "sRGB in other words": (gamma(0.45455), primaries(SRGB)),
    "sRGB": (chunk(b"sRGB", b"\0"), gamma(1.0), primaries(RED_IS_GREEN)),
    "a profile": (profile(), gamma(1.0), primaries(RED_IS_GREEN)),
    "sRGB by its numbers": (code_points(1, 13), gamma(1.0), profile()),
    "no gamma at all": (gamma(0.0),),
    "an absurd gamma": (gamma(400.0),),
    "points that span no colours": (primaries((0.0,) * 8),),
    "points beyond all colours": (primaries((42_000.0,) * 8),),
    "numbers that nobody knows": (code_points(200, 200),),
}


@pytest.mark.parametrize("extra", UNTOUCHED.values(), ids=UNTOUCHED)
def test_what_is_srgb_or_makes_no_sense_stays_as_it_is(extra: tuple[bytes, ...]) -> None:
    for value in ((128, 60, 200), (255, 255, 255), (0, 0, 0)):
        assert shown(value, *extra) == pytest.approx(value, abs=1)


def test_primaries_are_honoured() -> None:
    assert shown((255, 0, 0), primaries(RED_IS_GREEN)) == pytest.approx([0, 255, 0], abs=3)
    assert shown((255, 255, 255), primaries(RED_IS_GREEN)) == pytest.approx([255] * 3, abs=1)


def test_a_warmer_white_is_white() -> None:
    d50 = (0.3457, 0.3585, *SRGB[2:])
    assert shown((255, 255, 255), primaries(d50)) == pytest.approx([255] * 3, abs=2)
    assert shown((128, 128, 128), primaries(d50)) == pytest.approx([128] * 3, abs=2)


def test_code_points_are_honoured_before_all_else() -> None:
    p3 = shown((200, 100, 100), code_points(12, 13), chunk(b"sRGB", b"\0"))
    assert p3 == pytest.approx([214, 93, 97], abs=3)  # as Little CMS has it with Apple's profile


@pytest.mark.parametrize(("transfer", "white"), [(16, 148), (18, 191)], ids=["PQ", "HLG"])
def test_a_white_sheet_in_a_picture_of_high_range_is_white(transfer: int, white: int) -> None:
    assert shown((white,) * 3, code_points(9, transfer)) == pytest.approx([255] * 3, abs=4)
    assert shown((0, 0, 0), code_points(9, transfer)) == [0, 0, 0]
    dark, light = (shown((share * white // 4,) * 3, code_points(9, transfer)) for share in (2, 3))
    assert dark[0] < light[0] < 250


def test_transparency_and_colours_go_together() -> None:
    image = Image.new("RGBA", (32, 32), (128, 128, 128, 255))
    image.paste((0, 0, 0, 0), (0, 0, 16, 32))
    from io import BytesIO

    out = BytesIO()
    image.save(out, "PNG")
    data = out.getvalue()
    opened = open_picture(data[:33] + gamma(1.0) + data[33:])
    assert np.all(opened[:, :16] == 255)
    assert opened[5, 20] == pytest.approx([srgb_of(128 / 255)] * 3, abs=2)
