"""Every kind of picture that is taken, every one that is refused, and what comes out again."""

import random
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from core.decoding.picture import (
    Format,
    PictureError,
    PictureLimits,
    Reason,
    encode,
    fit,
    format_of,
    open_picture,
    resize,
)
from core.decoding.pixels import Picture

HEIGHT, WIDTH = 48, 64


def corners() -> Picture:
    """Unlike itself in every rotation and reflection: white, with three corners coloured."""
    picture = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    picture[:16, :16] = 200, 0, 0
    picture[:16, -16:] = 0, 160, 0
    picture[-16:, :16] = 0, 0, 220
    return picture


def photo() -> Picture:
    """Smooth colours under a little grain, as photographs have."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    smooth = np.stack([4 * x, 5 * y, 255 - 2 * (x + y)], axis=-1)
    return np.clip(smooth + np.random.default_rng(7).integers(-4, 5, smooth.shape), 0, 255).astype(np.uint8)


def saved(image: Image.Image, file_format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, colour: int, rows: bytes = b"", *extra: bytes) -> bytes:
    """A PNG put together by hand, for what Pillow does not write."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + data + chunk(b"IEND", b"")


def gif_claiming(width: int, height: int) -> bytes:
    frame = struct.pack("<4HB", 0, 0, width, height, 0)
    return (
        b"GIF89a" + struct.pack("<2H3B", width, height, 0x80, 0, 0) + bytes(6) + b"," + frame + b"\2\2D\1\0;"
    )


def webp_claiming(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    lossless = b"VP8L" + struct.pack("<IBI", 10, 0x2F, bits) + bytes(5)
    return b"RIFF" + struct.pack("<I", 4 + len(lossless)) + b"WEBP" + lossless


def jpeg_claiming(width: int, height: int) -> bytes:
    data = bytearray(saved(Image.new("RGB", (64, 64)), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">2H", height, width)
    return bytes(data)


def swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged: converted, red and green change places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def refusal(data: bytes, limits: PictureLimits | None = None) -> Reason:
    with pytest.raises(PictureError) as refused:
        open_picture(data, limits or PictureLimits())
    message = str(refused.value)
    assert message.endswith(".")
    assert "\n" not in message
    return refused.value.reason


def assert_close(picture: Picture, expected: Picture, tolerance: float) -> None:
    assert picture.dtype == np.uint8
    assert picture.shape == expected.shape
    assert np.abs(picture.astype(int) - expected).mean() <= tolerance


# What is taken


@pytest.mark.parametrize(
    ("mode", "file_format", "options"),
    [
        ("RGB", "JPEG", {"quality": 95, "subsampling": 0}),
        ("RGB", "JPEG", {"quality": 95, "subsampling": 0, "progressive": True}),
        ("CMYK", "JPEG", {"quality": 95}),
        ("RGB", "PNG", {}),
        ("RGBA", "PNG", {}),
        ("P", "PNG", {}),
        ("P", "GIF", {}),
        ("RGB", "WEBP", {"lossless": True}),
        ("RGBA", "WEBP", {"lossless": True}),
        ("RGB", "HEIF", {"quality": 95, "chroma": 444}),
        ("RGB", "AVIF", {"quality": 95, "subsampling": "4:4:4"}),
        ("RGB", "BMP", {}),
        ("P", "BMP", {}),
        ("RGB", "TIFF", {}),
        ("RGB", "TIFF", {"compression": "tiff_lzw"}),
        ("RGBA", "TIFF", {"compression": "tiff_adobe_deflate"}),
        ("CMYK", "TIFF", {}),
    ],
)
def test_colour_pictures_keep_their_colours(mode: str, file_format: str, options: dict[str, object]) -> None:
    if file_format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    data = saved(Image.fromarray(corners()).convert(mode), file_format, **options)
    assert_close(open_picture(data), corners(), tolerance=2)


@pytest.mark.parametrize(
    ("mode", "file_format"), [("L", "JPEG"), ("L", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("1", "BMP")]
)
def test_grey_pictures_become_rgb(mode: str, file_format: str) -> None:
    grey = np.zeros((HEIGHT, WIDTH), np.uint8)
    grey[:, 32:] = 255
    data = saved(Image.fromarray(grey).convert(mode), file_format)
    assert_close(open_picture(data), np.stack([grey] * 3, axis=-1), tolerance=1)


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 256).astype(">u2")
    grey = png(256, 16, 16, 0, (b"\0" + ramp.tobytes()) * 16)
    colour = png(256, 16, 16, 2, (b"\0" + np.repeat(ramp, 3).tobytes()) * 16)
    expected = np.broadcast_to(np.arange(256)[:, None], (16, 256, 3)).astype(np.uint8)
    tiff = saved(Image.fromarray(np.tile(ramp.astype(np.uint16), (16, 1))), "TIFF")
    for data in (grey, colour, tiff):
        assert np.array_equal(open_picture(data), expected)


def test_transparency_shows_white() -> None:
    colour = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    colour.paste((0, 0, 0, 128), (16, 0, 32, 32))
    half = np.full((32, 32, 3), 255, np.uint8)
    half[:, 16:] = 127
    assert_close(open_picture(saved(colour, "PNG")), half, tolerance=0.5)
    assert_close(open_picture(saved(colour, "WEBP", lossless=True)), half, tolerance=0.5)
    assert_close(open_picture(saved(colour.convert("LA"), "PNG")), half, tolerance=0.5)


def test_a_transparent_index_or_value_shows_white() -> None:
    palette = Image.new("P", (32, 32), 1)
    palette.paste(0, (0, 0, 32, 1))
    palette.putpalette([0, 0, 0, 10, 20, 30])
    assert (open_picture(saved(palette, "PNG"))[1, 0] == (10, 20, 30)).all()
    for file_format in ("PNG", "GIF"):
        assert (open_picture(saved(palette, file_format, transparency=1))[1:] == 255).all()
    assert (open_picture(saved(palette, "PNG", transparency=b"\xff\x00"))[1:] == 255).all()

    rows = b"\0" + bytes(64) + (b"\0" + struct.pack(">H", 1000) * 32) * 31
    key = chunk(b"tRNS", struct.pack(">H", 1000))
    assert (open_picture(png(32, 32, 16, 0, rows))[1:] == 3).all()
    assert (open_picture(png(32, 32, 16, 0, rows, key))[1:] == 255).all()


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_its_first_frame(file_format: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "lime", "blue")]
    data = saved(frames[0], file_format, save_all=True, append_images=frames[1:], duration=50)
    assert_close(open_picture(data), np.full((32, 32, 3), (255, 0, 0), np.uint8), tolerance=2)


# Upright, and in sRGB

TURNED = {  # what a camera held so stores: the way back from upright
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a, -1),
}


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(file_format: str, orientation: int) -> None:
    if file_format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = Image.fromarray(np.ascontiguousarray(TURNED[orientation](corners())))
    assert_close(open_picture(saved(stored, file_format, exif=exif.tobytes())), corners(), tolerance=4)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_is_no_obstacle() -> None:
    data = saved(Image.fromarray(corners()), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert_close(open_picture(data), corners(), tolerance=3)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_profile_is_converted_to_srgb(file_format: str) -> None:
    data = saved(Image.new("RGB", (32, 32), (250, 10, 30)), file_format, icc_profile=swapped_profile())
    assert_close(open_picture(data), np.full((32, 32, 3), (10, 250, 30), np.uint8), tolerance=3)


def test_a_profile_does_not_touch_transparency() -> None:
    clear = Image.new("RGBA", (32, 32), (250, 10, 30, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 32, 1))
    assert (open_picture(saved(clear, "PNG", icc_profile=swapped_profile()))[1:] == 255).all()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("profile", [b"not a profile", swapped_profile()[:200], b"Lab"])
def test_a_profile_that_is_no_use_is_ignored(mode: str, profile: bytes) -> None:
    if profile == b"Lab":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    image = Image.fromarray(corners()).convert(mode)
    with_profile = open_picture(saved(image, "JPEG", icc_profile=profile))
    assert np.array_equal(with_profile, open_picture(saved(image, "JPEG")))


def test_a_cmyk_picture_with_an_rgb_profile_is_converted_without_it() -> None:
    image = Image.fromarray(corners()).convert("CMYK")
    with_profile = open_picture(saved(image, "JPEG", icc_profile=swapped_profile()))
    assert np.array_equal(with_profile, open_picture(saved(image, "JPEG")))


def test_a_grey_picture_may_carry_an_rgb_profile() -> None:
    image = Image.fromarray(corners()).convert("L")
    data = saved(image, "PNG", icc_profile=swapped_profile())
    assert_close(open_picture(data), np.array(image.convert("RGB")), tolerance=2)


# What is refused


@pytest.mark.parametrize("data", [b"", b"Dear all, here is the photo.", b"%PDF-1.7", b"<html>", bytes(100)])
def test_other_files_are_not_pictures(data: bytes) -> None:
    assert refusal(data) is Reason.NOT_A_PICTURE


def test_other_pictures_are_unsupported() -> None:
    assert refusal(saved(Image.new("RGB", (32, 32)), "ICO")) is Reason.UNSUPPORTED
    assert refusal(saved(Image.new("F", (32, 32)), "TIFF")) is Reason.UNSUPPORTED


@pytest.mark.parametrize("data", [b"<svg width='10'/>", b"<?xml version='1.0'?><svg/>", b"\n <svg/>"])
def test_svg_is_unsupported(data: bytes) -> None:
    assert refusal(data) is Reason.UNSUPPORTED


def test_heic_without_its_package_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert refusal(b"\0\0\0\x18ftypheic" + bytes(100)) is Reason.UNSUPPORTED


@pytest.mark.parametrize(
    ("size", "limits", "reason"),
    [
        ((200, 15), PictureLimits(), Reason.TOO_SMALL),
        ((400, 1), PictureLimits(), Reason.TOO_SMALL),
        ((1, 1), PictureLimits(), Reason.TOO_SMALL),
        ((16, 321), PictureLimits(), Reason.TOO_NARROW),
        ((64, 65), PictureLimits(max_side=64), Reason.TOO_LONG),
        ((64, 65), PictureLimits(max_pixels=64 * 64), Reason.TOO_MANY_PIXELS),
        ((64, 64), PictureLimits(max_bytes=50), Reason.TOO_LARGE),
    ],
)
def test_each_limit_has_its_reason(size: tuple[int, int], limits: PictureLimits, reason: Reason) -> None:
    for file_format in ("PNG", "JPEG", "GIF", "WEBP"):
        assert refusal(saved(Image.new("RGB", size), file_format), limits) is reason


def test_limits_are_inclusive() -> None:
    data = saved(Image.new("RGB", (16, 320)), "PNG")
    limits = PictureLimits(max_bytes=len(data), max_pixels=16 * 320, max_side=320)
    assert open_picture(data, limits).shape == (320, 16, 3)


BOMBS = {
    "png": png(60_000, 60_000, 8, 2, bytes(1000)),
    "apng": png(60_000, 60_000, 8, 2, bytes(1000), chunk(b"acTL", struct.pack(">2I", 1, 0))),
    "gif": gif_claiming(60_000, 60_000),
    "jpeg": jpeg_claiming(60_000, 60_000),
    "webp": webp_claiming(16_383, 16_383),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_by_its_header(kind: str, tmp_path: Path) -> None:
    """In a process that could not hold its pixels: any of these would take well over a gigabyte."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("only Linux says how much memory a process has")
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[kind])
    program = (
        "import pathlib, resource, sys\n"
        "from core.decoding.picture import PictureError, open_picture\n"
        "used = int(pathlib.Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 200_000_000,) * 2)\n"
        "try:\n"
        "    open_picture(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "except PictureError as error:\n"
        "    print(error.reason)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (str(Reason.TOO_MANY_PIXELS), "")


def test_the_limit_is_ours_not_pillows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for file_format in ("PNG", "JPEG", "GIF"):
        assert open_picture(saved(Image.new("RGB", (64, 64)), file_format)).shape == (64, 64, 3)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
@pytest.mark.parametrize("kept", [0.05, 0.25, 0.5, 0.75, 0.95])
def test_a_file_cut_short_is_truncated(file_format: str, kept: float) -> None:
    if file_format == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    data = saved(Image.fromarray(photo()).resize((320, 240)), file_format)
    assert refusal(data[: int(len(data) * kept)]) is Reason.TRUNCATED


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_any_cut_is_refused_or_harmless(file_format: str) -> None:
    data = saved(Image.fromarray(photo()), file_format)
    whole = open_picture(data)
    for end in range(len(data)):
        try:
            picture = open_picture(data[:end])
        except PictureError:
            continue
        assert np.array_equal(picture, whole)  # what was missing was not pixels


def test_a_file_claims_a_container_by_any_of_its_brands() -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    picture = Image.fromarray(corners())
    avif = saved(picture, "AVIF", quality=95, subsampling="4:4:4")
    heic = saved(picture, "HEIF", quality=95, chroma=444)
    for data, brands in ((avif, (b"avif", b"mif1", b"msf1")), (heic, (b"heic", b"heix", b"mif1"))):
        for brand in brands:
            assert_close(open_picture(data[:8] + brand + data[12:]), corners(), tolerance=3)


def test_a_moving_avif_is_its_first_frame() -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "lime")]
    data = saved(frames[0], "AVIF", save_all=True, append_images=frames[1:], quality=95)
    assert data[8:12] == b"avis"
    assert_close(open_picture(data), np.full((32, 32, 3), (255, 0, 0), np.uint8), tolerance=4)


@pytest.mark.parametrize("data", [b"\0\0\0\x14ftypqt  " + bytes(100), b"\0\0\0\x14ftypmp42" + bytes(100)])
def test_films_are_not_pictures(data: bytes) -> None:
    assert refusal(data) is Reason.NOT_A_PICTURE


def fuzz_seeds() -> dict[str, bytes]:
    image = Image.fromarray(photo())
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    profile = swapped_profile()
    frames = [image, image.rotate(90)]
    return {
        "jpeg": saved(image, "JPEG", exif=exif, icc_profile=profile),
        "progressive": saved(image, "JPEG", progressive=True, comment=b"hello"),
        "cmyk": saved(image.convert("CMYK"), "JPEG"),
        "png": saved(image.convert("RGBA"), "PNG", exif=exif, icc_profile=profile),
        "palette": saved(image.convert("P"), "PNG", transparency=3),
        "gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "avif": saved(image, "AVIF", exif=exif, icc_profile=profile),
        "bmp": saved(image, "BMP"),
        "tiff": saved(image, "TIFF", compression="tiff_lzw"),
        "webp": saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=exif),
    }


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data", "ignore:Tag data larger")
@pytest.mark.parametrize(("kind", "data"), fuzz_seeds().items(), ids=fuzz_seeds())
def test_flipped_bytes_are_refused_or_harmless(kind: str, data: bytes) -> None:
    chance = random.Random(kind)  # noqa: S311
    for _ in range(50):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            # Half of all damage to the headers, where it is most varied.
            at = chance.randrange(len(data) if chance.random() < 0.5 else min(len(data), 200))
            damaged[at] = chance.randrange(256)
        try:
            picture = open_picture(bytes(damaged), PictureLimits(max_pixels=1_000_000), longest=64)
        except PictureError:
            continue
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
        assert picture.shape[2] == 3


# Sizes


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_longest_bounds_the_longer_side(file_format: str) -> None:
    large = Image.fromarray(corners()).resize((640, 480), Image.Resampling.NEAREST)
    data = saved(large, file_format)
    assert_close(open_picture(data, longest=WIDTH), corners(), tolerance=4)
    assert open_picture(data, longest=641).shape == (480, 640, 3)


def test_longest_is_measured_upright_and_unrounded() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = saved(Image.new("RGB", (1001, 333)), "JPEG", exif=exif)
    assert open_picture(data, longest=100).shape == (100, 33, 3)


def test_transparency_does_not_bleed_when_scaled() -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 0, 255), (16, 16, 48, 48))
    shown = open_picture(saved(image, "PNG"), longest=21)
    assert np.ptp(shown, axis=2).max() == 0  # grey throughout: none of the invisible red


def test_fit_keeps_the_aspect_ratio() -> None:
    assert fit(corners(), 32).shape == (24, 32, 3)
    assert fit(corners(), 128).shape == (96, 128, 3)
    assert fit(np.zeros((400, 2, 3), np.uint8), 100).shape == (100, 1, 3)
    assert_close(fit(np.kron(corners(), np.ones((4, 4, 1), np.uint8)), WIDTH), corners(), tolerance=1)


def test_resize_is_exact() -> None:
    small = resize(corners(), 5, 9)
    assert small.shape == (5, 9, 3)
    assert small.dtype == np.uint8
    small[0, 0] = 0  # the caller's own


def test_floats_are_resized_as_bytes_are() -> None:
    as_floats = resize(photo().astype(np.float32), 20, 30)
    assert as_floats.dtype == np.float32
    assert np.abs(np.clip(as_floats, 0, 255) - resize(photo(), 20, 30)).max() <= 1
    assert np.array_equal(resize(photo(), HEIGHT, WIDTH), photo())


# What goes out


@pytest.mark.parametrize(("file_format", "tolerance"), [("jpeg", 2.0), ("png", 0.0), ("webp", 3.0)])
def test_what_goes_out_comes_back(file_format: Format, tolerance: float) -> None:
    assert_close(open_picture(encode(photo(), file_format)), photo(), tolerance)


@pytest.mark.parametrize("file_format", ["jpeg", "png", "webp"])
def test_the_comment_and_the_profile_go_along_and_nothing_else(file_format: Format) -> None:
    comment = '{"strength": "balanced", "seed": 7}'
    image = Image.open(BytesIO(encode(photo(), file_format, comment=comment)))
    profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    written: dict[str, object]
    if file_format == "png":
        written = dict(image.text)  # type: ignore[attr-defined]
        assert written == {"Software": "stylegram", "Description": comment}
    else:
        written = {ExifTags.TAGS[tag]: value for tag, value in image.getexif().items()}
        assert written == {"Software": "stylegram", "ImageDescription": comment}
    if file_format == "jpeg":
        assert image.info["comment"] == comment.encode()


@pytest.mark.parametrize("file_format", ["jpeg", "png", "webp"])
def test_the_bytes_depend_on_no_clock(file_format: Format) -> None:
    image = Image.open(BytesIO(encode(photo(), file_format)))
    assert image.info["icc_profile"][24:36] == struct.pack(">6H", 2000, 1, 1, 0, 0, 0)


def test_jpeg_keeps_colour_at_full_resolution() -> None:
    assert b"\xff\xc0\x00\x11\x08" in encode(photo(), "jpeg")
    image = Image.open(BytesIO(encode(photo(), "jpeg")))
    assert [component[1:3] for component in image.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]


def test_a_side_too_long_for_the_format_is_refused() -> None:
    strip = np.zeros((1, 70_000, 3), np.uint8)
    for file_format in ("webp", "jpeg"):
        with pytest.raises(PictureError, match="pixels a side") as refused:
            encode(strip, file_format)
        assert refused.value.reason is Reason.TOO_LONG
    assert encode(strip, "png")


def test_the_extension_chooses_the_format() -> None:
    assert [format_of(Path(f"a.b{end}")) for end in (".jpg", ".JPEG", ".png", ".WebP")] == [
        "jpeg",
        "jpeg",
        "png",
        "webp",
    ]
    for name in ("picture", "picture.gif", "jpg"):
        with pytest.raises(PictureError, match=name):
            format_of(Path(name))


def test_pictures_need_nothing_heavy() -> None:
    program = (
        "import sys, core.decoding.picture; print({'tensorflow', 'h5py', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
