"""What is transparent is laid on a ground on which it can be seen."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.decoding.picture import open_picture
from core.decoding.pixels import Picture
from core.decoding.refusal import PictureError, Reason


def drawing(colour: str, mode: str = "RGBA", share: float = 0.2) -> Image.Image:
    """A bar across a picture that is transparent elsewhere."""
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 99, round(100 * share) - 1), colour)
    return image.convert(mode)


def opened(image: Image.Image, file_format: str = "PNG") -> Picture:
    out = BytesIO()
    image.save(out, file_format, **({"lossless": True} if file_format == "WEBP" else {}))
    return open_picture(out.getvalue())


@pytest.mark.parametrize("colour", ["white", "#fafafa", "#fffff0"])
@pytest.mark.parametrize(("mode", "file_format"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP")])
def test_a_white_drawing_on_nothing_can_be_seen(colour: str, mode: str, file_format: str) -> None:
    picture = opened(drawing(colour, mode), file_format)
    assert np.ptp(picture.mean(axis=(1, 2))) > 100


def test_a_white_index_on_a_transparent_one_can_be_seen() -> None:
    image = Image.new("P", (64, 64), 1)
    image.putpalette([255, 255, 255, 255, 255, 255])
    image.paste(0, (10, 10, 50, 50))
    for file_format in ("PNG", "GIF"):
        out = BytesIO()
        image.save(out, file_format, transparency=1)
        assert np.ptp(open_picture(out.getvalue())) > 100


@pytest.mark.parametrize("colour", ["black", "red", "yellow", "#606060"])
def test_everything_else_is_on_white(colour: str) -> None:
    assert (opened(drawing(colour))[50:] == 255).all()


def test_the_round_corners_of_a_picture_of_snow_are_white() -> None:
    assert (opened(drawing("#f8f8f8", share=0.97)) >= 0xF8).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_all_over_is_refused(mode: str) -> None:
    with pytest.raises(PictureError, match="transparent") as refused:
        opened(Image.new("RGBA", (64, 64), (200, 10, 10, 3)).convert(mode))
    assert refused.value.reason is Reason.INVISIBLE
