"""Clusters whose nodes come, go, stall and are of another version: by real processes started and killed."""

import asyncio
import logging
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import psutil
import pytest
import pytest_asyncio

from core.executor.protocol import Done, Event, ExecutorError, WorkerLost
from core.executor.ray.executor import ClusterExecutor
from tests.kit.executors import exhaust, first_step, is_alive, paint, task
from tests.kit.ray_cluster import HEAD, ROOT, Cluster
from tests.kit.stand_in_painters import NOTE
from tests.kit.waiting import eventually

Start = Callable[..., Awaitable[ClusterExecutor]]
PATIENCE = 120.0  # seconds; Ray takes its time to give up
STALL = 12.0  # seconds, well below what Ray takes to give a node up, on a busy machine too


@pytest.fixture
def breakable(token_of_clusters: None) -> Iterator[Cluster]:  # noqa: ARG001
    """A cluster to break, of which nothing is started yet."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    """Starts executors, and closes them."""
    executors: list[ClusterExecutor] = []

    async def start(address: str | None, painter: str = "patient", **options: Any) -> ClusterExecutor:
        painter = f"tests.kit.stand_in_painters:{painter}"
        executors.append(ClusterExecutor(address, painter=painter, warm_size=0, **options))
        await executors[-1].start()
        return executors[-1]

    yield start
    for executor in executors:
        await executor.close()


async def slots(executor: ClusterExecutor, count: int) -> None:
    await eventually(lambda: executor.slots == count, PATIENCE)


async def test_nodes_come_stall_and_go_and_the_head_is_restarted(
    breakable: Cluster, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """One story, because each beginning costs seconds: what was asked for is painted in the end."""
    caplog.set_level(logging.INFO)
    executor = await start(breakable.address)  # nobody there
    assert (executor.slots, executor.ready) == (0, False)
    waiting = asyncio.create_task(paint(executor, task()))
    breakable.start_head()
    assert not waiting.done()

    breakable.start_node(3)
    assert isinstance((await waiting)[-1], Done)
    assert executor.slots == 1
    breakable.start_node(4)
    await slots(executor, 2)

    # A node stalls: the other paints on, and nothing is painted twice.
    begun = [executor.paint(task(recipe={"steps": 30})) for _ in range(2)]
    firsts = [await anext(events) for events in begun]
    paintings = [
        asyncio.create_task(rest(first, events)) for first, events in zip(firsts, begun, strict=True)
    ]
    breakable.pause(4)
    until = time.monotonic() + STALL
    await asyncio.wait(paintings, return_when=asyncio.FIRST_COMPLETED)
    assert isinstance((await paint(executor, task()))[-1], Done)
    await asyncio.sleep(until - time.monotonic())
    assert sum(painting.done() for painting in paintings) == 1
    breakable.go_on(4)
    for events in await asyncio.gather(*paintings):
        assert [event.step for event in events[:-1]] == list(range(1, 31))
        assert isinstance(events[-1], Done)

    # A node goes off.
    events = [executor.paint(task(recipe={"steps": 10_000})) for _ in range(2)]
    for one in events:
        await first_step(one)
    breakable.kill(4)
    ends = [asyncio.create_task(exhaust(one)) for one in events]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    assert [isinstance(end.exception(), WorkerLost) for end in ends if end.done()] == [True]
    await slots(executor, 1)
    assert [end.done() for end in ends].count(True) == 1
    for end in ends:
        end.cancel()
    await asyncio.gather(*ends, return_exceptions=True)
    for one in events:
        await one.aclose()
    assert isinstance((await paint(executor, task()))[-1], Done)

    # The head is restarted, and the nodes join it again.
    breakable.kill(HEAD)
    waiting = asyncio.create_task(painted_in_the_end(executor))
    breakable.kill(3)
    breakable.start_head()
    breakable.start_node(3)
    await waiting
    await slots(executor, 1)
    assert isinstance((await paint(executor, task()))[-1], Done)


async def test_without_ray_one_line_says_what_to_install(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # noqa: ARG005
    with pytest.raises(ExecutorError, match=r"pip install 'stylegram\[cluster\]'"):
        await start(None)


BOT = """
    import asyncio
    from core.executor.ray.executor import ClusterExecutor
    from tests.kit.executors import paint, task

    async def main():
        executor = ClusterExecutor(painter="tests.kit.stand_in_painters:reduced", warm_size=0)
        await executor.start()
        await paint(executor, task())
        print(executor.paints_with, flush=True)
        await asyncio.sleep(3600)

    asyncio.run(main())
"""


async def test_without_an_address_this_machine_is_a_cluster_which_ends_with_the_bot_however_it_ends() -> None:
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(BOT)),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert bot.stdout is not None
    assert (await bot.stdout.readline()).decode().rstrip().endswith(f": nothing on paper. {NOTE}")
    cluster = psutil.Process(bot.pid).children(recursive=True)
    assert any("DashboardAgent" in " ".join(process.cmdline()) for process in cluster)
    bot.kill()
    await bot.wait()
    await eventually(lambda: not any(is_alive(process.pid) for process in cluster))


async def rest(first: Event, events: AsyncIterator[Event]) -> list[Event]:
    """All of a painting that has begun."""
    return [first, *[event async for event in events]]


async def painted_in_the_end(executor: ClusterExecutor) -> None:
    """As the studio does it: once more if the worker is lost."""
    try:
        events = await paint(executor, task())
    except WorkerLost:
        events = await paint(executor, task())
    assert isinstance(events[-1], Done)
