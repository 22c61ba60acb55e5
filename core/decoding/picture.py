"""Decode bytes to an upright sRGB array, and encode it again: the only way pictures come in and go out.

What people send is not to be trusted. Every limit is checked against the file's header, before memory for
its pixels is spent, and whatever goes wrong is a `PictureError` with a reason that a caller can translate.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile, PngInfo

from core.decoding.colour_space import profile_of_png
from core.decoding.formats import recognise
from core.decoding.ground import on_ground
from core.decoding.mending import jpeg_endings, jpeg_lacks_end, png_to_read
from core.decoding.pixels import Picture
from core.decoding.refusal import DEFAULT_LIMITS, PictureError, PictureLimits, Reason

Pixels = TypeVar("Pixels", npt.NDArray[np.uint8], npt.NDArray[np.float32])

Format = Literal["jpeg", "png", "webp"]
"""What pictures are written as."""


_FORMATS: dict[str, Format] = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".webp": "webp"}
_LONGEST_SIDE: dict[Format, int] = {"jpeg": 65_500, "png": 2**31 - 1, "webp": 16_383}

_MISSED = 0.001  # of a picture's area: so much may be missing at the end of a JPEG ...
_LOOKED_AT = 1024  # ... seen at this size, px

_SCIENTIFIC = ("I", "F", "LAB")  # modes of TIFF, whose values are not meant to be looked at as they are
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_picture(
    data: bytes, limits: PictureLimits = DEFAULT_LIMITS, *, longest: int | None = None
) -> Picture:
    """Decode a JPEG, PNG, WebP, GIF, AVIF, BMP, TIFF or (where pillow-heif is installed) HEIC file.

    The result is upright (EXIF orientation applied), in sRGB (what the file says of its colours converted),
    the first frame of an animation, and over white where the file is transparent, or over dark grey if it
    could not be seen there. Damage that is not seen is overlooked, as viewers do: a wrong checksum of a PNG's
    text, or a JPEG's missing end marker. Where pixels are missing the picture is refused.

    `longest` bounds the result's longer side, in pixels; a larger picture is scaled down. A JPEG is then
    decoded at a half, a quarter or an eighth of its size where that is enough, which costs a fraction of the
    time and memory. Nothing is ever scaled up.

    Raises `PictureError`.
    """
    if len(data) > limits.max_bytes:
        raise PictureError(Reason.TOO_LARGE, f"The file is larger than {limits.max_bytes / 1e6:g} MB.")
    file_format = recognise(data)
    with _decoding_errors():
        if file_format is JpegImageFile:
            return _open_jpeg(data, limits, longest)
        profile = None
        if file_format is PngImageFile:
            data, profile = png_to_read(data), profile_of_png(data)
        return _open(file_format, data, limits, longest, profile)


def _open_jpeg(data: bytes, limits: PictureLimits, longest: int | None) -> Picture:
    if not jpeg_lacks_end(data):
        return _open(JpegImageFile, data, limits, longest)
    looked_at = min(longest or _LOOKED_AT, _LOOKED_AT)
    data, other = jpeg_endings(data)
    one, another = (_open(JpegImageFile, ended, limits, looked_at) for ended in (data, other))
    if (one != another).any(axis=-1).mean() > _MISSED:
        raise PictureError(Reason.TRUNCATED, "The picture is cut short.")
    return one if longest == looked_at else _open(JpegImageFile, data, limits, longest)


def _open(
    file_format: Callable[[BytesIO], ImageFile],
    data: bytes,
    limits: PictureLimits,
    longest: int | None,
    profile: bytes | None = None,
) -> Picture:
    """`profile` is of the colours of a file that has none itself."""
    with file_format(BytesIO(data)) as image:
        _check_size(*image.size, limits)
        return np.array(_decode(image, longest, profile))


def fit(picture: Pixels, longest: int) -> Pixels:
    """Scale the picture, up or down, until its longer side is `longest` px; the aspect ratio is kept."""
    height, width = picture.shape[:2]
    width, height = _fitted(width, height, longest)
    return resize(picture, height, width)


def resize(picture: Pixels, height: int, width: int) -> Pixels:
    """Scale the picture, uint8 or float32, to `height` x `width` px; returns itself where it has that size.

    By a Lanczos filter, which overshoots beside sharp edges: floats may leave their range by a little.
    """
    if picture.shape[:2] == (height, width):
        return picture

    def scaled(pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.array(Image.fromarray(pixels).resize((width, height), Image.Resampling.LANCZOS))

    if picture.dtype == np.uint8:
        return scaled(picture)
    return np.stack(
        [scaled(picture[..., channel]) for channel in range(3)], axis=-1
    )  # Pillow has no float RGB


def encode(picture: Picture, file_format: Format, *, comment: str = "") -> bytes:
    """Write a picture file's bytes, with the sRGB profile, and `comment` (ASCII) as its description.

    The comment says how the picture was painted. JPEG and WebP carry it as EXIF ImageDescription, JPEG also
    as its comment, PNG as the text chunk "Description"; there is no other metadata. The same picture and
    comment give the same bytes, today and tomorrow.

    Raises `PictureError` where a side is longer than the format allows (WebP: 16383 pixels).
    """
    most = _LONGEST_SIDE[file_format]
    if max(picture.shape[:2]) > most:
        raise PictureError(Reason.TOO_LONG, f"A {file_format} picture has at most {most} pixels a side.")
    exif = Image.Exif()
    text = PngInfo()
    exif[ExifTags.Base.Software] = "stylegram"
    text.add_text("Software", "stylegram")
    if comment:
        exif[ExifTags.Base.ImageDescription] = comment
        text.add_text("Description", comment)
    options: dict[Format, dict[str, Any]] = {
        "jpeg": {"quality": 95, "subsampling": "4:4:4", "exif": exif, "comment": comment},
        "png": {"pnginfo": text},
        # With loss: brushwork hardly compresses without, and who wants every pixel has PNG.
        "webp": {"quality": 95, "exif": exif},
    }
    out = BytesIO()
    Image.fromarray(picture).save(out, file_format, icc_profile=_srgb_profile(), **options[file_format])
    return out.getvalue()


def format_of(path: Path) -> Format:
    """Return what a file of this name is written as, by its extension.

    Raises `PictureError` for any other.
    """
    if (file_format := _FORMATS.get(path.suffix.lower())) is None:
        endings = ", ".join(_FORMATS)
        raise PictureError(Reason.UNSUPPORTED, f"{path.name} should end in one of {endings}.")
    return file_format


def _srgb_profile() -> bytes:
    """The sRGB profile, always dated the same: Little CMS writes the present time at bytes 24 to 36."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + profile[36:]


@contextmanager
def _decoding_errors() -> Iterator[None]:
    """Decoders raise whatever they stumble over (SyntaxError, struct.error, zlib.error, IndexError, ...)."""
    try:
        yield
    except PictureError:
        raise
    except MemoryError as error:  # there is a limit where the pictures are anybody's
        raise PictureError(Reason.TOO_HEAVY, "The picture takes too much memory to open.") from error
    except Image.DecompressionBombError as error:  # some plugins guard themselves
        raise PictureError(Reason.TOO_MANY_PIXELS, "The picture has too many pixels.") from error
    except Exception as error:
        raise PictureError(Reason.TRUNCATED, "The picture is cut short or damaged.") from error


def _check_size(width: int, height: int, limits: PictureLimits) -> None:
    size = f"The picture is {width} x {height} pixels"
    short, long = sorted((width, height))
    if width * height > limits.max_pixels:
        raise PictureError(Reason.TOO_MANY_PIXELS, f"{size}: more than {limits.max_pixels / 1e6:g} million.")
    if long > limits.max_side:
        raise PictureError(Reason.TOO_LONG, f"{size}: no side may be longer than {limits.max_side}.")
    if short < limits.min_side:
        raise PictureError(Reason.TOO_SMALL, f"{size}: each side needs at least {limits.min_side}.")
    if long > limits.max_aspect * short:
        raise PictureError(Reason.TOO_NARROW, f"{size}: over {limits.max_aspect:g} times longer than wide.")


def _decode(image: ImageFile, longest: int | None, profile: bytes | None) -> Image.Image:
    """Pixels as upright sRGB. Scaling comes before all that costs time by the pixel."""
    size = image.size
    if longest is not None and longest < max(size):
        size = _fitted(*size, longest)
        if isinstance(image, JpegImageFile):  # HEIC's draft would be its thumbnail, made by who knows what
            image.draft(None, (2 * size[0], 2 * size[1]))  # twice the size leaves Lanczos something to do
    image.load()
    pixels = _plain(image)
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    pixels = _opaque(pixels, profile or image.info.get("icc_profile"))
    turn = _UPRIGHT.get(_orientation(image))
    return pixels if turn is None else pixels.transpose(turn)


def _fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    scale = longest / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _plain(image: Image.Image) -> Image.Image:
    """The image as one of the modes L, LA, RGB, RGBA and CMYK."""
    if image.mode.startswith("I;16"):  # grey of 16 bits, which Pillow would clip at 255
        values = np.asarray(image)
        grey = Image.fromarray((values // 257).astype(np.uint8))
        if "transparency" in image.info:
            opaque = values != image.info["transparency"]
            grey.putalpha(Image.fromarray(opaque.astype(np.uint8) * 255))
        return grey
    if image.mode == "CMYK":
        return image
    if image.mode in _SCIENTIFIC:
        raise PictureError(Reason.UNSUPPORTED, f"Pictures of mode {image.mode} are not supported.")
    mode = "L" if image.mode in ("1", "L", "LA") else "RGB"
    return _as(image, mode + "A" if image.has_transparency_data else mode)


def _as(image: Image.Image, mode: str) -> Image.Image:
    """Pillow's `convert` copies even where nothing changes, which a large picture feels."""
    return image if image.mode == mode else image.convert(mode)


def _opaque(image: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB on a ground. The profile speaks of the colours alone, so transparency waits its turn."""
    if "A" not in image.getbands():
        return _to_srgb(image, profile)
    colours = _to_srgb(image.convert("L" if image.mode == "LA" else "RGB"), profile)
    return on_ground(colours, image.getchannel("A"))


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB from L, RGB or CMYK. A profile that is broken, or meant for other channels, is ignored."""
    if not profile:
        return _as(image, "RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = {"GRAY": "L", "RGB ": "RGB", "CMYK": "CMYK"}[source.profile.xcolor_space]
        if image.mode == "L" and mode == "RGB":  # grey pictures often carry an RGB display's profile
            image = _as(image, mode)
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), image.mode, "RGB")
        return transform.apply(image)
    except (ImageCms.PyCMSError, OSError, KeyError, ValueError):
        return _as(image, "RGB")


def _orientation(image: ImageFile) -> int:
    """EXIF's orientation, 1 (upright) to 8. pillow-heif turns pictures itself, and then says 1."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF raises as broken pictures do, but harms nothing else
        return 1
