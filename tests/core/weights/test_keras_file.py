"""Reading a user's own file: each layout that Keras writes, and files that are of no use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from core.weights import Layers, WeightsError, load_weights
from tests.core.networks import write_keras_file

VGG16 = (2, 2, 3, 3, 3)
VGG19 = (2, 2, 4, 4, 4)
CHANNELS = (64, 128, 256, 512, 512)


def numbered(convolutions: tuple[int, ...]) -> Layers:
    """A network at the real shapes, each layer of one number: 10 x block + number in the block."""
    layers, inputs = {}, 3
    for block, (count, outputs) in enumerate(zip(convolutions, CHANNELS, strict=True), start=1):
        for number in range(1, count + 1):
            value = np.float32(10 * block + number)
            kernel = np.broadcast_to(value, (3, 3, inputs, outputs))
            layers[f"block{block}_conv{number}"] = kernel, np.broadcast_to(value, outputs)
            inputs = outputs
    return layers


def keras_file(path: Path, convolutions: tuple[int, ...], *, root: str = "/", skip: str = "") -> Path:
    return write_keras_file(path, numbered(convolutions), root=root, skip=skip)


@pytest.mark.parametrize(
    ("convolutions", "architecture", "root"),
    [(VGG19, "vgg19", "/"), (VGG16, "vgg16", "/"), (VGG19, "vgg19", "/model_weights")],
)
def test_layers_are_found_by_name(
    tmp_path: Path, convolutions: tuple[int, ...], architecture: str, root: str
) -> None:
    path = keras_file(tmp_path / "mine.h5", convolutions, root=root)
    weights = load_weights(str(path))
    assert (weights.architecture, weights.name) == (architecture, "mine.h5")
    assert len(weights.layers) == sum(convolutions)
    for name, (kernel, bias) in weights.layers.items():
        assert kernel.shape[:2] == (3, 3)
        assert kernel.shape[3:] == bias.shape
        assert name == f"block{bias[0] // 10:.0f}_conv{bias[0] % 10:.0f}"
        assert kernel.flat[0] == bias[0]


@pytest.mark.parametrize("ending", [".h5", ".weights.h5"])
def test_what_keras_itself_saves_is_read_back_array_by_array(
    keras_vgg19: Any, tmp_path: Path, ending: str
) -> None:
    """`.h5` is a whole model by name, `.weights.h5` are arrays by position."""
    path = tmp_path / f"mine{ending}"
    if ending == ".h5":
        keras_vgg19.save(path)
    else:
        keras_vgg19.save_weights(path)
    assert_same(load_weights(str(path)).layers, keras_vgg19)


def test_the_file_that_keras_distributes_is_read_back_array_by_array(
    keras_vgg19: Any, tmp_path: Path
) -> None:
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    path = tmp_path / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, keras_vgg19)
    weights = load_weights(str(path))
    assert (weights.architecture, weights.name) == ("vgg19", path.name)
    assert_same(weights.layers, keras_vgg19)


def assert_same(layers: Layers, model: Any) -> None:
    expected = {layer.name: layer.get_weights() for layer in model.layers if layer.get_weights()}
    assert list(layers) == list(expected)
    for layer, arrays in expected.items():
        for found, array in zip(layers[layer], arrays, strict=True):
            assert found.dtype == np.float32
            np.testing.assert_array_equal(found, array)


def by_position(path: Path, layers: Layers) -> Path:
    """A `.weights.h5` file."""
    with h5py.File(path, "w") as file:
        for index, arrays in enumerate(layers.values()):
            for number, array in enumerate(arrays):
                name = f"layers/conv2d{f'_{index}' if index else ''}/vars/{number}"
                file.create_dataset(name, array.shape, "f4", fillvalue=array.flat[0])
    return path


def test_vgg16_is_found_by_position_too(tmp_path: Path) -> None:
    weights = load_weights(str(by_position(tmp_path / "mine.weights.h5", numbered(VGG16))))
    assert weights.architecture == "vgg16"
    assert {name: bias[0] for name, (_, bias) in weights.layers.items()} == {
        name: bias[0] for name, (_, bias) in numbered(VGG16).items()
    }


def broken_files(folder: Path) -> Iterator[tuple[Path, str]]:
    yield folder / "absent.h5", "There is no file"
    yield folder, "There is no file"
    text = folder / "text.h5"
    text.write_text("Not found")
    yield text, "not a readable file"
    whole = keras_file(folder / "whole.h5", VGG19).read_bytes()
    short = folder / "short.h5"
    short.write_bytes(whole[: len(whole) // 2])
    yield short, "truncated file"
    yield keras_file(folder / "lacking.h5", VGG19, skip="block5_conv2"), "no layer block5_conv2"
    yield keras_file(folder / "deep.h5", (2, 2, 4, 5, 4)), "block4_conv5"
    shape = keras_file(folder / "shape.h5", VGG19)
    with h5py.File(shape, "a") as file:
        del file["block2_conv1/block2_conv1_W_1:0"]
        file.create_dataset("block2_conv1/block2_conv1_W_1:0", (5, 5, 64, 128), "f4")
    yield shape, "block2_conv1"
    few = {layer: arrays for layer, arrays in numbered(VGG16).items() if layer < "block4"}
    yield by_position(folder / "few.weights.h5", few), "no layer block4_conv1"
    swapped = dict(zip(numbered(VGG16), reversed(numbered(VGG16).values()), strict=True))
    yield by_position(folder / "swapped.weights.h5", swapped), "block1_conv1"
    other = folder / "other.h5"
    with h5py.File(other, "w") as file:
        file["dense/vars/0"] = np.zeros(3)
    yield other, "not a readable file"


def test_a_file_that_is_no_use_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    for path, wrong in broken_files(tmp_path):
        with pytest.raises(WeightsError) as refused:
            load_weights(str(path))
        message = str(refused.value)
        assert str(path) in message
        assert wrong in message
        assert "\n" not in message
