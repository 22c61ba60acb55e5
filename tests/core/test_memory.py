"""Whether a painting fits: the estimate, and the size that is offered instead."""

import random
import re

import psutil
import pytest

from core import memory
from core.memory import TooLarge, check_memory, estimate
from core.recipe import MOST, Recipe, Strength


def recipe(size: int, strength: Strength = Strength.BALANCED, enlarge: bool = True) -> Recipe:
    return Recipe(strength, size, enlarge=enlarge)


def refused(height: int, width: int, wanted: Recipe, available: int) -> TooLarge | None:
    try:
        check_memory(height, width, wanted, available)
    except TooLarge as error:
        return error
    return None


@pytest.mark.parametrize("strength", Strength)
def test_a_larger_picture_takes_more(strength: Strength) -> None:
    needed = [estimate(300, 400, recipe(size, strength)) for size in (16, 256, 512, 1024, MOST)]
    assert needed == sorted(set(needed))
    assert estimate(400, 400, recipe(512, strength)) > estimate(300, 400, recipe(512, strength))


def test_a_photo_that_stays_as_it_is_takes_no_more_for_a_larger_limit() -> None:
    assert estimate(300, 400, recipe(2048, enlarge=False)) == estimate(300, 400, recipe(400))


def test_longer_numbers_take_more(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = {}
    for has_shorter in (True, False):
        monkeypatch.setattr(memory, "computes_bfloat16", lambda has=has_shorter: has)
        needed[has_shorter] = estimate(512, 512, recipe(512))
    assert needed[False] > needed[True]


def test_the_articles_loop_takes_more_than_ours_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "computes_bfloat16", lambda: True)
    assert estimate(512, 512, recipe(512, Strength.CLASSIC)) > estimate(512, 512, recipe(512))


def cases() -> list[tuple[int, int, Strength, int]]:
    """Photos and machines at random: height, width, strength, MB."""
    chance = random.Random(9)  # noqa: S311
    sides = [64, 100, 333, 640, 1000, 3000, 4032]
    some = [
        (chance.choice(sides), chance.choice(sides), chance.choice(list(Strength)), chance.randint(800, 9000))
        for _ in range(3000)
    ]
    return [case for case in some if max(case[:2]) <= 20 * min(case[:2])]


def test_the_size_offered_fits_and_the_next_does_not() -> None:
    offers = []
    for height, width, strength, free in cases():
        if (error := refused(height, width, recipe(MOST, strength), free)) and error.fits:
            offers.append(error.fits)
            assert not refused(height, width, recipe(error.fits, strength), free), (height, width, free)
            larger = min(error.fits + 32, MOST)
            assert refused(height, width, recipe(larger, strength), free), (height, width, free)
    assert len(set(offers)) > 20, "the cases should offer something to choose from"


def test_the_message_says_what_is_needed_what_is_free_and_what_would_fit() -> None:
    error = refused(1000, 1000, recipe(2048), 2000)
    assert error is not None
    numbers = [int(number) for number in re.findall(r"\d+", str(error))]
    assert numbers == [estimate(1000, 1000, recipe(2048)), 2000, error.fits]
    assert "\n" not in str(error)


def test_where_nothing_fits_no_size_is_offered() -> None:
    error = refused(1000, 1000, recipe(2048), 300)
    assert error is not None
    assert error.fits == 0
    assert "would fit" not in str(error)


def test_what_is_free_is_no_more_than_the_machine_has() -> None:
    assert 0 < memory.available() <= psutil.virtual_memory().total / 1e6
    assert 0 < memory.peak() <= psutil.virtual_memory().total / 1e6


def own() -> int:
    return int(psutil.Process().memory_info().rss / 1e6)


def test_several_workers_share_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far each has come: none plans with what another is going to take."""
    sizes = {None: 1000, 7: 1000, 8: 3000, 9: 0}  # MB; one is gone
    monkeypatch.setattr(memory, "_size", lambda pid=None: sizes[pid] * 1_000_000)
    monkeypatch.setattr(memory, "_free", lambda root: 4000 * 1_000_000)  # noqa: ARG005
    assert memory.fair_share([]) == memory.available() == 5000
    assert memory.fair_share([7]) == 3000
    assert memory.fair_share([7, 8, 9]) == 3000
    sizes[7] = 9000
    assert memory.fair_share([7]) == 5000  # there is no more, whatever would be fair


def test_workers_that_begin_at_once_plan_with_no_more_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    free = 4000
    monkeypatch.setattr(memory, "_free", lambda root: free * 1_000_000)  # noqa: ARG005
    monkeypatch.setattr(memory, "_size", lambda pid=None: 500 * 1_000_000)  # noqa: ARG005
    for workers in range(1, 9):
        plans = [memory.fair_share(range(1, workers)) for _ in range(workers)]
        assert sum(plans) <= free + 500 * workers
