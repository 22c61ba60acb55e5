"""The network against Keras' own, given the same weights, and the weights out of a file that Keras wrote."""

from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from core.backbone import Backbone
from core.weights import Weights, load_weights


def image(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(5).uniform(0, 255, (1, height, width, 3)).astype(np.float32)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (37, 50)])
def test_all_layers_are_as_keras_computes_them(
    keras_vgg19: Any, keras_weights: Weights, height: int, width: int
) -> None:
    layers = list(keras_weights.layers)
    outputs = [keras_vgg19.get_layer(layer).output for layer in layers]
    picture = image(height, width)
    expected = keras.Model(keras_vgg19.inputs, outputs)(
        keras.applications.vgg19.preprocess_input(picture.copy())
    )
    found = Backbone(keras_weights, mirror_border=False).features(tf.constant(picture), layers)
    assert found.keys() == set(layers)
    for layer, activations in zip(layers, expected, strict=True):
        scale = float(tf.reduce_max(activations))
        assert scale > 0.1, "a layer that is silent shows nothing"
        np.testing.assert_allclose(found[layer], activations, atol=1e-4 * scale, err_msg=layer)


def test_keras_own_file_is_read_back_array_by_array(keras_vgg19: Any, tmp_path: Path) -> None:
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    path = tmp_path / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, keras_vgg19)
    weights = load_weights(str(path))
    assert (weights.architecture, weights.name) == ("vgg19", path.name)
    convolutions = {layer.name: layer.get_weights() for layer in keras_vgg19.layers if layer.get_weights()}
    assert weights.layers.keys() == convolutions.keys()
    for layer, arrays in convolutions.items():
        for found, expected in zip(weights.layers[layer], arrays, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_a_flat_picture_has_no_border_when_it_is_mirrored(small_network: Weights) -> None:
    flat = tf.fill((1, 20, 24, 3), 240.0)
    layer = "block1_conv1"
    mirrored = Backbone(small_network).features(flat, [layer])[layer]
    published = Backbone(small_network, mirror_border=False).features(flat, [layer])[layer]
    np.testing.assert_allclose(mirrored, tf.broadcast_to(mirrored[:, 9:10, 9:10], mirrored.shape), atol=1e-3)
    assert float(tf.reduce_max(tf.abs(published - mirrored))) > 1
    np.testing.assert_allclose(published[:, 1:-1, 1:-1], mirrored[:, 1:-1, 1:-1], atol=1e-3)


def test_each_block_halves_the_sides_rounded_down(small_network: Weights) -> None:
    layers = [f"block{block}_conv1" for block in range(1, 6)]
    found = Backbone(small_network).features(tf.zeros((1, 45, 70, 3)), layers)
    sizes = [tuple(found[layer].shape[1:3]) for layer in layers]
    assert sizes == [(45, 70), (22, 35), (11, 17), (5, 8), (2, 4)]


def test_nothing_deeper_than_the_deepest_layer_asked_for_is_computed(small_network: Weights) -> None:
    """A picture of 2 px has nothing for the third block to see, and nobody asks it to."""
    found = Backbone(small_network).features(tf.zeros((1, 2, 2, 3)), ["block2_conv1"])
    assert found["block2_conv1"].shape[1:3] == (1, 1)


def test_a_layer_that_the_network_lacks_is_named(small_network: Weights) -> None:
    with pytest.raises(KeyError, match="block6_conv1"):
        Backbone(small_network).features(tf.zeros((1, 32, 32, 3)), ["block1_conv1", "block6_conv1"])


def test_bfloat16_features_are_about_those_of_float32(small_network: Weights) -> None:
    layers = ["block1_conv1", "block3_conv1", "block5_conv1"]
    picture = tf.constant(image(48, 64))
    exact = Backbone(small_network).features(picture, layers)
    short = Backbone(small_network, tf.bfloat16).features(picture, layers)
    for layer in layers:
        assert short[layer].dtype == tf.bfloat16
        off = tf.abs(tf.cast(short[layer], tf.float32) - exact[layer])
        assert float(tf.reduce_mean(off)) < 0.06 * float(tf.reduce_mean(exact[layer]))
