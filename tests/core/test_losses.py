"""Every loss against a few lines of NumPy in double precision."""

import numpy as np
import pytest
import tensorflow as tf

from core import losses

SHAPES = [(1, 5, 7, 4), (1, 16, 16, 32), (1, 1, 1, 3)]


def features(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(1, 3, shape).astype(np.float32)


def everywhere(shape: tuple[int, ...]) -> np.ndarray:
    return np.ones((*shape[:3], 1), np.float32)


def numpy_gram(activations: np.ndarray) -> np.ndarray:
    flat = activations.reshape(-1, activations.shape[-1]).astype(np.float64)
    return flat.T @ flat / len(flat)


@pytest.mark.parametrize("shape", SHAPES)
def test_content_loss_is_the_mean_squared_difference(shape: tuple[int, ...]) -> None:
    a, b = features(shape, 1), features(shape, 2)
    expected = np.mean((a.astype(np.float64) - b) ** 2)
    assert float(losses.content_loss(a, b)) == pytest.approx(expected, rel=1e-5)
    assert float(losses.content_loss(a, a)) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_gram_matrix_is_the_mean_outer_product(shape: tuple[int, ...]) -> None:
    activations = features(shape, 1)
    np.testing.assert_allclose(losses.gram_matrix(activations), numpy_gram(activations), rtol=1e-4, atol=1e-4)


def test_gram_matrix_does_not_depend_on_the_size_of_the_picture() -> None:
    tile = features((1, 4, 6, 5), 1)
    tiled = np.tile(tile, (1, 3, 2, 1))
    np.testing.assert_allclose(losses.gram_matrix(tiled), losses.gram_matrix(tile), rtol=1e-4, atol=1e-4)


def test_layer_style_loss_is_the_mean_squared_difference_of_grams() -> None:
    a, b = numpy_gram(features(SHAPES[0], 1)), numpy_gram(features(SHAPES[0], 2))
    found = losses.layer_style_loss(tf.constant(a), tf.constant(b))
    assert float(found) == pytest.approx(np.mean((a - b) ** 2))


def test_total_loss_weighs_style_and_content() -> None:
    assert float(losses.total_loss(tf.constant(3.0), tf.constant(5.0), 0.01, 1000.0)) == pytest.approx(
        5000.03
    )


def test_relative_style_loss_is_one_where_nothing_of_the_style_is_there() -> None:
    target = numpy_gram(features(SHAPES[1], 1)).astype(np.float32)
    assert float(losses.relative_style_loss(tf.zeros_like(target), target)) == pytest.approx(1)
    assert float(losses.relative_style_loss(target, target)) == 0
    assert float(losses.relative_style_loss(10 * target, 7 * target)) == pytest.approx(9 / 49)


def test_relative_content_loss_is_over_the_targets_variance() -> None:
    a, b = features(SHAPES[1], 1), features(SHAPES[1], 2)
    b *= 0.4  # far from a mean that adds to its variance
    b -= b.mean()
    expected = np.mean((a.astype(np.float64) - b) ** 2) / np.var(b.astype(np.float64))
    found = losses.relative_content_loss(a, b, everywhere(SHAPES[1]))
    assert float(found) == pytest.approx(expected, rel=0.02)
    assert float(losses.relative_content_loss(b, b, everywhere(SHAPES[1]))) == 0


@pytest.mark.parametrize("scale", [0.01, 1, 100])
def test_relative_losses_are_the_same_for_networks_of_any_scale(scale: float) -> None:
    a, b = features(SHAPES[1], 1), features(SHAPES[1], 2)
    care = np.abs(features((*SHAPES[1][:3], 1), 3))
    plain, scaled = (losses.relative_content_loss(x, y, care) for x, y in ((a, b), (scale * a, scale * b)))
    assert float(scaled) == pytest.approx(float(plain), rel=1e-3)
    grams = losses.gram_matrix(a), losses.gram_matrix(b)
    scaled_grams = losses.gram_matrix(scale * a), losses.gram_matrix(scale * b)
    expected = float(losses.relative_style_loss(*grams))
    assert float(losses.relative_style_loss(*scaled_grams)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("level", [0, 3])
def test_a_flat_photo_has_a_finite_content_loss(level: float) -> None:
    a, flat = features(SHAPES[1], 1), np.full(SHAPES[1], level, np.float32)
    assert np.isfinite(losses.relative_content_loss(a, flat, everywhere(SHAPES[1])))
    assert float(losses.relative_content_loss(flat, flat, everywhere(SHAPES[1]))) == 0


def test_content_counts_where_care_is_taken() -> None:
    a, b = features(SHAPES[1], 1), features(SHAPES[1], 2)
    care = np.abs(features((*SHAPES[1][:3], 1), 3))
    squared = (a.astype(np.float64) - b) ** 2
    whole = float(losses.relative_content_loss(a, b, everywhere(SHAPES[1])))
    found = float(losses.relative_content_loss(a, b, care))
    assert found == pytest.approx(whole * np.mean(care * squared) / np.mean(squared), rel=1e-4)
    assert float(losses.relative_content_loss(a, b, 0 * care)) == 0


def test_neighbour_loss_is_the_mean_distance_to_the_nearest_direction() -> None:
    painted, style = features((1, 5, 6, 8), 1), features((1, 4, 3, 8), 2)
    mean = style.mean(axis=(0, 1, 2))
    a, b = painted.reshape(-1, 8) - mean, style.reshape(-1, 8) - mean
    cosines = (a @ b.T) / np.linalg.norm(a, axis=1)[:, None] / np.linalg.norm(b, axis=1)
    found = losses.neighbour_loss(
        losses.neighbour_directions(painted, mean), losses.neighbour_directions(style, mean)
    )
    assert float(found) == pytest.approx(np.mean(1 - cosines.max(axis=1)), rel=1e-4)


def test_neighbour_loss_vanishes_where_every_place_is_found_in_the_style() -> None:
    style = features((1, 4, 6, 8), 2)
    mean = style.mean(axis=(0, 1, 2))
    directions = losses.neighbour_directions(style, mean)
    assert float(losses.neighbour_loss(directions[5:9], directions)) == pytest.approx(0, abs=1e-5)


def test_range_loss_counts_only_what_clipping_would_take_away() -> None:
    image = np.array([[[[-10, 0, 100], [255, 258, 30]]]], np.float32)
    assert float(losses.range_loss(image)) == pytest.approx((10**2 + 3**2) / 6)


def test_a_nearest_that_was_looked_for_in_bfloat16_is_about_as_near() -> None:
    painted, style = features((1, 5, 6, 8), 1), features((1, 4, 30, 8), 2)
    mean = style.mean(axis=(0, 1, 2))
    directions, of_style = (losses.neighbour_directions(known, mean) for known in (painted, style))
    exact = float(losses.neighbour_loss(directions, of_style))
    short = losses.neighbour_loss(directions, tf.cast(of_style, tf.bfloat16))
    assert short.dtype == tf.float32
    assert float(short) == pytest.approx(exact, abs=0.01)


def test_a_place_that_is_the_styles_mean_has_a_finite_loss() -> None:
    style = features((1, 4, 6, 8), 2)
    mean = style.mean(axis=(0, 1, 2))
    nowhere = losses.neighbour_directions(np.broadcast_to(mean, (1, 2, 2, 8)), mean)
    np.testing.assert_allclose(nowhere, 0, atol=0.5)
    assert np.isfinite(losses.neighbour_loss(nowhere, losses.neighbour_directions(style, mean)))


def test_losses_of_bfloat16_features_are_float32_and_about_the_same() -> None:
    a, b = features(SHAPES[1], 1), features(SHAPES[1], 2)
    short_a, short_b = tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16)
    content, gram = losses.content_loss(short_a, short_b), losses.gram_matrix(short_a)
    assert content.dtype == gram.dtype == tf.float32
    assert float(content) == pytest.approx(float(losses.content_loss(a, b)), rel=0.02)
    np.testing.assert_allclose(gram, numpy_gram(a), rtol=0.02, atol=0.1)
