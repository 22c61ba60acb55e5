"""Painting on a cluster of two nodes: the same events, errors and ends as on one machine."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from core.decoding.picture import PictureError, Reason
from core.executor.protocol import Done, ExecutorError, PaintFailed, Progress, WorkerLost
from core.executor.ray.executor import ClusterExecutor
from tests.kit.executors import PHOTO, SIZE, STYLE, exhaust, first_step, is_alive, paint, task
from tests.kit.ray_cluster import Cluster
from tests.kit.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORKER = "core.executor.worker.child"
PATIENCE = 120.0  # seconds; Ray takes its time


def executor_of(cluster: Cluster, painter: str) -> ClusterExecutor:
    return ClusterExecutor(
        cluster.address, painter=f"tests.kit.stand_in_painters:{painter}", warm_size=0, grace=10, hang=5
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def executor(cluster: Cluster) -> AsyncIterator[ClusterExecutor]:
    executor = executor_of(cluster, "moody")
    await executor.start()
    yield executor
    await executor.close()


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def both_workers_are_ready(executor: ClusterExecutor) -> None:
    await eventually(lambda: executor.slots == 2, PATIENCE)


def pids(cluster: Cluster, title: str) -> set[int]:
    return {process.pid for number in (3, 4) for process in cluster.processes(number, title)}


async def test_a_step_makes_an_event_and_the_last_brings_the_result(executor: ClusterExecutor) -> None:
    *steps, done = await paint(executor, task())
    assert [(type(step), step.step) for step in steps] == [(Progress, number) for number in range(1, 6)]
    assert isinstance(done, Done)
    assert (done.width, done.height, done.shrunk_from) == (SIZE, 85, None)
    assert executor.ready


async def test_both_nodes_paint_at_once_and_no_task_is_handed_over_before_a_slot_is_free(
    executor: ClusterExecutor,
) -> None:
    begun: list[int] = []
    running: set[int] = set()
    together: list[int] = []

    async def follow(number: int) -> None:
        async for event in executor.paint(task()):
            if number not in begun:
                begun.append(number)
            running.add(number)
            together.append(len(running))
            if isinstance(event, Done):
                running.remove(number)

    await asyncio.gather(*map(follow, range(6)))
    assert max(together) == 2
    # First come, first served: of all that came before one, only the other node's may not be seen yet.
    assert all(place >= number - 1 for place, number in enumerate(begun))


async def test_closing_the_iterator_frees_the_slot_within_a_step(
    executor: ClusterExecutor, cluster: Cluster
) -> None:
    before = pids(cluster, WORKER)
    for _ in range(4):
        async with aclosing(executor.paint(task(recipe={"steps": 10_000}))) as events:
            await first_step(events)
    done = await asyncio.gather(*(paint(executor, task(recipe={"steps": 2})) for _ in range(2)))
    assert all(isinstance(events[-1], Done) for events in done)
    assert pids(cluster, WORKER) == before


async def test_a_task_may_be_cancelled_as_soon_as_it_is_given(executor: ClusterExecutor) -> None:
    paintings = [asyncio.create_task(paint(executor, task(recipe={"steps": 10_000}))) for _ in range(4)]
    await asyncio.sleep(0)
    for painting in paintings:
        painting.cancel()
    await asyncio.wait(paintings)
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)


async def worker_of(executor: ClusterExecutor, style: bytes = STYLE) -> int:
    """The process id of the one that paints in this style now."""
    step, *_ = await paint(executor, task(styles=(style,), recipe={"steps": 3}))
    return int(step.losses.total)


async def test_of_two_free_workers_the_one_that_knows_the_style_is_chosen(executor: ClusterExecutor) -> None:
    one, other = await asyncio.gather(worker_of(executor, STYLE), worker_of(executor, PHOTO))
    assert one != other
    for _ in range(3):
        assert await worker_of(executor, STYLE) == one
        assert await worker_of(executor, PHOTO) == other


async def test_a_bad_picture_is_refused_with_its_reason(executor: ClusterExecutor) -> None:
    with pytest.raises(PictureError) as caught:
        await paint(executor, task(content=task().content[:1000]))
    assert caught.value.reason is Reason.TRUNCATED


async def test_no_memory_is_answered_by_one_try_at_a_smaller_size(executor: ClusterExecutor) -> None:
    *_, done = await paint(executor, task(recipe={"seed": 1}))
    assert (done.width, done.shrunk_from) == (90, SIZE)


async def test_a_painting_gone_wrong_costs_no_worker(executor: ClusterExecutor, cluster: Cluster) -> None:
    before = pids(cluster, WORKER)
    with pytest.raises(PaintFailed, match="the loss is nan"):
        await paint(executor, task(recipe={"seed": 2}))
    assert pids(cluster, WORKER) == before


async def test_a_deadline_passed_costs_the_worker(executor: ClusterExecutor) -> None:
    restarts = executor.restarts
    with pytest.raises(WorkerLost, match=r"was not done within 0\.5 s"):
        await paint(executor, task(recipe={"steps": 10_000}, deadline=0.5))
    await eventually(lambda: executor.restarts == restarts + 1, PATIENCE)


async def test_a_hanging_worker_is_noticed_and_replaced(executor: ClusterExecutor) -> None:
    events = executor.paint(task(recipe={"steps": 10_000}))
    pid = int((await anext(events)).losses.total)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(WorkerLost, match="was killed"):
        await exhaust(events)
    assert not is_alive(pid)
    assert isinstance((await paint(executor, task()))[-1], Done)


async def test_an_actor_killed_at_work_is_noticed_and_replaced(executor: ClusterExecutor) -> None:
    events = executor.paint(task(recipe={"steps": 10_000}))
    worker = psutil.Process(int((await anext(events)).losses.total))
    actor = worker.parent()
    assert actor is not None
    actor.kill()
    with pytest.raises(WorkerLost, match=r"actor died|cannot be reached"):  # what Ray knows of it by then
        await exhaust(events)
    done = await asyncio.gather(*(paint(executor, task()) for _ in range(3)))  # none of them by the dead
    assert all(isinstance(events[-1], Done) for events in done)
    await eventually(lambda: not is_alive(worker.pid), PATIENCE)
    await eventually(lambda: executor.slots == 2, PATIENCE)


# Who is not let in: the cluster and its two workers stay as they are.


async def test_a_node_of_another_version_is_refused_in_one_line(
    executor: ClusterExecutor, cluster: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = tmp_path / "stylegram-9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Name: stylegram\nVersion: 9.9\n")
    await asyncio.to_thread(cluster.start_node, 5, PYTHONPATH=str(tmp_path))
    said = "the node 127.0.0.5 has no worker: It has stylegram 9.9 with Python "
    await eventually(lambda: said in caplog.text, PATIENCE)
    assert executor.slots == 2
    cluster.kill(5)
    assert isinstance((await paint(executor, task(recipe={"steps": 2})))[-1], Done)


OTHER_PYTHON = """
import json, sys
from ray._raylet import GcsClient

head = GcsClient(address=sys.argv[1])
key, namespace = b"CLUSTER_METADATA", b"cluster"
about = head.internal_kv_get(key, namespace=namespace)
other = json.loads(about) | {"python_version": "3.1.4"}
head.internal_kv_put(key, json.dumps(other).encode(), True, namespace)
print("changed", flush=True)
sys.stdin.read()
head.internal_kv_put(key, about, True, namespace)
"""


async def test_a_cluster_of_another_python_is_refused_in_one_line(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.executor.ray.executor._FIRST_WORD", PATIENCE)
    changing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OTHER_PYTHON, cluster.address), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert changing.stdout is not None
    assert await changing.stdout.readline() == b"changed\n"
    late = executor_of(cluster, "patient")
    try:
        with pytest.raises(ExecutorError, match=r"^The cluster is of another version: .*Python: 3\.1\.4"):
            await late.start()
    finally:
        await late.close()
        await changing.communicate(b"")  # which closes its input
    assert changing.returncode == 0


async def test_a_cluster_lets_nobody_in_without_its_token(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", "guessed " * 8)
    late = executor_of(cluster, "patient")
    await late.start()
    await eventually(lambda: "do RAY_AUTH_MODE and RAY_AUTH_TOKEN agree" in caplog.text, PATIENCE)
    assert late.slots == 0
    await late.close()
