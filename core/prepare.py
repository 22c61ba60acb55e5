"""What comes before and after the paint: size, and whose colours are kept."""

import numpy as np

from core import colour
from core.colour import Floats
from core.decoding.picture import resize
from core.decoding.pixels import Picture
from core.decoding.refusal import PictureError, Reason
from core.plan import NARROWEST, final_size
from core.recipe import Recipe


def prepare(content: Picture, style: Picture, recipe: Recipe) -> tuple[Floats, Floats]:
    """Photo and style, (H, W, 3) on the scale 0..255, as they are to be compared.

    The photo comes at the result's size. To keep its colours both come in grey, the style with the photo's
    brightness and contrast, so that light and shade stay where they belong (Gatys et al. 2016, "Preserving
    Color in Neural Artistic Style Transfer", section 5). Raises PictureError for too narrow a result.
    """
    size = final_size(content.shape[0], content.shape[1], recipe)
    if min(size) < NARROWEST:
        message = f"At this size the picture would be {size[1]} x {size[0]} px: each side needs {NARROWEST}."
        raise PictureError(Reason.TOO_NARROW, message)
    photo = resize(content.astype(np.float32), *size)
    floats = style.astype(np.float32)
    if not recipe.keep_colours:
        return photo, floats
    photo = colour.grey(photo)
    return photo, colour.match_colours(colour.grey(floats), photo)


def tone(picture: Floats, style: Floats, recipe: Recipe) -> Floats:
    """The picture in the style's colours; as it is where the photo keeps its own."""
    return picture if recipe.keep_colours else colour.match_colours(picture, style)


def finish(painted: Floats, content: Picture, recipe: Recipe) -> Picture:
    """What is painted as a picture, uint8, with the content's colours if they are to be kept."""
    if recipe.keep_colours:
        painted = colour.keep_colours(painted, resize(content.astype(np.float32), *painted.shape[:2]))
    return np.clip(painted, 0, 255).round().astype(np.uint8)
