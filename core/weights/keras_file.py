"""Read a VGG network from a file as Keras writes it.

All are HDF5. `.h5` files, Keras' own VGG19 among them, hold weights alone or a whole model, with layers by
name; `.weights.h5` files, which Keras writes since version 3, have layers by position. Which of these a file
is, and whether it is VGG16 or VGG19, is seen from what is in it.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from core.error_messages import one_line
from core.weights.errors import WeightsError
from core.weights.vgg import Architecture, Weights, layer_shapes


def read_keras_file(path: Path, name: str) -> Weights:
    """Read all convolutions of VGG16 or VGG19, as float32. The weights are called `name`.

    Raises `WeightsError`, naming the file, if there is no file, or it is damaged or another network's.
    """
    if not path.is_file():
        raise WeightsError(f"There is no file {path}: choose auto, imagenet, packaged, or a file of weights.")
    try:
        with h5py.File(path) as file:
            if "layers" in file:
                found = _by_position(file["layers"])
            else:
                found = _by_name(file if "layer_names" in file.attrs else file["model_weights"])
            architecture: Architecture = "vgg19" if "block3_conv4" in found else "vgg16"
            _check(path, found, architecture)
            layers = {
                layer: (np.asarray(kernel, np.float32), np.asarray(bias, np.float32))
                for layer, (kernel, bias) in found.items()
            }
    except WeightsError:
        raise
    except Exception as error:  # h5py meets damage with whatever exception comes of it
        raise WeightsError(
            f"{path} is not a readable file of VGG weights: {one_line(error).rstrip('.')}."
        ) from error
    return Weights(architecture, name, layers)


def _by_name(root: h5py.Group) -> dict[str, list[h5py.Dataset]]:
    """Find the convolutions where attributes list a model's layers, and each layer's arrays."""
    return {
        layer: [root[layer][array] for array in _names(root[layer], "weight_names")]
        for layer in _names(root, "layer_names")
        if re.fullmatch(r"block\d_conv\d", layer)
    }


def _by_position(layers: h5py.Group) -> dict[str, list[h5py.Dataset]]:
    """Find the convolutions where layers are named after their class and numbered, and arrays numbered."""
    numbers = {layer: match for layer in layers if (match := re.fullmatch(r"conv2d(?:_(\d+))?", layer))}
    convolutions = sorted(numbers, key=lambda layer: int(numbers[layer][1] or 0))
    names = layer_shapes("vgg19" if len(convolutions) > len(layer_shapes("vgg16")) else "vgg16")
    return {
        name: [layers[layer]["vars"][array] for array in "01"]
        for name, layer in zip(names, convolutions, strict=False)  # what is lacking is told by its name
    }


def _names(group: h5py.Group, attribute: str) -> list[str]:
    return [name.decode() if isinstance(name, bytes) else name for name in group.attrs[attribute]]


def _check(path: Path, found: Mapping[str, list[h5py.Dataset]], architecture: Architecture) -> None:
    shapes = layer_shapes(architecture)
    if lacking := shapes.keys() - found.keys():
        raise WeightsError(f"{path} is not a file of VGG weights: it has no layer {min(lacking)}.")
    for layer, datasets in found.items():
        actual = [dataset.shape for dataset in datasets]
        if actual != shapes.get(layer):
            raise WeightsError(f"{path} has another network's weights: {layer} is {actual}.")
