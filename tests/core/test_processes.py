"""What is said of a process's end, and what no other gets of its memory."""

import signal
import subprocess
import sys

import pytest

from core import processes
from core.processes import how_it_ended, is_killed_by_others


@pytest.mark.parametrize("number", range(1, signal.SIGRTMAX + 1))
def test_every_signal_can_be_named(number: int) -> None:
    said = how_it_ended(-number)
    assert said.startswith("was killed by ")
    assert "SIG" in said or str(number) in said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (0, "ended with status 0"),
        (3, "ended with status 3"),
        (None, "ended with status None"),
        (-9, "was killed by SIGKILL"),
        (-(signal.SIGRTMIN + 7), "was killed by SIGRTMIN+7"),
        (-500, "was killed by signal 500"),
    ],
)
def test_an_end_is_told_in_words(status: int | None, said: str) -> None:
    assert how_it_ended(status) == said


@pytest.mark.parametrize(
    ("status", "before", "now", "by_others"),
    [
        (-signal.SIGKILL, 3, 3, True),
        (-signal.SIGTERM, 3, 3, True),
        (-signal.SIGKILL, 3, 4, False),  # for want of memory, this one or another
        (-signal.SIGKILL, None, None, False),  # nobody knows
        (-signal.SIGSEGV, 3, 3, False),
        (1, 3, 3, False),
    ],
)
def test_a_process_that_others_killed_did_not_end_by_itself(
    monkeypatch: pytest.MonkeyPatch, status: int, before: int | None, now: int | None, by_others: bool
) -> None:
    monkeypatch.setattr(processes, "oom_kills", lambda: now)
    assert is_killed_by_others(status, before) is by_others


def test_nothing_of_a_process_is_left_in_a_core_dump() -> None:
    program = """
import ctypes, resource
from core.processes import keep_memory_private
keep_memory_private()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0) 0\n"
