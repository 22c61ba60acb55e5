"""Bands of detail: whatever is split comes back, and mixtures are of what they say."""

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


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_all_shares_one_is_the_draft_and_all_zero_the_photo(height: int, width: int) -> None:
    drafted, photo = image(height, width, 1), image(height, width, 2)
    np.testing.assert_allclose(pyramid.mix(drafted, photo, [1] * 5), drafted, atol=1e-3)
    np.testing.assert_allclose(pyramid.mix(drafted, photo, [0] * 5), photo, atol=1e-3)
    np.testing.assert_allclose(pyramid.mix(drafted, photo, [0.5] * 5), (drafted + photo) / 2, atol=1e-3)


def test_the_first_share_is_that_of_the_finest_band() -> None:
    drafted, photo = image(32, 48, 1), image(32, 48, 2)
    mixed = pyramid.split(pyramid.mix(drafted, photo, [1, 0, 0, 0, 0]), 5)
    np.testing.assert_allclose(mixed[-1], pyramid.split(photo, 5)[-1], atol=4)
    details = [pyramid.split(picture, 5)[0] for picture in (drafted, photo)]
    closeness = [float(tf.reduce_mean(tf.abs(mixed[0] - detail))) for detail in details]
    assert closeness[0] < 0.5 * closeness[1]
