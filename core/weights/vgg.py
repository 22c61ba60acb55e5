"""Describe the convolutions of VGG16 and VGG19 (Simonyan and Zisserman 2015, table 1), under Keras' names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Architecture = Literal["vgg16", "vgg19"]
Layers: TypeAlias = Mapping[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]

_CONVOLUTIONS: Final[dict[Architecture, tuple[int, ...]]] = {
    "vgg16": (2, 2, 3, 3, 3),
    "vgg19": (2, 2, 4, 4, 4),
}
_CHANNELS: Final = (64, 128, 256, 512, 512)


@dataclass(frozen=True)
class Weights:
    """Hold the convolutions of a VGG network.

    - architecture: which VGG it is.
    - name: "imagenet", "packaged", or the name of the user's own file.
    - layers: Keras' names, in the order in which the layers are applied, each with its kernel
      (3, 3, in, out) and its bias (out,), float32. The first layer takes blue, green, red on the scale
      0..255, less ImageNet's mean (103.939, 116.779, 123.68). Layers at the end may be lacking.
    - note: a line to tell the user, if any: why these are not the weights hoped for.
    """

    architecture: Architecture
    name: str
    layers: Layers
    note: str | None = None


def layer_shapes(architecture: Architecture) -> dict[str, list[tuple[int, ...]]]:
    """Return the shapes of each layer's kernel and bias, by Keras' names, `block1_conv1` first."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    inputs = 3
    for block, (count, outputs) in enumerate(
        zip(_CONVOLUTIONS[architecture], _CHANNELS, strict=True), start=1
    ):
        for number in range(1, count + 1):
            shapes[f"block{block}_conv{number}"] = [(3, 3, inputs, outputs), (outputs,)]
            inputs = outputs
    return shapes
