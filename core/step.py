"""A step of a painting, as the painter's callers see it. Knows nothing of TensorFlow."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the bot's own process knows of losses, and opens no pictures
    from collections.abc import Callable

    from core.decoding.pixels import Picture


class NotFiniteError(ArithmeticError):
    """Something became infinite or not a number: a fault of ours or of the network's, not of the pictures."""


@dataclass(frozen=True)
class Losses:
    """What the optimisation minimises, and its two parts, unweighted."""

    total: float
    style: float
    content: float


@dataclass(frozen=True)
class Step:
    """Step `index` of `total`, counted from 1.

    `share` is the part of the painting's whole cost that is done, above 0, at the last step 1; `scale` the
    longest side painted at, px; `seconds` count from the start of the painting. `losses` are those before
    the step, in `classic` after it; None in steps that are not part of the optimisation. `picture()` renders
    the painting as it stands, uint8 (H, W, 3), at the result's size: at the last step, the result. It costs a
    fraction of a step: ask for what is shown only.
    """

    index: int
    total: int
    share: float
    scale: int
    seconds: float
    losses: Losses | None
    picture: "Callable[[], Picture]"
