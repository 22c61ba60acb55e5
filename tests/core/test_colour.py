"""Colours carried over: means, covariances, and what happens to pictures that have hardly any."""

import numpy as np
import pytest

from core import colour


def picture(mean: tuple[float, ...], deviation: float, seed: int) -> np.ndarray:
    """Random correlated colours that stay well within 0..255, (H, W, 3)."""
    random = np.random.default_rng(seed)
    mixing = random.normal(0, 1, (3, 3))
    mixing *= deviation / np.linalg.norm(mixing, axis=0)
    colours = random.uniform(-1.7, 1.7, (40, 50, 3)) @ mixing + mean
    return colours.astype(np.float32)


def flat(*level: int) -> np.ndarray:
    return np.full((20, 30, 3), level, np.float32)


def grey_ramp() -> np.ndarray:
    return np.repeat(np.linspace(0, 255, 600).reshape(20, 30, 1), 3, axis=-1).astype(np.float32)


ORDINARY = picture((120, 110, 130), 25, 1)
OTHER = picture((140, 125, 100), 22, 2)
ODD = {
    "black": flat(0, 0, 0),
    "white": flat(255, 255, 255),
    "single colour": flat(200, 30, 90),
    "grey": grey_ramp(),
    "one channel": grey_ramp() * np.array([1, 0, 0], np.float32),
    "two colours": np.concatenate([flat(250, 0, 0), flat(0, 0, 250)]),
    "one speck": np.concatenate([flat(90, 90, 90).reshape(-1, 3)[:-1], [[255, 0, 0]]]).reshape(20, 30, 3),
}


def covariance(picture: np.ndarray) -> np.ndarray:
    return np.cov(picture.reshape(-1, 3).astype(np.float64), rowvar=False, bias=True)


def test_statistics_are_mean_and_covariance() -> None:
    mean, found = colour.palette_of([ORDINARY])
    np.testing.assert_allclose(mean, ORDINARY.reshape(-1, 3).mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(found, covariance(ORDINARY), rtol=1e-3, atol=0.1)


def test_the_palette_of_several_pictures_is_that_of_all_their_colours() -> None:
    """With shares like their sizes; else as if there were more of the one."""
    mean, found = colour.palette_of([ORDINARY, OTHER[:20]], (2 / 3, 1 / 3))
    together = np.concatenate([ORDINARY, OTHER[:20]])
    np.testing.assert_allclose(mean, together.mean(axis=(0, 1)), rtol=1e-4)
    np.testing.assert_allclose(found, covariance(together), rtol=1e-3, atol=0.1)
    mean, found = colour.palette_of([ORDINARY, OTHER], (0.75, 0.25))
    together = np.concatenate([ORDINARY, ORDINARY, ORDINARY, OTHER])
    np.testing.assert_allclose(mean, together.mean(axis=(0, 1)), rtol=1e-4)
    np.testing.assert_allclose(found, covariance(together), rtol=1e-3, atol=0.1)


def test_transport_is_symmetric_and_maps_one_covariance_to_the_other() -> None:
    source, target = covariance(ORDINARY), covariance(OTHER)
    matrix = colour.transport(source, target)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-9)
    np.testing.assert_allclose(matrix @ source @ matrix, target, atol=0.02 * np.trace(target))
    np.testing.assert_allclose(colour.transport(source, source), np.eye(3), atol=1e-9)


def test_matched_colours_have_the_references_mean_and_covariance() -> None:
    matched = colour.match_colours(ORDINARY, colour.palette_of([OTHER]))
    assert 0 < matched.min() < matched.max() < 255, "clipping would change the figures"
    np.testing.assert_allclose(matched.mean(axis=(0, 1)), OTHER.mean(axis=(0, 1)), atol=0.01)
    np.testing.assert_allclose(
        covariance(matched), covariance(OTHER), atol=0.02 * np.trace(covariance(OTHER))
    )


def test_a_picture_matched_to_itself_is_itself() -> None:
    np.testing.assert_allclose(
        colour.match_colours(ORDINARY, colour.palette_of([ORDINARY])), ORDINARY, atol=0.01
    )


@pytest.mark.parametrize("source", [*ODD.values(), ORDINARY], ids=[*ODD, "ordinary"])
@pytest.mark.parametrize("reference", [*ODD.values(), ORDINARY], ids=[*ODD, "ordinary"])
def test_odd_pictures_stay_finite_and_tame(source: np.ndarray, reference: np.ndarray) -> None:
    matched = colour.match_colours(source, colour.palette_of([reference]))
    assert np.isfinite(matched).all()
    assert matched.min() >= 0
    assert matched.max() <= 255
    moved = np.abs(np.diff(matched.reshape(-1, 3), axis=0)).max(initial=0)
    assert (
        moved <= 4.01 * np.linalg.norm(np.diff(source.reshape(-1, 3), axis=0), axis=1).max(initial=0) + 0.01
    )
    np.testing.assert_array_less(np.abs(matched.mean(axis=(0, 1)) - reference.mean(axis=(0, 1))), 40)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_picture_takes_the_references_mean(level: int) -> None:
    matched = colour.match_colours(flat(level, level, level), colour.palette_of([OTHER]))
    np.testing.assert_allclose(matched, np.broadcast_to(OTHER.mean(axis=(0, 1)), matched.shape), atol=0.01)


def test_a_grey_reference_leaves_no_colour_to_speak_of() -> None:
    matched = colour.match_colours(ORDINARY, colour.palette_of([grey_ramp()]))
    chroma = matched - colour.grey(matched)
    assert np.abs(chroma).mean() < 0.25 * np.abs(ORDINARY - colour.grey(ORDINARY)).mean()


def test_grey_is_the_luma_of_jpeg() -> None:
    luma = colour.grey(ORDINARY)
    np.testing.assert_allclose(luma[..., 0], ORDINARY @ [0.299, 0.587, 0.114], rtol=1e-5)
    assert (luma == luma[..., :1]).all()
    np.testing.assert_allclose(colour.grey(luma), luma, rtol=1e-5)


def test_kept_colours_are_the_paintings_luma_with_the_photos_chroma() -> None:
    kept = colour.keep_colours(OTHER, ORDINARY)
    assert 0 < kept.min() < kept.max() < 255, "clipping would change the figures"
    np.testing.assert_allclose(colour.grey(kept), colour.grey(OTHER), atol=0.01)
    np.testing.assert_allclose(kept - colour.grey(kept), ORDINARY - colour.grey(ORDINARY), atol=0.01)
