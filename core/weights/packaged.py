"""Read the network that comes with stylegram: ImageNet's VGG16 up to block5_conv2, in `vgg16.npz`.

The file is an uncompressed archive of NumPy arrays, `block1_conv1/kernel`, `block1_conv1/bias` and so on, as
float16: half the size, and features within 0.1 % of those of the float32 it was made from, where convolutions
in bfloat16 alone make a difference of 1 %. `make_packaged.py` writes it; LICENSE.md says whose weights they
are.
"""

import hashlib
import io
from pathlib import Path
from typing import Final

import numpy as np

from core.error_messages import one_line
from core.weights.errors import WeightsError
from core.weights.vgg import Weights, layer_shapes

FILE: Final = Path(__file__).with_name("vgg16.npz")
SHA256: Final = "4a43f2d5114cc917663b5cd3bca9922dc488cea3c1f4466d74bd87bf8d335452"

# As deep as the article looks: its content is compared at block5_conv2.
LAYERS: Final = tuple(layer for layer in layer_shapes("vgg16") if layer <= "block5_conv2")


def load_packaged() -> Weights:
    """Read the packaged VGG16, as float32.

    The hash is checked at every reading. It costs some 20 ms of a painter's start, and a file that was cut
    short or altered becomes one clear line, not a traceback or a network that paints nonsense.

    Raises `WeightsError` where the file is missing, cannot be read, or is not the one that was packaged.
    """
    try:
        content = FILE.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"The packaged weights cannot be read: {one_line(error).rstrip('.')}. Install stylegram again."
        ) from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise WeightsError(f"The packaged weights are damaged: {FILE}. Install stylegram again.")
    with np.load(io.BytesIO(content)) as arrays:
        layers = {
            layer: (
                arrays[f"{layer}/kernel"].astype(np.float32),
                arrays[f"{layer}/bias"].astype(np.float32),
            )
            for layer in LAYERS
        }
    return Weights("vgg16", "packaged", layers)
