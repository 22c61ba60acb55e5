"""What is painted, at any size: the photo in the styles' colours, and the styles with their shares."""

from collections.abc import Sequence

from core.backbone import Tensor, as_tensor
from core.colour import Floats
from core.guide import quantiles
from core.plan import NARROWEST
from core.pyramid import shrink

_LARGEST = 1200  # px; the side of a square of as much as is looked at of all styles together


class Subject:
    """A photo and one to four styles, as tensors.

    Attributes:
        photo: (1, H, W, 3), at the result's size, its colours transported.
        shares: of each style, 1 in all.
        shades: quantiles of the luma of the photo and of the styles, (256,) each.
    """

    def __init__(self, toned: Floats, styles: Sequence[Floats], shares: Sequence[float]) -> None:
        """Take the photo in the styles' colours and the styles, each (H, W, 3), levels of 0..255."""
        self.photo = as_tensor(toned)
        self.shares = shares
        self._styles = [as_tensor(style) for style in styles]
        self.shades = quantiles([self.photo], [1.0]), quantiles(self._styles, shares)

    def styles_at(self, side: float) -> list[Tensor]:
        """The styles at the area of a square of `side` px, or their own size where that is smaller."""
        side = min(side, _LARGEST / len(self._styles) ** 0.5)
        return [shrink(style, *size_at(style.shape[1], style.shape[2], side)) for style in self._styles]


def size_at(height: int, width: int, side: float) -> tuple[int, int]:
    """Height and width of a style at the area of a square of `side` px, but never beyond its own size.

    A narrow one comes larger, so that whole patches and the network's deeper layers find room in it.
    """
    factor = max(min(1.0, side / (height * width) ** 0.5), NARROWEST / min(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))
