"""Side tasks: watched while they run, cancelled in the end."""

import asyncio

import pytest

from bot.ops.errors import CannotRun
from bot.ops.side_tasks import SideTasks
from storage import DiskFull


async def for_ever() -> None:
    await asyncio.Event().wait()


async def end() -> None:
    pass


async def fail(error: Exception) -> None:
    raise error


async def test_the_first_to_die_says_why() -> None:
    side_tasks = SideTasks()
    side_tasks.start(for_ever(), "patient")
    side_tasks.start(fail(ValueError("one")), "hasty")
    await asyncio.sleep(0)
    side_tasks.start(fail(ValueError("two")), "late")
    with pytest.raises(CannotRun, match=r"^The task 'hasty' died \(ValueError: one\)\.$"):
        await side_tasks.failed()
    await side_tasks.stop()


@pytest.mark.parametrize("error", [CannotRun("The token was refused."), DiskFull("The disk is full.")])
async def test_what_is_a_line_for_operators_already_stays_as_it_is(error: Exception) -> None:
    side_tasks = SideTasks()
    side_tasks.start(fail(error), "task")
    with pytest.raises(type(error)) as failed:
        await side_tasks.failed()
    assert failed.value is error


async def test_to_end_or_to_be_cancelled_is_no_death() -> None:
    side_tasks = SideTasks()
    await side_tasks.start(end(), "brief")
    task = side_tasks.start(for_ever(), "patient")
    await asyncio.sleep(0)
    await side_tasks.stop()
    assert task.cancelled()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(side_tasks.failed(), 0.05)
