"""Real worker processes that paint real pictures, one after another in the same executor."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing

import numpy as np
import pytest
import pytest_asyncio

from core.decoding.picture import PictureError, Reason, open_picture
from core.executor.local.executor import LocalExecutor
from core.executor.protocol import Done, Progress, WorkerLost
from core.recipe import Strength
from tests.kit.executors import PHOTO, SIZE, STYLE, exhaust, first_step, is_alive, paint, task
from tests.kit.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def executor() -> AsyncIterator[LocalExecutor]:
    executor = LocalExecutor("packaged", "cpu", warm_size=SIZE)
    await executor.start()
    yield executor
    await executor.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def quick_to_start() -> AsyncIterator[LocalExecutor]:
    """An executor whose worker only waits, so that it is replaced within a second."""
    executor = LocalExecutor(
        device="cpu", warm_size=0, hang=1.0, painter="tests.kit.stand_in_painters:patient"
    )
    await executor.start()
    yield executor
    await executor.close()


async def test_steps_then_the_picture(executor: LocalExecutor) -> None:
    *steps, done = await paint(executor, task(styles=(STYLE, PHOTO), recipe={"steps": None}))
    assert isinstance(done, Done)
    assert all(isinstance(step, Progress) for step in steps)
    assert [step.step for step in steps] == list(range(1, steps[0].total + 1))
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1
    losses = [step.losses for step in steps if step.losses]
    assert losses[-1].style < losses[0].style
    assert all(np.isfinite((loss.total, loss.content)).all() for loss in losses)
    assert all(np.isfinite(step.seconds_left) for step in steps)

    shapes = [open_picture(data).shape for data in (steps[0].preview, done.picture, done.lossless)]
    assert shapes == [(done.height, done.width, 3)] * 3
    assert (done.width, done.height) == (SIZE, 85)
    assert executor.ready
    assert executor.slots == 1


async def test_the_articles_painting_too(executor: LocalExecutor) -> None:
    events = await paint(executor, task(recipe={"strength": Strength.CLASSIC, "steps": 3}))
    assert [type(event) for event in events] == [Progress] * 3 + [Done]


async def test_tasks_wait_for_the_slot_first_come_first_served(executor: LocalExecutor) -> None:
    seen: list[tuple[int, int, int]] = []

    async def follow(number: int) -> None:
        async for event in executor.paint(task(recipe={"steps": number + 2})):
            if isinstance(event, Progress):
                seen.append((number, event.step, event.total))  # noqa: PERF401  (the order is the point)

    await asyncio.gather(*(follow(number) for number in range(3)))
    totals = {number: total for number, _, total in seen}
    assert len(set(totals.values())) == 3
    assert seen == [
        (number, step, totals[number]) for number in range(3) for step in range(1, totals[number] + 1)
    ]


async def test_closing_the_iterator_frees_the_slot(executor: LocalExecutor) -> None:
    (pid,) = executor.pids
    async with aclosing(executor.paint(task(recipe={"steps": 10_000}))) as events:
        async for event in events:
            if isinstance(event, Progress) and event.step == 3:
                break
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)
    assert executor.pids == [pid]


async def test_cancelling_the_task_frees_the_slot(executor: LocalExecutor) -> None:
    (pid,) = executor.pids
    painting = asyncio.create_task(paint(executor, task(recipe={"steps": 10_000})))
    await asyncio.sleep(0.5)
    painting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await painting
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)
    assert executor.pids == [pid]


async def test_a_task_may_be_cancelled_in_the_line(executor: LocalExecutor) -> None:
    first = asyncio.create_task(paint(executor, task(recipe={"steps": 30})))
    waiting = asyncio.create_task(paint(executor, task(recipe={"steps": 10_000})))
    last = asyncio.create_task(paint(executor, task(recipe={"steps": 2})))
    await asyncio.sleep(0.3)
    waiting.cancel()
    assert isinstance((await first)[-1], Done)
    assert isinstance((await last)[-1], Done)


async def test_a_bad_picture_is_refused_with_its_reason(executor: LocalExecutor) -> None:
    with pytest.raises(PictureError) as caught:
        await paint(executor, task(content=task().content[:1000]))
    assert caught.value.reason is Reason.TRUNCATED
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)


async def test_ctrl_c_and_a_polite_end_are_the_parents_to_handle(executor: LocalExecutor) -> None:
    (pid,) = executor.pids
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, number)
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)
    assert executor.pids == [pid]


async def test_a_worker_killed_at_work_is_noticed_and_replaced(executor: LocalExecutor) -> None:
    (pid,) = executor.pids
    restarts = executor.restarts
    events = executor.paint(task(recipe={"steps": 10_000}))
    await first_step(events)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="was killed by SIGKILL"):
        await exhaust(events)
    assert not executor.ready
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)
    assert executor.restarts == restarts + 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGRTMIN + 7])  # Python has no name for the latter
async def test_a_worker_killed_at_rest_is_replaced_and_no_task_suffers(
    quick_to_start: LocalExecutor, number: int
) -> None:
    await eventually(lambda: quick_to_start.ready)
    (pid,) = quick_to_start.pids
    os.kill(pid, number)
    await eventually(lambda: not quick_to_start.ready)
    assert isinstance((await paint(quick_to_start, task(recipe={"steps": 2})))[-1], Done)


async def test_a_hanging_worker_is_noticed(quick_to_start: LocalExecutor) -> None:
    await eventually(lambda: quick_to_start.ready)
    (pid,) = quick_to_start.pids
    events = quick_to_start.paint(task(recipe={"steps": 10_000}))
    await first_step(events)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(WorkerLost, match="was killed"):
        await exhaust(events)
    await eventually(lambda: not is_alive(pid))
    assert isinstance((await paint(quick_to_start, task(recipe={"steps": 2})))[-1], Done)


async def test_closing_kills_at_work() -> None:
    executor = LocalExecutor("packaged", "cpu", warm_size=0)
    await executor.start()
    events = executor.paint(task(recipe={"steps": 10_000}))
    await anext(events)
    (pid,) = executor.pids
    async with asyncio.timeout(60):  # which the painting would take by far longer than
        await executor.close()
    with pytest.raises(WorkerLost, match="closed"):
        await exhaust(events)
    assert not is_alive(pid)
    with pytest.raises(WorkerLost, match="closed"):
        await paint(executor, task())


async def test_the_parent_does_without_tensorflow() -> None:
    program = "import sys, core.executor.local.executor; sys.exit('tensorflow' in sys.modules)"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await child.wait() == 0
