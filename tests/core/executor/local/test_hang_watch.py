"""What counts as a hang: real processes, and made-up files of the system for what cannot be had at will."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core.executor.local.executor import HANG
from core.executor.local.hang_watch import HangWatch
from tests.kit.waiting import eventually


@pytest.fixture
def sleeper() -> Iterator[psutil.Process]:
    child = subprocess.Popen(["sleep", "3600"])
    yield psutil.Process(child.pid)
    child.kill()
    child.wait()


@pytest.mark.parametrize("stopped", [False, True], ids=["asleep", "stopped"])
async def test_a_process_that_does_nothing_hangs(sleeper: psutil.Process, stopped: bool) -> None:
    if stopped:
        sleeper.suspend()
    assert await asyncio.wait_for(HangWatch(sleeper.pid, patience=0.2).hung(), 10)


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])",
    ],
    ids=["itself", "a child that it waits for, as for the decoder"],
)
async def test_a_process_at_work_does_not_hang(program: str) -> None:
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", program, start_new_session=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(HangWatch(worker.pid, patience=0.8).hung(), 1.2)
    os.killpg(worker.pid, signal.SIGKILL)
    await worker.wait()


async def test_a_process_that_is_gone_does_not_hang(sleeper: psutil.Process) -> None:
    watching = asyncio.create_task(HangWatch(sleeper.pid, patience=60).hung())
    os.kill(sleeper.pid, signal.SIGKILL)
    await eventually(lambda: sleeper.status() == psutil.STATUS_ZOMBIE)
    sleeper.wait()
    assert await asyncio.wait_for(watching, 10) is False
    assert await HangWatch(sleeper.pid, patience=60).hung() is False


def test_a_busy_machine_is_given_ten_seconds() -> None:
    assert HANG >= 10


def write_stat(folder: Path, state: str, faults: int) -> None:
    (folder / "stat").write_text(f"7 (a (very) odd name) {state} 1 7 7 0 -1 0 {faults} 0 0 0 1 1 0 0\n")


def thread(state: str) -> Callable[[Path, Path, int], None]:
    return lambda proc, group, look: write_stat(proc / "task/8", state, 0)  # noqa: ARG005


def swapping(proc: Path, group: Path, look: int) -> None:  # noqa: ARG001
    write_stat(proc, "S", faults=look)


def throttled(proc: Path, group: Path, look: int) -> None:  # noqa: ARG001
    (group.parent / "cpu.stat").write_text(f"usage_usec 9\nnr_periods 9\nnr_throttled {look}\n")


@pytest.mark.parametrize(
    ("change", "at_work"),
    [
        (thread("S"), False),
        (thread("T"), False),
        (thread("D"), True),
        (thread("R"), True),
        (swapping, True),
        (throttled, True),
    ],
    ids=["asleep", "stopped", "waiting for a disk", "waiting for a processor", "swapping", "throttled"],
)
def test_who_would_work_and_is_not_let_does_not_hang(
    sleeper: psutil.Process,
    tmp_path: Path,
    change: Callable[[Path, Path, int], None],
    at_work: bool,
) -> None:
    proc = tmp_path / "proc" / str(sleeper.pid)
    group = tmp_path / "sys/fs/cgroup/bots.slice/bot.service"
    for folder in (proc / "task/8", group):
        folder.mkdir(parents=True)
    (proc / "cgroup").write_text("0::/bots.slice/bot.service\n")
    write_stat(proc, "S", 0)
    (group / "cpu.stat").write_text("usage_usec 5\n")
    watch = HangWatch(sleeper.pid, patience=10, root=tmp_path)
    watch.is_at_work(sleeper)
    for look in range(1, 4):
        change(proc, group, look)
        assert watch.is_at_work(sleeper) is at_work
