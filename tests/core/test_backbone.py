"""The network against Keras' own, given the same weights; its border, its types, its scale."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.backbone import IMAGENET_ACTIVATION, Backbone, as_tensor, block_of
from core.decoding.pixels import Picture
from core.weights import Weights, load_weights
from tests.core.networks import random_vgg19


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
    found = Backbone(keras_weights, smooth=False).features(tf.constant(picture), layers)
    assert found.keys() == set(layers)
    for layer, activations in zip(layers, expected, strict=True):
        scale = float(tf.reduce_max(activations))
        assert scale > 0.1, "a layer that is silent shows nothing"
        np.testing.assert_allclose(found[layer], activations, atol=1e-4 * scale, err_msg=layer)


def means(network: Backbone, pictures: list[Picture]) -> dict[int, float]:
    """Each block's mean activation, over its layers and the pictures."""
    found: dict[int, list[float]] = {}
    for picture in pictures:
        for layer, feature in network.features(as_tensor(picture), network.weights.layers).items():
            found.setdefault(block_of(layer), []).append(float(tf.reduce_mean(feature)))
    return {block: float(np.mean(values)) for block, values in found.items()}


def test_for_the_article_the_packaged_network_is_brought_to_the_size_of_vgg19s(
    sample: Callable[[str, int], Picture],
) -> None:
    """The pictures are those that the numbers in core/backbone.py were measured on."""
    names = ("astronaut", "cat", "degas-dancers", "van-gogh-auvers")
    network = Backbone(load_weights("packaged")).exact()
    found = means(network, [sample(name, 512) for name in names])
    assert found == pytest.approx(IMAGENET_ACTIVATION, rel=0.05)


def test_for_all_else_the_packaged_network_is_as_it_is(sample: Callable[[str, int], Picture]) -> None:
    plain = Backbone(load_weights("packaged"))
    picture = as_tensor(sample("cat", 64))
    first = plain.features(picture, ["block1_conv1"])["block1_conv1"]
    kernel, bias = plain.weights.layers["block1_conv1"]
    bgr = picture[..., ::-1] - [103.939, 116.779, 123.68]
    by_hand = tf.nn.relu(tf.nn.conv2d(bgr, kernel, 1, "VALID") + bias)
    np.testing.assert_allclose(first[:, 1:-1, 1:-1], by_hand, atol=1e-4)


def test_a_network_that_is_not_the_packaged_one_is_never_scaled(small_network: Weights) -> None:
    picture = tf.constant(image(32, 32))
    layers = ["block1_conv2", "block5_conv1"]
    plain = Backbone(small_network, smooth=False).features(picture, layers)
    article = Backbone(small_network).exact().features(picture, layers)
    for layer in layers:
        np.testing.assert_array_equal(plain[layer], article[layer])


def test_random_vgg19_has_activations_of_imagenets_size(sample: Callable[[str, int], Picture]) -> None:
    """So that tests of painting with it are tests of painting at VGG19's scale."""
    found = means(
        Backbone(random_vgg19(), smooth=False), [sample(name, 128) for name in ("cat", "van-gogh-auvers")]
    )
    for block, wanted in IMAGENET_ACTIVATION.items():
        assert wanted / 2 < found[block] < wanted * 2


def test_a_flat_picture_has_no_border_when_it_is_mirrored(small_network: Weights) -> None:
    flat = tf.fill((1, 20, 24, 3), 240.0)
    layer = "block1_conv1"
    mirrored = Backbone(small_network).features(flat, [layer])[layer]
    published = Backbone(small_network, smooth=False).features(flat, [layer])[layer]
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
