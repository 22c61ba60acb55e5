"""The guide: shades brought to the style's, detail, and features that compare a photo with a painting."""

from collections.abc import Callable

import numpy as np
import pytest
import tensorflow as tf

from core import guide
from core.backbone import Backbone
from core.decoding.pixels import Picture
from core.painter import Painter
from core.weights import Weights

Sample = Callable[[str, int], Picture]
MANY = np.linspace(0, 1, 101)


def floats(picture: Picture) -> tf.Tensor:
    return tf.constant(picture[None], tf.float32)


def luma(picture: tf.Tensor) -> np.ndarray:
    return (np.asarray(picture, np.float64) @ [0.299, 0.587, 0.114])[0]


@pytest.fixture(scope="module")
def photo(sample: Sample) -> tf.Tensor:
    return floats(sample("astronaut", 96))


@pytest.fixture(scope="module")
def style(sample: Sample) -> tf.Tensor:
    return floats(sample("van-gogh-auvers", 80))


@pytest.fixture(scope="module")
def semantics(painter: Painter) -> guide.Semantics:
    return guide.Semantics(painter.backbone)


def flat(level: float) -> tf.Tensor:
    return tf.fill((1, 40, 48, 3), level)


def test_luma_is_that_of_jpeg(photo: tf.Tensor) -> None:
    np.testing.assert_allclose(guide.luma(photo)[..., 0], luma(photo)[None], rtol=1e-4)


# Quantiles


def test_quantiles_of_one_picture_are_its_lumas(style: tf.Tensor) -> None:
    found = guide.quantiles([style], [1.0]).numpy()
    assert (np.diff(found) > 0).all()
    np.testing.assert_allclose(found, np.quantile(luma(style), np.linspace(0, 1, len(found))), atol=0.5)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_quantiles_of_two_pictures_count_them_by_their_shares_not_by_their_sizes(share: float) -> None:
    random = np.random.default_rng(1)
    dark = tf.constant(random.uniform(0, 100, (1, 20, 20, 1)).repeat(3, -1), tf.float32)
    light = tf.constant(random.uniform(150, 250, (1, 60, 70, 1)).repeat(3, -1), tf.float32)
    found = guide.quantiles([dark, light], [share, 1 - share]).numpy()
    assert (np.diff(found) > 0).all()
    assert (found < 125).mean() == pytest.approx(share, abs=0.02)
    assert found[0] == pytest.approx(luma(dark).min(), abs=1)
    assert found[-1] == pytest.approx(luma(light).max(), abs=1)


def test_a_photo_brought_to_a_styles_quantiles_has_them(sample: Sample, style: tf.Tensor) -> None:
    photo = floats(sample("cat", 96))
    own, wanted = guide.quantiles([photo], [1.0]), guide.quantiles([style], [1.0])
    found = luma(guide.equalised(photo, own, wanted))
    np.testing.assert_allclose(np.quantile(found, MANY), np.quantile(luma(style), MANY), atol=2.5)


def test_what_is_lighter_stays_lighter_and_hue_stays(photo: tf.Tensor, style: tf.Tensor) -> None:
    own, wanted = guide.quantiles([photo], [1.0]), guide.quantiles([style], [1.0])
    found = guide.equalised(photo, own, wanted)
    order = np.argsort(luma(photo), axis=None)
    assert np.diff(luma(found).ravel()[order]).min() > -0.01
    change = np.asarray(found - photo)
    np.testing.assert_allclose(change, change[..., :1].repeat(3, -1), atol=0.01)


def test_a_photo_brought_to_its_own_quantiles_stays(photo: tf.Tensor) -> None:
    own = guide.quantiles([photo], [1.0])
    np.testing.assert_allclose(guide.equalised(photo, own, own), photo, atol=0.5)


@pytest.mark.parametrize("level", [0.0, 128.0, 255.0])
def test_flat_pictures_can_be_equalised(style: tf.Tensor, level: float) -> None:
    """A flat photo comes to some shade of the style's, a photo to a flat style's only one."""
    of_flat, of_style = guide.quantiles([flat(level)], [1.0]), guide.quantiles([style], [1.0])
    found = luma(guide.equalised(flat(level), of_flat, of_style))
    assert np.ptp(found) < 0.01
    assert luma(style).min() - 1 <= found.mean() <= luma(style).max() + 1
    np.testing.assert_allclose(luma(guide.equalised(style, of_style, of_flat)), level, atol=0.5)


@pytest.mark.parametrize("ground", [0.0, 128.0, 255.0])
def test_a_shade_of_many_pixels_comes_to_the_middle_of_its_quantiles(style: tf.Tensor, ground: float) -> None:
    """White paper, a night sky: not to the darkest shade that as many of the style's pixels have."""
    picture = np.full((1, 50, 50, 3), ground, np.float32)
    picture[:, 10:20, 10:60] = 128.0 if ground != 128.0 else 200.0
    drawing = tf.constant(picture)
    own, wanted = guide.quantiles([drawing], [1.0]), guide.quantiles([style], [1.0])
    found = luma(guide.equalised(drawing, own, wanted))[0, 0]
    below = (luma(drawing) < ground - 0.1).mean()
    middle = below + (np.abs(luma(drawing) - ground) < 0.1).mean() / 2
    assert found == pytest.approx(np.quantile(luma(style), middle), abs=5)


# Shading and detail


def test_shading_is_luma_and_blurred_colours_times_the_weight(photo: tf.Tensor) -> None:
    once, thrice = guide.shading(photo, 1.0).numpy(), guide.shading(photo, 3.0).numpy()
    assert once.shape == (*photo.shape[1:3], 4)
    np.testing.assert_allclose(thrice, 3 * once, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(once[..., 0], luma(photo), atol=0.01)
    assert np.abs(once[..., 1:].mean((0, 1)) - photo.numpy()[0].mean((0, 1))).max() < 3
    assert np.abs(np.diff(once[..., 1:], axis=0)).mean() < 0.5 * np.abs(np.diff(photo[0], axis=0)).mean()


def test_detail_has_a_mean_of_one_and_lies_where_the_detail_is() -> None:
    busy = np.full((1, 60, 80, 3), 128.0, np.float32)
    busy[:, 20:40, 50:70] = np.random.default_rng(2).choice([0, 255], (1, 20, 20, 1))
    found = guide.detail(tf.constant(busy)).numpy()
    assert found.shape == (1, 60, 80, 1)
    assert found.mean() == pytest.approx(1, abs=0.01)
    assert found.min() >= 0
    assert found[0, 25:35, 55:65].min() > 2
    assert found[0, :, :30].max() < 0.2


def test_detail_is_relative_to_the_photos_own(photo: tf.Tensor) -> None:
    paler = 100 + 0.3 * photo
    np.testing.assert_allclose(guide.detail(paler), guide.detail(photo), atol=0.02)


@pytest.mark.parametrize("level", [0.0, 128.0, 255.0])
@pytest.mark.parametrize(("height", "width"), [(16, 16), (16, 320), (61, 47)])
def test_a_flat_photo_has_no_detail(level: float, height: int, width: int) -> None:
    found = guide.detail(tf.fill((1, height, width, 3), level)).numpy()
    assert found.shape == (1, height, width, 1)
    np.testing.assert_allclose(found, 0, atol=0.1)


# Semantics


def test_the_channels_are_as_many_as_said_at_each_pictures_size(
    semantics: guide.Semantics, photo: tf.Tensor, style: tf.Tensor
) -> None:
    of_photo, of_styles = semantics.compare(photo, [style, photo[:, :50]]).channels(15.0)
    assert of_photo.shape[:2] == photo.shape[1:3]
    assert [found.shape[:2] for found in of_styles] == [style.shape[1:3], (50, photo.shape[2])]
    assert {found.shape[2] for found in (of_photo, *of_styles)} == {of_photo.shape[2]}


@pytest.mark.parametrize("name", ["astronaut", "degas-dancers"])
def test_the_same_picture_as_photo_and_style_has_the_same_channels(
    semantics: guide.Semantics, sample: Sample, name: str
) -> None:
    picture = floats(sample(name, 72))
    of_photo, (of_style,) = semantics.compare(picture, [picture]).channels(15.0)
    assert np.std(of_photo) > 1
    np.testing.assert_array_equal(of_photo, of_style)


def test_the_weight_is_the_channels_deviation_in_the_photo(
    semantics: guide.Semantics, photo: tf.Tensor, style: tf.Tensor
) -> None:
    once, thrice = (semantics.compare(photo, [style]).channels(weight) for weight in (5.0, 15.0))
    np.testing.assert_allclose(thrice[0], 3 * once[0], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(thrice[1][0], 3 * once[1][0], rtol=1e-3, atol=1e-3)
    half = once[0].shape[-1] // 2  # of each of the two layers
    for layer in (once[0][..., :half], once[0][..., half:]):
        length = np.sqrt(np.mean(np.sum(np.square(layer), -1)))
        assert 3 < length < 5.5  # some is lost on the way to the picture's size


@pytest.mark.parametrize("level", [0.0, 128.0, 255.0])
def test_flat_pictures_have_finite_channels(
    semantics: guide.Semantics, photo: tf.Tensor, style: tf.Tensor, level: float
) -> None:
    for one, others in [(flat(level), [style]), (photo, [flat(level)]), (flat(level), [flat(level)])]:
        of_photo, of_styles = semantics.compare(one, others).channels(15.0)
        for found in (of_photo, *of_styles):
            assert np.isfinite(found).all()
            assert np.abs(found).max() < 1e4


def test_another_network_with_few_channels_will_do(
    small_network: Weights, photo: tf.Tensor, style: tf.Tensor
) -> None:
    of_photo, (of_style,) = guide.Semantics(Backbone(small_network)).compare(photo, [style]).channels(15.0)
    assert of_photo.shape[2] == of_style.shape[2] > 0
    assert np.isfinite(of_photo).all()
    assert np.isfinite(of_style).all()


def test_what_a_picture_shows_counts_more_than_how_it_is_lit(
    semantics: guide.Semantics, photo: tf.Tensor
) -> None:
    """A paler print of the photo agrees with it place by place better than the photo turned over."""
    of_photo, (paler, turned) = semantics.compare(photo, [90 + 0.5 * photo, photo[:, ::-1]]).channels(15.0)
    assert np.abs(of_photo - paler).mean() < 0.5 * np.abs(of_photo - turned).mean()
