"""Places: which pixel of which style each number stands for, and the way to another scale."""

import numpy as np
import pytest
import tensorflow as tf

from core.atlas import RADIUS, Atlas, lay_out

SIZES = [(20, 31), (17, 40), (33, 16)]


def picture(height: int, width: int, seed: int) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).uniform(0, 255, (1, height, width, 3)), tf.float32)


STYLES = [picture(*size, seed) for seed, size in enumerate(SIZES)]


def place(atlas: Atlas, style: int, row: int, column: int) -> int:
    """The number of a style's pixel, from what the attributes say."""
    return int((atlas.tops[style] + row) * atlas.width + RADIUS + column)


def all_places(atlas: Atlas, style: int) -> np.ndarray:
    height, width = atlas.sizes[style].numpy()
    return place(atlas, style, 0, 0) + np.arange(height)[:, None] * atlas.width + np.arange(width)


def style_and_pixel(atlas: Atlas, number: int) -> tuple[int, int, int]:
    """The other way round: style, row and column of a place."""
    row, column = divmod(number, atlas.width)
    style = int(np.searchsorted(atlas.tops.numpy(), row, side="right")) - 1
    return style, row - int(atlas.tops[style]), column - RADIUS


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_place_has_the_pixel_of_its_style(count: int) -> None:
    atlas = lay_out(STYLES[:count])
    assert [tuple(size) for size in atlas.sizes.numpy()] == SIZES[:count]
    assert atlas.picture.shape == (atlas.rows * atlas.width, 3)
    for number, style in enumerate(STYLES[:count]):
        np.testing.assert_array_equal(tf.gather(atlas.picture, all_places(atlas, number)), style[0])


def test_valid_are_the_styles_own_pixels_and_no_others() -> None:
    atlas = lay_out(STYLES)
    own = np.concatenate([all_places(atlas, number).ravel() for number in range(len(STYLES))])
    assert len(set(own)) == len(own) == sum(height * width for height, width in SIZES)
    np.testing.assert_array_equal(np.flatnonzero(atlas.valid), np.sort(own))


def test_around_every_valid_place_lies_a_whole_patch_of_its_style_mirrored_at_the_border() -> None:
    atlas = lay_out(STYLES)
    pixels, reach = atlas.picture.numpy(), np.arange(-RADIUS, RADIUS + 1)
    for number, style in enumerate(STYLES):
        bordered = np.pad(style[0], ((RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0)), "reflect")
        height, width = SIZES[number]
        for row, column in [(0, 0), (height - 1, 0), (0, width - 1), (height - 1, width - 1), (9, 7)]:
            around = place(atlas, number, row, column) + reach[:, None] * atlas.width + reach
            patch = bordered[row : row + len(reach), column : column + len(reach)]
            np.testing.assert_array_equal(pixels[around], patch)


def test_a_table_has_each_pixels_own_values_and_nothing_elsewhere() -> None:
    atlas = lay_out(STYLES)
    known = [tf.random.stateless_uniform((*size, 5), (number, 1)) + 1 for number, size in enumerate(SIZES)]
    table = atlas.field(known)
    assert table.shape == (atlas.rows * atlas.width, 5)
    for number, values in enumerate(known):
        np.testing.assert_array_equal(tf.gather(table, all_places(atlas, number)), values)
    assert not table.numpy()[~atlas.valid.numpy()].any()


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.1, 0.1, 0.8)])
def test_some_places_are_each_styles_share_of_them(shares: tuple[float, ...]) -> None:
    atlas = lay_out(STYLES)
    places = atlas.some_places(300, shares, 4).numpy()
    assert places.dtype == np.int32
    assert (np.diff(places) > 0).all()
    assert atlas.valid.numpy()[places].all()
    styles = [style_and_pixel(atlas, int(number))[0] for number in places]
    assert np.bincount(styles).tolist() == [round(300 * share) for share in shares]


def test_some_places_are_all_of_them_where_there_are_no_more() -> None:
    atlas = lay_out(STYLES)
    np.testing.assert_array_equal(
        atlas.some_places(100_000, (0.4, 0.3, 0.3), 0), np.flatnonzero(atlas.valid.numpy())
    )
    least = atlas.some_places(10, (0.999, 0.0005, 0.0005), 0).numpy()
    styles = {style_and_pixel(atlas, int(number))[0] for number in least}
    assert styles == {0, 1, 2}, "no style is left out"


def test_some_places_depend_on_the_seed_alone() -> None:
    atlas = lay_out(STYLES)
    first, again, other = (atlas.some_places(90, (0.4, 0.3, 0.3), seed).numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_carried_places_lie_at_the_corresponding_pixel_of_the_same_style(factor: int) -> None:
    """At twice the size a pixel two to the right has a place two to the right."""
    small = lay_out(STYLES)
    large = lay_out(
        [picture(factor * height, factor * width, seed) for seed, (height, width) in enumerate(SIZES)]
    )
    valid = np.flatnonzero(small.valid)
    before = np.random.default_rng(8).choice(valid, (9, 14)).astype(np.int32)
    after = large.carry(tf.constant(before), small, 9 * factor, 14 * factor).numpy()
    assert after.shape == (9 * factor, 14 * factor)
    assert large.valid.numpy()[after].all()
    for row in range(9 * factor):
        for column in range(14 * factor):
            style, y, x = style_and_pixel(small, int(before[row // factor, column // factor]))
            expected = style, y * factor + row % factor, x * factor + column % factor
            assert style_and_pixel(large, int(after[row, column])) == expected


@pytest.mark.parametrize(("height", "width"), [(19, 27), (17, 29), (9, 14), (20, 28)])
def test_carried_places_are_near_and_valid_whatever_the_sizes(height: int, width: int) -> None:
    """Odd sizes, and styles that do not grow: their resolution was at its end before."""
    small = lay_out(STYLES)
    sizes = [(39, 63), SIZES[1], (66, 31)]
    large = lay_out([picture(*size, seed) for seed, size in enumerate(sizes)])
    before = np.random.default_rng(8).choice(np.flatnonzero(small.valid), (9, 14)).astype(np.int32)
    after = large.carry(tf.constant(before), small, height, width).numpy()
    assert after.shape == (height, width)
    assert large.valid.numpy()[after].all()
    for row in range(height):
        for column in range(width):
            coarse = min(row * 9 // height, 8), min(column * 14 // width, 13)
            style, y, x = style_and_pixel(small, int(before[coarse]))
            found, *pixel = style_and_pixel(large, int(after[row, column]))
            assert found == style
            expected = y * sizes[style][0] / SIZES[style][0], x * sizes[style][1] / SIZES[style][1]
            assert np.abs(np.subtract(pixel, expected)).max() <= 3
