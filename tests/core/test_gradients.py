"""Whether the gradients followed are those of the losses reported, by finite differences."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import tensorflow as tf

from core.article import ArticleLoop
from core.backbone import Backbone
from core.objective import Objective, State, Weighting
from core.plan import Depth
from core.recipe import Article
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
    for part in parts_of(gradient):
        direction = part / tf.reduce_max(tf.abs(part))
        reach = 0.05  # levels at most, so that few units and poolings change their mind
        rise = (float(loss(place + reach * direction)) - float(loss(place - reach * direction))) / (2 * reach)
        assert rise == pytest.approx(float(tf.reduce_sum(gradient * direction)), rel=0.02)


def test_of_the_articles_total_loss(small_network: Weights) -> None:
    loop = ArticleLoop(Backbone(small_network, mirror_border=False), Article())
    targets = loop.targets(image(1), image(2))
    start = image(3)
    with tf.GradientTape() as tape:
        tape.watch(start)
        total = loop.losses(start, targets).total
    check(lambda place: loop.losses(place, targets).total, start, tape.gradient(total, start))


@pytest.mark.parametrize("depth", [Depth.ALL, Depth.TWO])
def test_of_the_pyramids_objective_in_every_band(small_network: Weights, depth: Depth) -> None:
    objective = Objective(Backbone(small_network))
    style, content = (
        objective.style_target(image(2), depth, seed=0),
        objective.content_target(image(1), depth),
    )
    start = State.of(image(3) + 40)  # partly beyond 255, for that to count too

    def step(bands: list[tf.Tensor]) -> tuple[State, tf.Tensor]:
        state = State(bands, start.first, start.second)
        moved, losses = objective.step(state, 1, 0.0, style, content, Weighting(0.2, 0.5, 1.0), depth)
        return moved, losses.total

    moved, _ = step(start.bands)
    for number, band in enumerate(start.bands):
        # Adam's first moment is, after one step from nothing, a tenth of the gradient.
        gradient = moved.first[number] / 0.1

        def loss(place: tf.Tensor, number: int = number) -> tf.Tensor:
            return step([*start.bands[:number], place, *start.bands[number + 1 :]])[1]

        check(loss, band, gradient)
