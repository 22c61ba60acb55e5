"""Put two pictures side by side, small."""

import numpy as np

from core.decoding.picture import resize
from core.decoding.pixels import Picture

HEIGHT = 320  # pixels
WIDEST = 3 * HEIGHT  # of one picture: beyond, a panorama is cut at both ends
GAP = 8


def side_by_side(left: Picture, right: Picture) -> Picture:
    """Put both at the same height, with a white gap."""
    gap = np.full((HEIGHT, GAP, 3), 255, np.uint8)
    return np.hstack([_at_height(left), gap, _at_height(right)])


def _at_height(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scaled = resize(picture, HEIGHT, max(1, round(width * HEIGHT / height)))
    excess = max(0, scaled.shape[1] - WIDEST)
    return scaled[:, excess // 2 : scaled.shape[1] - (excess - excess // 2)]
