"""Broken connections and refusals in the middle of real work: nothing is lost, nothing comes twice."""

from random import Random

import pytest

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import too_many_requests
from bot.demo.telegram.faults import ANY_METHOD, Break, Fault, server_error
from tests.e2e.conftest import RunBot, ask, has_colour, picture, result, results_in
from tests.kit.people import Actor

GREY, TEAL = (128, 128, 128), (0, 128, 128)
CONTENT, STYLE = picture(GREY), picture(TEAL)

FAULTS: list[Fault] = [
    too_many_requests(retry_after=1),
    server_error(),
    Break.DROP_BEFORE,
    Break.DROP_AFTER,
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_result_is_delivered_once_though_every_edit_fails_at_first(
    api: Emulator, run_bot: RunBot, fault: Fault
) -> None:
    ann = Actor.join(api.world, "Ann")
    async with run_bot(edit_interval_private=60):  # so that the edits are those of first picture and result
        await ask(ann, CONTENT, STYLE)
        api.faults.next("editMessageMedia", fault, times=5)
        shown = await result(ann)
        assert has_colour(shown, TEAL)
    assert len(results_in(ann)) == 1


async def test_an_answer_that_never_comes_costs_time_and_nothing_else(api: Emulator, run_bot: RunBot) -> None:
    ann = Actor.join(api.world, "Ann")
    async with run_bot():
        await ask(ann, CONTENT, STYLE)
        api.faults.next("editMessageMedia", Break.HANG_AFTER)
        await result(ann)
    assert len(results_in(ann)) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_in_a_storm_everybody_gets_one_picture(api: Emulator, run_bot: RunBot, seed: int) -> None:
    """Every third request or so fails, of all kinds, from the tap on."""
    random = Random(seed)  # noqa: S311
    people = [Actor.join(api.world, f"Person {number}") for number in range(3)]
    async with run_bot():
        for person in people:
            await ask(person, CONTENT, STYLE)
        for _ in range(20):
            api.faults.next(
                random.choice(["editMessageMedia", "getFile", "download", ANY_METHOD]), random.choice(FAULTS)
            )
        for person in people:
            shown = await result(person)
            assert has_colour(shown, TEAL)
        api.faults.clear()
    assert [len(results_in(person)) for person in people] == [1, 1, 1]


async def test_updates_that_come_twice_or_out_of_turn_are_taken_once(api: Emulator, run_bot: RunBot) -> None:
    ann = Actor.join(api.world, "Ann")
    async with run_bot():
        api.faults.duplicate_updates(3)
        await ask(ann, CONTENT, STYLE)
        await result(ann)
        await ann.expect_silence(3)
    assert len(results_in(ann)) == 1
