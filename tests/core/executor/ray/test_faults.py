"""Clusters whose nodes come, go, stall and are of another version: by real processes started and killed."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.executor.protocol import Done, ExecutorError, WorkerLost
from core.executor.ray.executor import ClusterExecutor
from tests.kit.executors import exhaust, first_step, paint, task
from tests.kit.ray_cluster import HEAD, Cluster
from tests.kit.waiting import eventually

Start = Callable[..., Awaitable[ClusterExecutor]]
PATIENCE = 120.0  # seconds; Ray takes its time to give up


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

    # A node stalls for half a minute: the other paints on, and nothing is painted twice.
    paintings = [asyncio.create_task(paint(executor, task(recipe={"steps": 30}))) for _ in range(2)]
    await asyncio.sleep(1)
    breakable.pause(4)
    await asyncio.wait(paintings, return_when=asyncio.FIRST_COMPLETED)
    assert isinstance((await paint(executor, task()))[-1], Done)
    await asyncio.sleep(26)
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
    ends = [asyncio.create_task(exhaust(one, PATIENCE)) for one in events]
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


async def test_a_node_of_another_version_is_refused_in_one_line(
    breakable: Cluster, start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = tmp_path / "stylegram-9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Name: stylegram\nVersion: 9.9\n")
    breakable.start_head()
    breakable.start_node(3, PYTHONPATH=str(tmp_path))
    breakable.start_node(4)
    executor = await start(breakable.address)
    await slots(executor, 1)
    said = "the node 127.0.0.3 has no worker: It has stylegram 9.9 with Python "
    await eventually(lambda: said in caplog.text)
    assert executor.slots == 1


OTHER_PYTHON = """
import json, sys
from ray._raylet import GcsClient

head = GcsClient(address=sys.argv[1])
about = json.loads(head.internal_kv_get(b"CLUSTER_METADATA", namespace=b"cluster"))
about["python_version"] = "3.1.4"
head.internal_kv_put(b"CLUSTER_METADATA", json.dumps(about).encode(), True, b"cluster")
"""


async def test_a_cluster_of_another_python_is_refused_in_one_line(breakable: Cluster, start: Start) -> None:
    breakable.start_head()
    await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", OTHER_PYTHON, breakable.address], check=True
    )
    with pytest.raises(ExecutorError, match=r"^The cluster is of another version: .*Python: 3\.1\.4"):
        await start(breakable.address)


async def test_a_cluster_lets_nobody_in_without_its_token(
    cluster: Cluster, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", "guessed " * 8)
    executor = await start(cluster.address)
    await eventually(lambda: "do RAY_AUTH_MODE and RAY_AUTH_TOKEN agree" in caplog.text)
    assert executor.slots == 0


async def test_without_ray_one_line_says_what_to_install(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # noqa: ARG005
    with pytest.raises(ExecutorError, match=r"pip install 'stylegram\[cluster\]'"):
        await start(None)


async def test_without_an_address_this_machine_is_a_cluster(start: Start) -> None:
    executor = await start(None)
    assert isinstance((await paint(executor, task()))[-1], Done)


async def painted_in_the_end(executor: ClusterExecutor) -> None:
    """As the studio does it: once more if the worker is lost."""
    try:
        events = await paint(executor, task())
    except WorkerLost:
        events = await paint(executor, task())
    assert isinstance(events[-1], Done)
