"""Sizes and bands of detail: whatever is split comes back, and what is blurred is as large as before."""

import numpy as np
import pytest
import tensorflow as tf

from core import pyramid

SIZES = [(64, 64), (33, 50), (17, 16), (7, 5), (1, 40), (2, 3), (1, 1)]


def image(height: int, width: int, seed: int = 0) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).uniform(0, 255, (1, height, width, 3)), tf.float32)


@pytest.mark.parametrize("levels", [1, 2, 5])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_split_bands_merge_into_the_image(height: int, width: int, levels: int) -> None:
    picture = image(height, width)
    bands = pyramid.split(picture, levels)
    assert len(bands) == levels
    np.testing.assert_allclose(pyramid.merge(bands), picture, atol=1e-3)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_each_band_has_half_the_sides_rounded_up(height: int, width: int) -> None:
    for number, band in enumerate(pyramid.split(image(height, width), 5)):
        assert tuple(band.shape[1:3]) == (-(-height // 2**number), -(-width // 2**number))


def test_a_flat_picture_has_nothing_but_its_coarsest_band() -> None:
    *fine, coarse = pyramid.split(tf.fill((1, 33, 50, 3), 90.0), 5)
    assert all(float(tf.reduce_max(tf.abs(band))) < 1e-3 for band in fine)
    np.testing.assert_allclose(coarse, 90, atol=1e-3)


def test_the_finest_band_has_what_is_small_and_the_coarsest_what_is_large() -> None:
    y, x = np.mgrid[:64, :64]
    large = 50 * np.cos(2 * np.pi * x / 64)
    checks = 50.0 * (-1) ** (x + y)
    for shades, number in ((checks, 0), (large, 4)):
        picture = tf.constant(np.repeat(shades[None, ..., None] + 120, 3, -1), tf.float32)
        energies = [float(tf.math.reduce_variance(band)) for band in pyramid.split(picture, 5)]
        assert int(np.argmax(energies)) == number


@pytest.mark.parametrize(("height", "width"), [(64, 48), (33, 50), (16, 320)])
@pytest.mark.parametrize("factor", [1.5, 4, 6])
def test_blurring_keeps_size_and_mean_and_takes_away_what_is_small(
    height: int, width: int, factor: float
) -> None:
    picture = image(height, width)
    blurred = pyramid.blur(picture, factor)
    assert blurred.shape == picture.shape
    assert float(tf.reduce_mean(blurred)) == pytest.approx(float(tf.reduce_mean(picture)), abs=3)
    assert np.std(blurred) < 0.7 * np.std(picture)


def test_more_blur_leaves_less() -> None:
    deviations = [float(np.std(pyramid.blur(image(60, 60), factor))) for factor in (1, 2, 4, 8)]
    assert deviations == sorted(set(deviations), reverse=True)


@pytest.mark.parametrize(("height", "width"), [(64, 48), (5, 3), (1, 1)])
def test_what_is_flat_stays_flat_at_any_size(height: int, width: int) -> None:
    flat = tf.fill((1, height, width, 3), 200.0)
    for resized in (pyramid.blur(flat, 4), pyramid.shrink(flat, 3, 7), pyramid.enlarge(flat, 70, 80)):
        np.testing.assert_allclose(resized, 200, atol=0.01)


def test_resized_pictures_have_the_size_asked_for_in_every_channel() -> None:
    picture = tf.concat([image(40, 30), image(40, 30, 1)], -1)
    assert pyramid.shrink(picture, 13, 9).shape == (1, 13, 9, 6)
    assert pyramid.enlarge(picture, 80, 61).shape == (1, 80, 61, 6)
    np.testing.assert_allclose(pyramid.shrink(picture, 40, 30), picture, atol=1e-3)
    np.testing.assert_allclose(pyramid.enlarge(picture, 40, 30), picture, atol=1e-3)


def test_shrinking_filters_first() -> None:
    """A chequerboard comes out grey, not as one of its two shades."""
    y, x = np.mgrid[:48, :48]
    checks = tf.constant(np.repeat((255.0 * ((x + y) % 2))[None, ..., None], 3, -1), tf.float32)
    np.testing.assert_allclose(pyramid.shrink(checks, 12, 12), 127.5, atol=15)
