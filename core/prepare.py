"""Bring pictures to size before they are painted, and see to whose colours are kept, before and after."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core import colour
from core.colour import Floats, Palette, palette_of
from core.decoding.picture import resize
from core.decoding.pixels import Picture
from core.decoding.refusal import PictureError, Reason
from core.plan import NARROWEST, final_size
from core.recipe import Recipe


class Prepared(NamedTuple):
    """Photo and styles as they are to be compared, (H, W, 3) on the scale 0..255.

    photo: at the result's size. toned: the same in the styles' colours. palette: the styles', by shares.
    """

    photo: Floats
    toned: Floats
    styles: list[Floats]
    palette: Palette


def prepare(content: Picture, styles: Sequence[Picture], recipe: Recipe) -> Prepared:
    """Bring photo and styles to sizes and colours in which they compare.

    To keep the photo's colours all come in grey, the styles with the photo's brightness and contrast, so that
    light and shade stay where they belong (Gatys et al. 2016, "Preserving Color in Neural Artistic Style
    Transfer", section 5). Raises PictureError for too narrow a result.
    """
    size = final_size(content.shape[0], content.shape[1], recipe)
    if min(size) < NARROWEST:
        message = f"At this size the picture would be {size[1]} x {size[0]} px: each side needs {NARROWEST}."
        raise PictureError(Reason.TOO_NARROW, message)
    photo = resize(content.astype(np.float32), *size)
    floats = [style.astype(np.float32) for style in styles]
    shares = recipe.mix_for(len(styles))
    if recipe.keep_colours:
        photo = colour.grey(photo)
        own = palette_of([photo])
        floats = [colour.match_colours(colour.grey(style), own) for style in floats]
        return Prepared(photo, photo, floats, palette_of(floats, shares))
    palette = palette_of(floats, shares)
    return Prepared(photo, colour.match_colours(photo, palette), floats, palette)


def finish(painted: Floats, content: Picture, recipe: Recipe) -> Picture:
    """What is painted as a picture, uint8, with the content's colours if they are to be kept."""
    if recipe.keep_colours:
        painted = colour.keep_colours(painted, resize(content.astype(np.float32), *painted.shape[:2]))
    return np.clip(painted, 0, 255).round().astype(np.uint8)
