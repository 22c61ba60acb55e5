"""Describe, search, spread and vote, each against what a few lines of NumPy make of small pictures."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import tensorflow as tf

from core import patches
from core.atlas import PATCH, RADIUS, Atlas, lay_out
from core.decoding.pixels import Picture


def noise(height: int, width: int, seed: int) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).uniform(0, 255, (1, height, width, 3)), tf.float32)


def smooth(height: int, width: int, seed: int) -> tf.Tensor:
    coarse = np.random.default_rng(seed).uniform(20, 235, (1, height // 4, width // 4, 3))
    return tf.image.resize(tf.constant(coarse, tf.float32), (height, width), "bicubic")


def all_patches(picture: tf.Tensor) -> np.ndarray:
    """Every patch of (1, H, W, 3), mirrored at the border: (H, W, 147)."""
    bordered = np.pad(picture[0], ((RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0)), "reflect")
    windows = np.lib.stride_tricks.sliding_window_view(bordered, (PATCH, PATCH), axis=(0, 1))
    return windows.transpose(0, 1, 3, 4, 2).reshape(*picture.shape[1:3], -1).astype(np.float64)


# Describe


def in_few_directions(seed: int) -> tf.Tensor:
    """A picture whose patches differ in no more directions than a description has: waves in few colours."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:40, :52]
    waves = [np.cos(random.uniform(-0.7, 0.7, 2) @ [y.ravel(), x.ravel()]) for _ in range(6)]
    shades = np.array(waves).T @ random.uniform(-20, 20, (6, 3)) + 120
    return tf.constant(shades.reshape(1, 40, 52, 3), tf.float32)


def inside(field: np.ndarray) -> np.ndarray:
    """Without the border, where waves are mirrored and are no waves any more."""
    return np.asarray(field)[RADIUS:-RADIUS, RADIUS:-RADIUS].reshape(-1, field.shape[-1])


def test_descriptions_differ_as_the_patches_do_when_all_that_differs_is_in_the_axes() -> None:
    picture = in_few_directions(1)
    axes = patches.find_axes([picture], seed=0)
    described, plain = inside(patches.describe(picture, axes)), inside(all_patches(picture)) / PATCH
    some = np.random.default_rng(3).integers(0, len(plain), (2, 400))
    expected = np.linalg.norm(plain[some[0]] - plain[some[1]], axis=1)
    found = np.linalg.norm(described[some[0]] - described[some[1]], axis=1)
    assert expected.mean() > 10, "patches that are all alike show nothing"
    np.testing.assert_allclose(found, expected, rtol=0.05, atol=0.5)


@pytest.mark.parametrize("name", ["van-gogh-auvers", "degas-dancers"])
def test_of_a_painting_descriptions_keep_nearly_all(sample: Callable[[str, int], Picture], name: str) -> None:
    picture = tf.constant(sample(name, 96)[None], tf.float32)
    described = patches.describe(picture, patches.find_axes([picture], seed=0)).numpy()
    plain = all_patches(picture).reshape(-1, 147) / PATCH
    kept, whole = described.reshape(len(plain), -1).var(0).sum(), plain.var(0).sum()
    assert 0.8 * whole < kept < 1.001 * whole
    np.testing.assert_allclose(described.mean((0, 1)), 0, atol=0.05 * whole**0.5)


def test_a_description_never_tells_more_apart_than_there_is() -> None:
    """It is a projection, of pictures that its axes were not found in, too."""
    axes = patches.find_axes([smooth(40, 40, 1)], seed=0)
    other = noise(24, 24, 2)
    described, plain = patches.describe(other, axes).numpy(), all_patches(other) / PATCH
    apart = np.linalg.norm(described[1:] - described[:-1], axis=-1)
    assert (apart <= np.linalg.norm(plain[1:] - plain[:-1], axis=-1) * 1.0001 + 1e-3).all()


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 60), (41, 23)])
def test_there_is_a_description_for_each_pixel_up_to_the_border(height: int, width: int) -> None:
    picture = noise(height, width, 5)
    axes = patches.find_axes([picture], seed=0)
    described = patches.describe(picture, axes).numpy()
    assert described.shape[:2] == (height, width)
    by_hand = all_patches(picture) @ axes.kernel.numpy().reshape(147, -1) - axes.offset.numpy()
    np.testing.assert_allclose(described, by_hand, atol=0.05)


def test_axes_are_found_in_all_pictures_together_and_depend_on_the_seed_alone() -> None:
    """Of a flat picture and a varied one they are the varied one's."""
    varied, flat = smooth(90, 90, 1), tf.fill((1, 90, 90, 3), 128.0)
    axes, again = (patches.find_axes([flat, varied], seed=3) for _ in range(2))
    np.testing.assert_array_equal(axes.kernel, again.kernel)
    kept = np.var(patches.describe(varied, axes), axis=(0, 1)).sum()
    alone = np.var(patches.describe(varied, patches.find_axes([varied], seed=3)), axis=(0, 1)).sum()
    assert kept == pytest.approx(alone, rel=0.05)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_flat_pictures_have_descriptions_too(level: int) -> None:
    flat = tf.fill((1, 20, 20, 3), float(level))
    described = patches.describe(flat, patches.find_axes([flat], seed=0))
    np.testing.assert_allclose(described, 0, atol=0.01)


# Search


class Case(NamedTuple):
    queries: np.ndarray
    wanted: np.ndarray
    weight: np.ndarray
    colours: np.ndarray
    guide: np.ndarray

    @property
    def keys(self) -> patches.Keys:
        lengths = (np.sum(np.square(known), 1, keepdims=True) for known in (self.colours, self.guide))
        return patches.Keys(*map(tf.constant, (self.colours, self.guide, *lengths)))

    @property
    def distances(self) -> np.ndarray:
        """(m, n), in double precision."""
        colours = (self.queries[:, None].astype(np.float64) - self.colours) ** 2
        guide = (self.wanted[:, None].astype(np.float64) - self.guide) ** 2
        return colours.sum(-1) + self.weight * guide.sum(-1)

    def search(self, factor: np.ndarray) -> np.ndarray:
        found = patches.search(self.queries, self.wanted, self.weight, self.keys, factor.astype(np.float32))
        assert found.dtype == tf.int32
        return np.asarray(found)


def case(queries: int, keys: int, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)

    def rows(count: int, width: int) -> np.ndarray:
        return random.normal(0, 40, (count, width)).astype(np.float32)

    weight = random.uniform(0, 7, (queries, 1)).astype(np.float32)
    return Case(rows(queries, 12), rows(queries, 5), weight, rows(keys, 12), rows(keys, 5))


@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (50, 300), (3001, 70)])
@pytest.mark.parametrize("has_factors", [False, True])
def test_search_finds_what_brute_force_finds(queries: int, keys: int, has_factors: bool) -> None:
    known = case(queries, keys)
    factor = np.random.default_rng(4).uniform(0.2, 1, keys) if has_factors else np.ones(keys)
    found, distances = known.search(factor), known.distances * factor
    assert found.shape == (queries,)
    chosen = distances[np.arange(queries), found]
    np.testing.assert_allclose(chosen, distances.min(1), rtol=1e-4)
    assert (found == distances.argmin(1)).mean() > 0.99


def test_each_query_weighs_the_guide_by_its_own_weight() -> None:
    """One key agrees in colour, the other in the guide."""
    queries, wanted = np.zeros((3, 4), np.float32), np.zeros((3, 2), np.float32)
    colours = np.array([[10, 0, 0, 0], [0, 0, 0, 0]], np.float32)
    guide = np.array([[0, 0], [10, 0]], np.float32)
    known = Case(queries, wanted, np.array([[0], [0.9], [1.1]], np.float32), colours, guide)
    assert known.search(np.ones(2)).tolist() == [1, 1, 0]


def test_no_queries_find_nothing() -> None:
    known = case(1, 20)
    nothing = known._replace(queries=known.queries[:0], wanted=known.wanted[:0], weight=known.weight[:0])
    assert nothing.search(np.ones(20)).shape == (0,)


@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (50, 300), (3001, 70)])
def test_the_distance_to_the_nearest_query_is_that_of_brute_force(queries: int, keys: int) -> None:
    known = case(queries, keys)
    found = patches.distance_to_nearest_query(known.queries, known.wanted, known.weight, known.keys)
    np.testing.assert_allclose(found, known.distances.min(0), rtol=1e-3)


def test_the_distance_of_a_key_to_itself_is_about_nothing_and_never_negative() -> None:
    known = case(80, 80)
    same = known._replace(colours=known.queries, guide=known.wanted)
    found = np.asarray(patches.distance_to_nearest_query(same.queries, same.wanted, same.weight, same.keys))
    assert (found >= 0).all()
    assert found.max() < 1e-3 * known.distances.mean()


@pytest.mark.parametrize("spread_of_queries", [0.0, 3.0])
def test_completeness_brings_more_of_the_style_in(spread_of_queries: float) -> None:
    """A flat sky against a varied style: by plain distance it is one patch all over."""
    known = case(2000, 200)
    random = np.random.default_rng(6)
    flat = known._replace(
        queries=random.normal(0, spread_of_queries, known.queries.shape).astype(np.float32),
        wanted=np.zeros_like(known.wanted),
        weight=np.ones_like(known.weight),
    )
    nearest = patches.distance_to_nearest_query(flat.queries, flat.wanted, flat.weight, flat.keys).numpy()
    plain, complete = flat.search(np.ones(200)), flat.search(1 / (1 + nearest))
    assert len(set(plain)) < 10
    if spread_of_queries:
        assert len(set(complete)) > 3 * len(set(plain))
    chosen = flat.distances * (1 / (1 + nearest))
    np.testing.assert_allclose(chosen[np.arange(2000), complete], chosen.min(1), rtol=1e-3)


def test_with_completeness_every_key_is_the_best_somewhere_if_there_is_a_query_for_each() -> None:
    """Queries at a distance from the keys, one nearest to each, but all of them nearest to the first."""
    count = 12
    colours = np.eye(count, dtype=np.float32) * 40
    colours[0] = 0
    queries = 0.4 * colours
    nothing = np.zeros((count, 1), np.float32)
    known = Case(queries, nothing, nothing, colours, nothing)
    assert set(known.search(np.ones(count))) == {0}
    nearest = patches.distance_to_nearest_query(queries, nothing, nothing, known.keys).numpy()
    found = known.search(1 / (5000 + nearest))
    assert set(found) == {0}, "with a large alpha nothing changes"
    complete = known._replace(queries=queries + 1e-3)
    nearest[0] = nearest.max() / 4
    assert set(complete.search(1 / (1e-3 + nearest))) == set(range(count))


def test_keys_of_rows_are_these_with_their_lengths() -> None:
    rows = np.random.default_rng(3).normal(0, 9, (40, patches.DIMENSIONS + 4)).astype(np.float32)
    keys = patches.as_keys(tf.constant(rows))
    np.testing.assert_array_equal(np.concatenate([keys.colours, keys.guide], 1), rows)
    assert keys.guide.shape == (40, 4)
    for known, squared in ((keys.colours, keys.colours_squared), (keys.guide, keys.guide_squared)):
        np.testing.assert_allclose(squared, np.sum(np.square(known), 1, keepdims=True), rtol=1e-4)


# Spread


class Field(NamedTuple):
    """A picture to match with an atlas: what is wanted at each pixel, what each place has."""

    atlas: Atlas
    table: tf.Tensor
    queries: tf.Tensor

    def distances(self, places: np.ndarray) -> np.ndarray:
        return np.sum((self.queries.numpy() - self.table.numpy()[places]) ** 2, -1)

    def spread(self, places: np.ndarray, preference: float) -> np.ndarray:
        atlas = self.atlas
        found = patches.spread(
            tf.constant(places, tf.int32), self.queries, self.table, atlas.valid, atlas.width, preference
        )
        assert found.dtype == tf.int32
        return found.numpy()


STYLES = [noise(20, 31, 11), noise(17, 40, 12), noise(33, 16, 13)]


def field(height: int, width: int, count: int = 3) -> Field:
    atlas = lay_out(STYLES[:count])
    wanted = noise(height, width, 14)[0]
    return Field(atlas, atlas.field([style[0] for style in STYLES[:count]]), wanted)


def anywhere(atlas: Atlas, height: int, width: int, seed: int) -> np.ndarray:
    """Valid places at random, some of them at the styles' very borders."""
    return np.random.default_rng(seed).choice(np.flatnonzero(atlas.valid), (height, width))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("height", "width"), [(30, 40), (1, 50), (47, 2)])
@pytest.mark.parametrize("preference", [0.01, 0.8, 0.999])
def test_spreading_never_leaves_the_styles(count: int, height: int, width: int, preference: float) -> None:
    known = field(height, width, count)
    places = anywhere(known.atlas, height, width, 1)
    for _ in range(5):
        places = known.spread(places, preference)
        assert places.shape == (height, width)
        assert known.atlas.valid.numpy()[places].all()


def test_spreading_from_the_last_and_the_first_place_of_an_atlas_stays_in_it() -> None:
    known = field(24, 24, 3)
    valid = np.flatnonzero(known.atlas.valid)
    for corner in (valid[0], valid[-1]):
        found = known.spread(np.full((24, 24), corner), 0.01)
        assert known.atlas.valid.numpy()[found].all()


@pytest.mark.parametrize("preference", [0.5, 0.8, 0.99])
def test_no_match_gets_worse_than_the_preference_allows(preference: float) -> None:
    known = field(30, 40)
    places = anywhere(known.atlas, 30, 40, 2)
    found = known.spread(places, preference)
    before, after = known.distances(places), known.distances(found)
    assert (found != places).mean() > 0.1
    assert (after * preference <= before * 1.0001).all()
    assert after.mean() < before.mean()


def test_perfect_matches_stay() -> None:
    known = field(30, 40, 1)
    style = STYLES[0][0]
    perfect = known._replace(queries=style)
    places = (
        np.arange(20)[:, None] * known.atlas.width + np.arange(31) + int(np.flatnonzero(known.atlas.valid)[0])
    )
    np.testing.assert_array_equal(perfect.spread(places, 0.5), places)


@pytest.mark.parametrize("seeded", [(5, 5), (12, 20)])
def test_one_right_match_spreads_to_all_that_is_shifted_alike(seeded: tuple[int, int]) -> None:
    """The picture is a piece of the style: from one place known, all others follow by turns."""
    known = field(30, 40, 1)
    first = int(np.flatnonzero(known.atlas.valid)[0])
    true = first + (np.arange(14)[:, None] + 3) * known.atlas.width + np.arange(22) + 5
    shifted = known._replace(queries=STYLES[0][0, 3:17, 5:27])
    places = np.full((14, 22), first)
    places[seeded] = true[seeded]
    for _ in range(22):
        places = shifted.spread(places, 0.9)
    np.testing.assert_array_equal(places, true)


# Vote

DEVIATION = 1.5


def vote(atlas: Atlas, places: np.ndarray, tolerance: float, deviation: float = DEVIATION) -> np.ndarray:
    return patches.vote(
        tf.constant(places, tf.int32), atlas.picture, atlas.width, deviation, tolerance
    ).numpy()[0]


def places_of(atlas: Atlas, style: int) -> np.ndarray:
    height, width = atlas.sizes[style].numpy()
    first = (int(atlas.tops[style]) + np.arange(height)[:, None]) * atlas.width + RADIUS
    return first + np.arange(width)


@pytest.mark.parametrize("tolerance", [0.0, 20.0])
@pytest.mark.parametrize("style", [0, 1, 2])
def test_exact_matches_give_the_picture_back(tolerance: float, style: int) -> None:
    atlas = lay_out(STYLES)
    found = vote(atlas, places_of(atlas, style), tolerance)
    np.testing.assert_allclose(found, STYLES[style][0], atol=0.01)


@pytest.mark.parametrize("tolerance", [0.0, 20.0])
def test_every_vote_is_between_the_colours_there_are(tolerance: float) -> None:
    atlas = lay_out(STYLES)
    found = vote(atlas, anywhere(atlas, 25, 18, 7), tolerance)
    assert found.shape == (25, 18, 3)
    assert atlas.picture.numpy().min() <= found.min() < found.max() <= atlas.picture.numpy().max() + 1e-3


def by_hand(atlas: Atlas, places: np.ndarray, deviation: float, tolerance: float) -> np.ndarray:
    """Each patch pasted where it lies, with its weights; then once more with trust in each colour."""
    height, width = places.shape
    pixels = atlas.picture.numpy().astype(np.float64)
    result = np.zeros((height, width, 3))
    for row in range(height):
        for column in range(width):
            colours, weights = [], []
            for y in range(max(0, row - RADIUS), min(height, row + RADIUS + 1)):
                for x in range(max(0, column - RADIUS), min(width, column + RADIUS + 1)):
                    down, right = row - y, column - x  # where in that patch this pixel lies
                    colours.append(pixels[places[y, x] + down * atlas.width + right])
                    weights.append(np.exp(-(down**2 + right**2) / (2 * deviation**2)))
            mean = np.average(colours, axis=0, weights=weights)
            if tolerance:
                trust = 1 / (np.sum((np.array(colours) - mean) ** 2, -1) + tolerance**2)
                mean = np.average(colours, axis=0, weights=trust * weights)
            result[row, column] = mean
    return result


@pytest.mark.parametrize("tolerance", [0.0, 20.0])
@pytest.mark.parametrize("deviation", [0.8, 1.5])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (9, 11), (3, 20)])
def test_a_vote_is_what_it_is_by_hand(tolerance: float, deviation: float, height: int, width: int) -> None:
    atlas = lay_out(STYLES)
    places = anywhere(atlas, height, width, 7)
    expected = by_hand(atlas, places, deviation, tolerance)
    np.testing.assert_allclose(vote(atlas, places, tolerance, deviation), expected, atol=0.02)


def test_with_a_tolerance_one_patch_that_disagrees_hardly_counts() -> None:
    """White among black: the plain mean is grey there, the second vote darker."""
    atlas = lay_out([tf.zeros((1, 16, 16, 3)), tf.fill((1, 16, 16, 3), 255.0)])
    places = np.full((9, 9), places_of(atlas, 0)[8, 8])
    places[4, 4] = places_of(atlas, 1)[8, 8]
    plain, sharp = (vote(atlas, places, tolerance)[4, 4].mean() for tolerance in (0.0, 10.0))
    assert plain > 10
    assert sharp < 0.2 * plain
