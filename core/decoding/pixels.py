"""Name the array that a picture is, once it is open."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Picture: TypeAlias = npt.NDArray[np.uint8]
"""An upright sRGB picture: uint8, `(height, width, 3)`."""
