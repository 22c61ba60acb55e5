"""Make VGG19 with random weights, and write it to a file as Keras does."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import h5py
import numpy as np

from core.backbone import IMAGENET_ACTIVATION, block_of
from core.weights import Weights
from core.weights.vgg import layer_shapes

# What He's initialisation alone makes of the sample pictures: each block's mean activation, over two seeds.
_PLAIN_ACTIVATION = {1: 32.0, 2: 36.0, 3: 45.0, 4: 55.0, 5: 60.0}


@cache
def random_vgg19(seed: int = 19) -> Weights:
    """Return VGG19 with random weights whose activations are about the size of ImageNet's, block by block.

    Kernels are normal, with He et al. 2015's deviation, which keeps activations' size from layer to layer;
    the first layer of each block brings it to `IMAGENET_ACTIVATION`. Biases are zero. It takes a second the
    first time.
    """
    random = np.random.default_rng(seed)
    layers = {}
    sizes = {block: wanted / _PLAIN_ACTIVATION[block] for block, wanted in IMAGENET_ACTIVATION.items()}
    for layer, (shape, outputs) in layer_shapes("vgg19").items():
        gain = np.sqrt(2 / np.prod(shape[:3]))
        if layer.endswith("conv1"):
            gain *= sizes[block_of(layer)] / sizes.get(block_of(layer) - 1, 1)
        kernel = random.standard_normal(shape, np.float32) * np.float32(gain)
        layers[layer] = kernel, np.zeros(outputs, np.float32)
    return Weights("vgg19", "random", layers)


def write_keras_file(
    path: Path, layers: Mapping[str, tuple[np.ndarray, np.ndarray]], *, root: str = "/", skip: str = ""
) -> Path:
    """Write kernels and biases to a file laid out as the VGG19 that Keras distributes, and return its path.

    - root: the group to write into: "/model_weights" is where Keras has them in a whole model's file.
    - skip: a layer to leave out of the file's list.

    An array that is one number, broadcast, takes no space in the file.
    """
    with h5py.File(path, "w") as file:
        group = file.require_group(root)
        names: list[str] = []
        for name, (kernel, bias) in layers.items():
            if names and block_of(name) > block_of(names[-1]):
                names.append(f"block{block_of(names[-1])}_pool")
                group.create_group(names[-1]).attrs["weight_names"] = np.array([], "S1")
            arrays = {f"{name}_W_1:0": kernel, f"{name}_b_1:0": bias}
            layer = group.create_group(name)
            layer.attrs["weight_names"] = [array.encode() for array in arrays]
            for array, values in arrays.items():
                if any(values.strides):
                    layer[array] = values
                else:
                    layer.create_dataset(array, values.shape, "f4", fillvalue=values.flat[0])
            names.append(name)
        group.attrs["layer_names"] = [name.encode() for name in names if name != skip]
    return path
