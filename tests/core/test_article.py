"""`classic` against the article's program in its fewest lines, on Keras' own VGG19 with random weights."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.article import ArticleLoop
from core.backbone import Backbone, as_tensor
from core.decoding.pixels import Picture
from core.painter import Painter
from core.recipe import Article, Recipe, Strength
from core.weights import Weights

SIDE = 64
STEPS = 4


class Reference(NamedTuple):
    total: float
    style: float
    content: float
    image: np.ndarray


def reference(model: Any, content: np.ndarray, style: np.ndarray, steps: int) -> Iterator[Reference]:
    """The losses of each image on the way, the content's first; written from the article and from Adam's."""
    layers = [*(f"block{block}_conv1" for block in range(1, 6)), "block5_conv2"]
    network = keras.Model(model.inputs, [model.get_layer(layer).output for layer in layers])

    def describe(image: np.ndarray | tf.Tensor) -> tuple[list[tf.Tensor], tf.Tensor]:
        bgr = image[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)
        *shown, deep = network(bgr)
        return [tf.einsum("bijc,bijd->cd", f, f) / (f.shape[1] * f.shape[2]) for f in shown], deep

    wanted_style, wanted_content = describe(style)[0], describe(content)[1]
    image, first, second = content, 0, 0
    for number in range(1, steps + 2):
        with tf.GradientTape() as tape:
            pixels = tf.Variable(image)
            grams, deep = describe(pixels)
            pairs = zip(grams, wanted_style, strict=True)
            style_loss = sum(tf.reduce_mean((gram - wanted) ** 2) / 5 for gram, wanted in pairs)
            content_loss = tf.reduce_mean((deep - wanted_content) ** 2)
            total = 0.01 * style_loss + 1000 * content_loss
        yield Reference(float(total), float(style_loss), float(content_loss), image)
        gradient = tape.gradient(total, pixels).numpy()
        first = 0.99 * first + 0.01 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = 2 * np.sqrt(1 - 0.999**number) / (1 - 0.99**number)
        image = np.clip(image - rate * first / (np.sqrt(second) + 0.1), 0, 255).astype(np.float32)


@pytest.fixture(scope="module")
def photo(sample: Callable[[str, int], Picture]) -> Picture:
    return sample("astronaut", SIDE)


@pytest.fixture(scope="module")
def style(sample: Callable[[str, int], Picture]) -> Picture:
    return sample("van-gogh-auvers", 60)  # smaller than the photo, so never resized


@pytest.fixture(scope="module")
def expected(keras_vgg19: Any, photo: Picture, style: Picture) -> list[Reference]:
    return list(reference(keras_vgg19, floats(photo), floats(style), STEPS))


def floats(picture: Picture) -> np.ndarray:
    return picture[None].astype(np.float32)


def test_preprocessing_is_as_keras_has_it() -> None:
    """So the reference above, which spells it out, rests on the same numbers."""
    picture = np.random.default_rng(1).uniform(0, 255, (1, 4, 5, 3)).astype(np.float32)
    spelt_out = picture[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)
    np.testing.assert_allclose(
        keras.applications.vgg19.preprocess_input(picture.copy()), spelt_out, atol=1e-4
    )


def test_the_first_steps_are_the_articles(
    keras_weights: Weights, photo: Picture, style: Picture, expected: list[Reference]
) -> None:
    loop = ArticleLoop(Backbone(keras_weights, smooth=False), Article())
    found = list(loop.run(as_tensor(photo), [as_tensor(style)], [1.0], STEPS))
    assert len(found) == len(expected) == STEPS + 1
    for (losses, image), step in zip(found, expected, strict=True):
        assert float(losses.total) == pytest.approx(step.total, rel=1e-3)
        assert float(losses.style) == pytest.approx(step.style, rel=1e-3)
        assert float(losses.content) == pytest.approx(step.content, rel=1e-3, abs=1e-6)
        assert np.abs(image - step.image).mean() < 0.1
    assert expected[-1].total < 0.9 * expected[0].total, "a loop that stands still would agree with anything"


def test_classic_reports_the_loss_after_every_step(
    keras_weights: Weights, photo: Picture, style: Picture, expected: list[Reference]
) -> None:
    painter = Painter(Backbone(keras_weights))  # whatever border and type other strengths have
    steps = list(painter.paint(photo, [style], Recipe(Strength.CLASSIC, steps=STEPS)))
    assert [(step.index, step.total, step.scale) for step in steps] == [
        (number, STEPS, SIDE) for number in range(1, STEPS + 1)
    ]
    for step, after in zip(steps, expected[1:], strict=True):
        assert step.losses is not None
        assert step.losses.total == pytest.approx(after.total, rel=1e-3)
        assert step.losses.style == pytest.approx(after.style, rel=1e-3)
        assert step.losses.content == pytest.approx(after.content, rel=1e-3)
    assert np.abs(steps[-1].picture() - expected[-1].image[0]).mean() < 0.5


def test_the_image_of_least_loss_is_kept(keras_vgg19: Any, keras_weights: Weights, photo: Picture) -> None:
    """From a start that is all but perfect, steps of two levels lead away: the start itself is the best."""
    style = photo.copy()
    style[::7, ::5] ^= 32
    expected = list(reference(keras_vgg19, floats(photo), floats(style), 3))
    best = min(expected, key=lambda step: step.total)
    assert best is not expected[-1], "the case should be one where the loss rises again"
    painter = Painter(Backbone(keras_weights))
    *_, last = painter.paint(photo, [style], Recipe(Strength.CLASSIC, steps=3))
    assert np.abs(last.picture() - best.image[0]).mean() < 0.5


def test_several_styles_count_by_their_shares(small_network: Weights, photo: Picture, style: Picture) -> None:
    loop = ArticleLoop(Backbone(small_network, smooth=False), Article())
    content, *styles = as_tensor(photo), as_tensor(style), as_tensor(255 - photo[:40])
    both = loop.targets(content, styles, [0.7, 0.3])
    one, other = (loop.targets(content, [alone], [1.0]) for alone in styles)
    np.testing.assert_array_equal(both.content, one.content)
    for gram, first, second in zip(both.grams, one.grams, other.grams, strict=True):
        np.testing.assert_allclose(gram, 0.7 * first + 0.3 * second, rtol=1e-4, atol=1e-5)


def test_every_image_stays_within_range(small_network: Weights) -> None:
    extremes = np.random.default_rng(3).choice([0, 255], (SIDE, SIDE, 3)).astype(np.float32)
    loop = ArticleLoop(Backbone(small_network, smooth=False), Article())
    images = [image for _, image in loop.run(as_tensor(extremes), [as_tensor(255 - extremes[:40])], [1.0], 5)]
    assert all(float(tf.reduce_min(image)) >= 0 and float(tf.reduce_max(image)) <= 255 for image in images)
    assert not np.array_equal(images[-1], images[0])
