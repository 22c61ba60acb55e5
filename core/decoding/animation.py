"""Make an animation that shows the way from one picture over others to the last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageFilter

from core.decoding.badge import badge, legible
from core.decoding.picture import resize
from core.decoding.pixels import Picture

LONGEST = 480  # pixels of the longer side
MOST_BYTES = 8_000_000  # of the file
HELD = 1200  # milliseconds that a picture is seen
LAST_HELD = 3000
FADING = 80  # milliseconds of each frame between two pictures
FADES = 5  # frames between two pictures
_FLATTEST, _TALLEST = 2.4, 0.5  # width over height: beyond, there are margins
_SAME = 0.02  # of the width over the height: by so little a picture may be stretched, instead of margins
_BLUR = 1 / 24  # of the longer side: the radius that makes a margin of the picture
_DIMMED = 0.7  # how bright a margin is, of what the picture would be there
_LETTER = 1 / 24  # of the longer side: the size of a label's letters
_CORNER = 1 / 60  # of the longer side: how far a label is from the edges


@dataclass(frozen=True)
class _Fineness:
    """How good a file is that has to fit in so many bytes.

    Args:
        longest: pixels of the longer side.
        colours: of each frame.
        dithered: whether colours between those are mixed of dots, which look better and weigh more.
    """

    longest: int
    colours: int
    dithered: bool


# The best first. The last fits with any pictures, as many as there may be.
_FINENESSES = (
    _Fineness(LONGEST, 256, True),
    _Fineness(LONGEST, 128, False),
    _Fineness(360, 64, False),
    _Fineness(240, 32, False),
    _Fineness(160, 16, False),
)


def animation(pictures: Sequence[Picture], labels: Sequence[str]) -> bytes:
    """Write a GIF, played over and over, in which each picture is held and then fades into the next.

    All are brought onto the size of the first. One of another shape is seen whole, with blurred margins. The
    file is as good as fits in `MOST_BYTES`.

    Args:
        pictures: one at least, of any sizes.
        labels: one for each, drawn in its lower left corner; none where it is empty, or where the font has
            no letters for it.

    Raises ValueError where there is no picture, or not one label for each.
    """
    if not pictures:
        raise ValueError("an animation needs a picture")
    data = b""
    for fineness in _FINENESSES:
        data = _written(pictures, labels, fineness)
        if len(data) <= MOST_BYTES:
            break
    return data


def _written(pictures: Sequence[Picture], labels: Sequence[str], fineness: _Fineness) -> bytes:
    size = _size(pictures[0], fineness.longest)
    stages = [
        _labelled(_brought_onto(size, picture), label, fineness.longest)
        for picture, label in zip(pictures, labels, strict=True)
    ]
    frames, durations = zip(*_frames(stages), strict=True)
    first, *others = (_reduced(frame, fineness) for frame in frames)
    out = BytesIO()
    first.save(
        out, "gif", save_all=True, append_images=others, duration=list(durations), loop=0, optimize=False
    )
    return out.getvalue()


def _frames(stages: Sequence[Image.Image]) -> Iterator[tuple[Image.Image, int]]:
    """Each frame, and how many milliseconds it is seen."""
    for stage, following in pairwise(stages):
        yield stage, HELD
        for number in range(1, FADES + 1):
            yield Image.blend(stage, following, number / (FADES + 1)), FADING
    yield stages[-1], LAST_HELD


def _size(picture: Picture, longest: int) -> tuple[int, int]:
    """The animation's width and height: even, as videos are, which Telegram makes of it."""
    height, width = picture.shape[:2]
    shape = min(max(width / height, _TALLEST), _FLATTEST)
    wide, high = (longest, longest / shape) if shape > 1 else (longest * shape, longest)
    return 2 * round(wide / 2), 2 * round(high / 2)


def _brought_onto(size: tuple[int, int], picture: Picture) -> Image.Image:
    """The whole picture, in the middle of this size; where it leaves room there, that is blurred."""
    height, width = picture.shape[:2]
    across, down = size[0] / width, size[1] / height
    if abs(across / down - 1) <= _SAME:
        return Image.fromarray(resize(picture, size[1], size[0]))
    within, over = min(across, down), max(across, down)
    whole = Image.fromarray(resize(picture, max(1, round(height * within)), max(1, round(width * within))))
    margins = _middle(Image.fromarray(picture), size, over).filter(
        ImageFilter.GaussianBlur(max(size) * _BLUR)
    )
    page = margins.point(lambda value: round(value * _DIMMED))
    page.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return page


def _middle(image: Image.Image, size: tuple[int, int], scale: float) -> Image.Image:
    """The middle of a picture that is enlarged or reduced so that it covers this size."""
    width, height = size[0] / scale, size[1] / scale
    left, top = (image.width - width) / 2, (image.height - height) / 2
    return image.resize(size, Image.Resampling.BICUBIC, (left, top, left + width, top + height))


def _labelled(image: Image.Image, label: str, longest: int) -> Image.Image:
    if label := legible(label):
        corner = round(longest * _CORNER)
        drawn = badge(label, letter=round(longest * _LETTER), widest=image.width - 2 * corner)
        image.paste(drawn, (corner, image.height - corner - drawn.height), drawn)
    return image


def _reduced(frame: Image.Image, fineness: _Fineness) -> Image.Image:
    """The frame in so many colours, chosen for it."""
    palette = frame.reduce(2).quantize(fineness.colours, Image.Quantize.MEDIANCUT)
    dither = Image.Dither.FLOYDSTEINBERG if fineness.dithered else Image.Dither.NONE
    return frame.quantize(palette=palette, dither=dither)
