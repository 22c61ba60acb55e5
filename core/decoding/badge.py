"""Draw labels in badges, and rectangles with round corners, to be laid over pictures."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FINER = 4  # times; what is round is drawn so much larger, and scaled down
_BORDER = 1 / 20  # of a letter's size, around a badge
_BADGE, _RIM, _INK = "#fafafa", "#4d5156", "#17191c"
_FONT = Path(__file__).parent / "font" / "inter-semibold.ttf"
_NOT_THERE = "\N{REPLACEMENT CHARACTER}\N{SNOWMAN}"  # of which the font has neither


def badge(label: str, *, letter: int, widest: int) -> Image.Image:
    """Draw a label in a badge with round ends, transparent around them.

    Args:
        label: of Latin or Cyrillic letters or digits. One that is too wide is cut short.
        letter: the size of its letters, in pixels.
        widest: that the badge may be, in pixels.
    """
    font = _font(letter)
    padding, border = round(letter * 0.8), round(letter * _BORDER)
    while len(label) > 1 and font.getlength(label) > widest - padding:
        label = label.rstrip("…")[:-1].rstrip() + "…"
    height = round(letter * 1.4)
    size = max(height, round(font.getlength(label)) + padding), height
    drawn = Image.new("RGB", size, _RIM)
    inside = rounded((size[0] - 2 * border, height - 2 * border), height / 2)
    drawn.paste(_BADGE, (border, border), inside)
    baseline = height / 2 + letter * 0.364  # half a capital letter or a digit below the middle
    ImageDraw.Draw(drawn).text((size[0] / 2, baseline), label, _INK, font, anchor="ms")
    drawn.putalpha(rounded(size, height / 2))
    return drawn


def legible(label: str) -> str:
    """Leave out what the font has no letters for, such as emoji and many scripts; nothing may be left."""
    return " ".join("".join(sign for sign in label if sign.isspace() or _is_drawn(sign)).split())


def rounded(size: tuple[int, int], radius: float) -> Image.Image:
    """Make a mask: a rectangle with round corners, smooth at their edge."""
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
    box = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * _FINER, 255)
    return mask.reduce(_FINER)


@cache
def _font(letter: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, letter)


def _is_drawn(sign: str) -> bool:
    return sign.isprintable() and bytes(_font(40).getmask(sign)) not in _placeholders()


@cache
def _placeholders() -> frozenset[bytes]:
    """What is drawn in place of a letter that the font has not."""
    return frozenset(bytes(_font(40).getmask(sign)) for sign in _NOT_THERE)
