"""Workers that cannot start, hang, run out of memory or lose their parent: by painters made for it."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from core.decoding.refusal import PictureError, Reason
from core.executor.local.executor import LocalExecutor
from core.executor.local.supervisor import Supervisor
from core.executor.protocol import Done, PaintFailed, WorkerLost
from core.executor.worker.process import WorkerProcess
from tests.kit.executors import PHOTO, SIZE, STYLE, is_alive, paint, task
from tests.kit.hostile_pictures import jpeg_with_many_scans
from tests.kit.stand_in_painters import NOTE
from tests.kit.waiting import eventually

Start = Callable[..., Awaitable[LocalExecutor]]


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    """Starts executors with a painter of `stand_in_painters`, and closes them."""
    executors: list[LocalExecutor] = []

    async def start(painter: str | None, **options: Any) -> LocalExecutor:
        if painter is not None:
            options["painter"] = f"tests.kit.stand_in_painters:{painter}"
        executors.append(LocalExecutor(**{"device": "cpu", "warm_size": 0, **options}))
        await executors[-1].start()
        return executors[-1]

    yield start
    for executor in executors:
        await executor.close()


async def test_what_a_worker_says_is_logged_line_for_line_as_part_of_its_task(start: Start) -> None:
    about: ContextVar[str] = ContextVar("about", default="nothing")
    heard: list[tuple[int, str, str]] = []

    class Hearing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            assert isinstance(record.worker, int)
            heard.append((record.levelno, record.getMessage(), about.get()))

    log, hearing = logging.getLogger("core.executor.worker.process"), Hearing()
    log.addHandler(hearing)
    executor = await start("talkative")
    about.set("a task")
    with pytest.raises(WorkerLost):
        await paint(executor, task())
    log.removeHandler(hearing)
    assert heard == [
        (logging.WARNING, "a print", "a task"),
        (logging.ERROR, "an error | of two lines", "a task"),
        (logging.WARNING, "native code: \ufffd", "a task"),
        (logging.WARNING, "half a line", "a task"),
    ]


async def test_two_workers_paint_at_once(start: Start) -> None:
    executor = await start("patient", workers=2)
    assert executor.slots == 2
    await eventually(lambda: len(executor.pids) == 2)
    running: set[int] = set()
    together = 0

    async def follow(number: int) -> None:
        nonlocal together
        async for _ in executor.paint(task()):
            running.add(number)
            together = max(together, len(running))
        running.remove(number)

    await asyncio.gather(*map(follow, range(4)))
    assert together == 2


async def test_workers_know_of_each_other_with_whom_they_share_the_memory(
    start: Start, tmp_path: Path
) -> None:
    executor = await start("sociable", workers=2, weights=str(tmp_path))
    await eventually(lambda: len(executor.pids) == 2 and all(one.ready for one in executor._supervisors))
    await asyncio.gather(*(paint(executor, task()) for _ in range(2)))
    one, other = executor.pids
    known = {pid: set((tmp_path / f"{pid}").read_text().split()) for pid in (one, other)}
    assert str(other) in known[one]  # and perhaps workers of other tests, which this process has as well
    assert str(one) in known[other]
    assert not any(str(pid) in siblings for pid, siblings in known.items())


async def test_no_memory_is_answered_by_one_try_at_a_smaller_size(start: Start) -> None:
    executor = await start("cramped")
    *_, done = await paint(executor, task())
    assert isinstance(done, Done)
    assert (done.width, done.shrunk_from) == (90, SIZE)
    assert executor.restarts == 0


async def test_no_memory_twice_costs_the_worker(start: Start) -> None:
    executor = await start("cramped")
    with pytest.raises(WorkerLost, match="OOM"):
        await paint(executor, task(recipe={"strength": "wild"}))
    assert isinstance((await paint(executor, task()))[-1], Done)
    assert executor.restarts == 1


async def test_a_painting_gone_wrong_costs_no_worker(start: Start) -> None:
    executor = await start("faulty")
    for _ in range(2):
        with pytest.raises(PaintFailed, match="the loss is nan"):
            await paint(executor, task())
    assert executor.restarts == 0


async def test_a_picture_that_takes_long_to_open_hears_a_cancel_and_costs_no_worker(start: Start) -> None:
    executor = await start("patient", grace=3.0)  # less than the picture would have had
    await eventually(lambda: executor.ready)
    (pid,) = executor.pids
    heavy = asyncio.create_task(paint(executor, task(content=jpeg_with_many_scans(100_000))))
    worker = psutil.Process(pid)
    await eventually(lambda: any(child.cpu_times().user > 0.4 for child in worker.children()))
    heavy.cancel()
    assert isinstance((await paint(executor, task(recipe={"steps": 1})))[-1], Done)
    assert executor.pids == [pid]
    assert executor.restarts == 0


async def test_a_picture_that_takes_too_long_to_open_is_refused_and_costs_no_worker(start: Start) -> None:
    executor = await start("patient")
    with pytest.raises(PictureError) as refused:
        await paint(executor, task(content=jpeg_with_many_scans(100_000)))
    assert refused.value.reason is Reason.TOO_HEAVY
    assert isinstance((await paint(executor, task(recipe={"steps": 1})))[-1], Done)
    assert executor.restarts == 0


async def test_a_silent_worker_is_noticed(start: Start) -> None:
    executor = await start("deaf", stall=1.0)
    with pytest.raises(WorkerLost, match="was silent for 1 s"):
        await paint(executor, task())
    assert isinstance((await paint(executor, task(recipe={"steps": 1})))[-1], Done)


async def test_a_worker_that_does_not_stop_is_replaced(start: Start) -> None:
    executor = await start("deaf", grace=0.5)
    await eventually(lambda: executor.ready)
    (pid,) = executor.pids
    events = executor.paint(task())
    await anext(events)
    await events.aclose()
    await eventually(lambda: not is_alive(pid))
    assert isinstance((await paint(executor, task(recipe={"steps": 1})))[-1], Done)


async def test_without_weights_paintings_fail_with_the_reason(start: Start) -> None:
    executor = await start(None, weights="/nowhere")
    for _ in range(2):  # while it is started, and when it is known not to start
        with pytest.raises(PaintFailed, match="There is no file /nowhere"):
            await paint(executor, task())
    assert not executor.ready


async def test_a_worker_that_dies_at_the_start_is_given_up_for_a_while(start: Start) -> None:
    executor = await start("stillborn")
    with pytest.raises(PaintFailed, match="was killed by SIGKILL"):
        await paint(executor, task())
    restarts = executor.restarts
    assert 2 <= restarts <= 3
    with pytest.raises(PaintFailed):
        await paint(executor, task())
    await asyncio.sleep(1)
    assert executor.restarts <= restarts + 1


async def test_one_worker_that_starts_is_enough(start: Start, tmp_path: Path) -> None:
    """Of two slots one never gets a worker: what waits is painted by the other."""
    executor = await start("only_one", workers=2, weights=str(tmp_path / "lock"))
    await eventually(lambda: executor.ready and executor.restarts >= 3)
    assert executor.trouble is None
    assert isinstance((await paint(executor, task()))[-1], Done)


async def test_whatever_ends_a_workers_life_another_begins(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spawn = WorkerProcess.spawn
    faults = [ValueError("40 is not a valid Signals")]

    async def faulty(setup: Any, environment: Any) -> WorkerProcess:
        if faults:
            raise faults.pop()
        return await spawn(setup, environment)

    monkeypatch.setattr(WorkerProcess, "spawn", faulty)
    executor = await start("patient")
    await eventually(lambda: executor.trouble is not None)
    assert executor.trouble == "ValueError: 40 is not a valid Signals"
    assert caplog.text.count("a worker has to be replaced: ValueError: 40 is not") == 1
    await eventually(lambda: executor.ready)
    assert executor.trouble is None
    assert isinstance((await paint(executor, task()))[-1], Done)


async def test_what_nobody_foresaw_in_a_painting_is_answered(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = await start("patient")
    await eventually(lambda: executor.ready)
    monkeypatch.setattr(Supervisor, "_pass_on", lambda *_: {}["nothing"])
    with pytest.raises(WorkerLost, match="KeyError: 'nothing'"):
        await paint(executor, task())
    monkeypatch.undo()
    assert isinstance((await paint(executor, task()))[-1], Done)


async def test_a_worker_that_cannot_be_understood_is_replaced(start: Start) -> None:
    executor = await start("babbling")
    with pytest.raises(WorkerLost, match="was killed by SIGKILL"):
        await paint(executor, task())
    await eventually(lambda: executor.restarts == 1)


async def test_the_death_of_a_worker_is_noticed_though_its_own_child_holds_its_pipes(start: Start) -> None:
    executor = await start("survived")
    await eventually(lambda: executor.ready)
    with pytest.raises(WorkerLost, match="was killed by SIGKILL"):
        async with asyncio.timeout(15):  # the child has twenty
            await paint(executor, task())


async def test_why_there_is_no_better_network_is_said_by_each_worker_on_one_line(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    executor = await start("reduced")
    for lives in (1, 2):
        await eventually(lambda: executor.ready)
        assert executor.paints_with == f"nothing on paper. {NOTE}"
        assert [NOTE in line for line in caplog.text.splitlines()].count(True) == lives
        os.kill(executor.pids[0], signal.SIGKILL)
        await eventually(lambda lives=lives: executor.restarts == lives)


async def test_too_little_address_space(start: Start) -> None:
    executor = await start(None, weights="packaged", memory_limit=600_000_000)
    with pytest.raises(PaintFailed):
        await paint(executor, task())


PARENT = """
    import asyncio, sys
    from core.executor.local.executor import LocalExecutor
    from core.executor.protocol import PaintTask, Progress
    from core.recipe import Recipe

    async def main():
        executor = LocalExecutor("packaged", "cpu", warm_size=0)
        await executor.start()
        while not executor.pids:
            await asyncio.sleep(0.01)
        print(*executor.pids, flush=True)
        content, style = (open(name, "rb").read() for name in sys.argv[1:])
        async for event in executor.paint(PaintTask(content, (style,), Recipe(size=128, steps=10_000))):
            if isinstance(event, Progress):
                print("painting", flush=True)

    asyncio.run(main())
"""


@pytest.mark.parametrize("when", ["starting", "painting"])
async def test_workers_end_with_a_parent_that_is_killed(when: str, tmp_path: Any) -> None:
    files = [tmp_path / "content.jpg", tmp_path / "style.jpg"]
    for file, data in zip(files, (PHOTO, STYLE), strict=True):
        file.write_bytes(data)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(PARENT), *files, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    if when == "painting":
        assert await parent.stdout.readline() == b"painting\n"
    assert is_alive(pid)
    parent.kill()
    await eventually(lambda: not is_alive(pid))
