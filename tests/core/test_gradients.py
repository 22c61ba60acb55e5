"""Whether the gradients followed are those of the losses reported, by finite differences."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import tensorflow as tf

from core.article import ArticleLoop
from core.backbone import Backbone
from core.pyramid import merge
from core.recipe import Article
from core.refinement import Refinement, State, Targets, Weighting
from core.weights import Weights

HEIGHT, WIDTH = 48, 64


def image(seed: int) -> tf.Tensor:
    """Smooth random colours, (1, H, W, 3)."""
    coarse = np.random.default_rng(seed).uniform(20, 235, (1, HEIGHT // 4, WIDTH // 4, 3))
    return tf.image.resize(tf.constant(coarse, tf.float32), (HEIGHT, WIDTH), "bicubic")


def parts_of(gradient: tf.Tensor) -> Iterator[tf.Tensor]:
    """Directions to look along: the gradient itself, and random halves of it."""
    yield gradient
    for seed in range(3):
        yield gradient * np.random.default_rng(seed).integers(0, 2, gradient.shape).astype(np.float32)


def check(loss: Callable[[tf.Tensor], tf.Tensor], place: tf.Tensor, gradient: tf.Tensor) -> None:
    """The loss rises along each direction as the gradient says, within what float32 can tell."""
    assert float(tf.reduce_max(tf.abs(gradient))) > 0
    for part in parts_of(gradient):
        direction = part / tf.reduce_max(tf.abs(part))
        reach = 0.05  # levels at most, so that few units and poolings change their mind
        rise = (float(loss(place + reach * direction)) - float(loss(place - reach * direction))) / (2 * reach)
        assert rise == pytest.approx(float(tf.reduce_sum(gradient * direction)), rel=0.02)


def weighting(content: float, neighbour: float, gram: float, rate: float = 0.0) -> Weighting:
    return Weighting(*(tf.constant(value, tf.float32) for value in (content, neighbour, gram, rate)))


@pytest.fixture(scope="module")
def refinement(small_network: Weights) -> Refinement:
    return Refinement(Backbone(small_network))


def targets_of(refinement: Refinement, styles: int = 1) -> Targets:
    care = 1 + tf.random.stateless_uniform((1, HEIGHT, WIDTH, 1), (1, 1)) * 4
    shares = [0.7, 0.3] if styles == 2 else [1.0]
    return refinement.targets(image(1), [image(2), image(4)[:, :32]][:styles], shares, care, seed=0)


def test_of_the_articles_total_loss(small_network: Weights) -> None:
    loop = ArticleLoop(Backbone(small_network, smooth=False), Article())
    targets = loop.targets(image(1), [image(2), image(4)], [0.7, 0.3])
    start = image(3)
    with tf.GradientTape() as tape:
        tape.watch(start)
        total = loop.losses(start, targets).total
    check(lambda place: loop.losses(place, targets).total, start, tape.gradient(total, start))


@pytest.mark.parametrize(
    "weights", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.2, 2, 0.5)], ids=["content", "neighbour", "gram", "all"]
)
@pytest.mark.parametrize("styles", [1, 2])
def test_of_the_refinements_loss(
    refinement: Refinement, weights: tuple[float, float, float], styles: int
) -> None:
    targets = targets_of(refinement, styles)
    start = image(3) + 40  # partly beyond 255, for that to count too
    with tf.GradientTape() as tape:
        tape.watch(start)
        total = refinement.loss(start, targets, weighting(*weights)).total
    gradient = tape.gradient(total, start)
    check(lambda place: refinement.loss(place, targets, weighting(*weights)).total, start, gradient)


def test_a_step_follows_the_gradient_in_every_band(refinement: Refinement) -> None:
    targets, weights, start = targets_of(refinement), weighting(0.2, 2, 0.5), State.of(image(3) + 40)
    moved, losses = refinement.step(start, targets, weights)
    assert float(losses.total) == pytest.approx(
        float(refinement.loss(merge(start.bands), targets, weights).total), rel=1e-4
    )
    for number, band in enumerate(start.bands):
        # Adam's first moment is, after one step from nothing, a part of the gradient.
        with tf.GradientTape() as tape:
            tape.watch(band)
            bands = [*start.bands[:number], band, *start.bands[number + 1 :]]
            total = refinement.loss(merge(bands), targets, weights).total
        gradient = tape.gradient(total, band).numpy()
        share = np.sum(moved.first[number] * gradient) / np.sum(gradient**2)
        assert 0 < share < 1
        np.testing.assert_allclose(
            moved.first[number], share * gradient, atol=1e-3 * share * np.abs(gradient).max()
        )


def test_at_a_rate_of_nothing_the_image_stays(refinement: Refinement) -> None:
    start = State.of(image(3))
    moved, _ = refinement.step(start, targets_of(refinement), weighting(0.2, 2, 0.5, rate=0))
    np.testing.assert_allclose(merge(moved.bands), image(3), atol=0.01)
    assert float(moved.steps) == float(start.steps) + 1


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_the_first_step_moves_no_band_further_than_the_rate(refinement: Refinement, rate: float) -> None:
    start = State.of(image(3))
    moved, _ = refinement.step(start, targets_of(refinement), weighting(0.2, 2, 0.5, rate=rate))
    for before, after in zip(start.bands, moved.bands, strict=True):
        assert 0 < float(tf.reduce_max(tf.abs(after - before))) <= rate * 1.001
    coarse = moved.bands[-1] - start.bands[-1]
    assert float(tf.reduce_mean(tf.abs(coarse))) == pytest.approx(rate, rel=0.05), (
        "Adam's are all of a length"
    )


def test_many_steps_lower_the_loss_and_keep_to_the_range(refinement: Refinement) -> None:
    state, targets, totals = State.of(image(3) + 40), targets_of(refinement, 2), []
    for _ in range(15):
        state, losses = refinement.step(state, targets, weighting(0.2, 2, 0.5, rate=2))
        totals.append(float(losses.total))
    assert totals[-1] < 0.8 * totals[0]
    assert float(tf.reduce_min(state.image)) >= 0
    assert float(tf.reduce_max(state.image)) <= 255


def test_more_care_weighs_content_more_and_nothing_else(refinement: Refinement) -> None:
    plain, careful = (
        refinement.targets(image(1), [image(2)], [1.0], tf.fill((1, HEIGHT, WIDTH, 1), care), seed=0)
        for care in (1.0, 3.0)
    )
    once, thrice = (refinement.loss(image(3), targets, weighting(1, 1, 1)) for targets in (plain, careful))
    assert float(thrice.content) == pytest.approx(3 * float(once.content), rel=1e-3)
    assert float(thrice.style) == pytest.approx(float(once.style), rel=1e-3)


def test_the_style_itself_has_hardly_any_loss_of_style(refinement: Refinement) -> None:
    style = image(2)
    targets = refinement.targets(style, [style], [1.0], tf.ones((1, HEIGHT, WIDTH, 1)), seed=0)
    of_itself, of_another = (refinement.loss(one, targets, weighting(1, 1, 1)) for one in (style, image(3)))
    assert float(of_itself.style) < 0.01 * float(of_another.style)
    assert float(of_itself.content) < 0.01 * float(of_another.content)
