"""Keep what our processes hold in memory to themselves, and say how one of them ended."""

import ctypes
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

_PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """Leave no core dump of this process, which would hold pictures and the token.

    Linux lets no other process of the same user look into its memory from then on, either. To be called by
    each process for itself: what it starts begins anew.
    """
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def how_it_ended(status: int | None) -> str:
    """Say how a process ended, by its exit status, which is the negative of the signal that killed it.

    The end of a sentence, such as "was killed by SIGKILL". Python has no names for most real-time signals.
    """
    if status is None or status >= 0:
        return f"ended with status {status}"
    return f"was killed by {_name(-status)}"


def is_killed_by_others(status: int | None, oom_kills_before: int | None) -> bool:
    """Say whether a process ended by a signal that others send, and not the kernel for want of memory.

    Args:
        status: its exit status.
        oom_kills_before: as `oom_kills` counted when it began.
    """
    if status not in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP):
        return False
    return oom_kills_before is not None and oom_kills() == oom_kills_before


def oom_kills() -> int | None:
    """Count the processes of this machine that the kernel has killed for want of memory; None: unknown."""
    try:
        with Path("/proc/vmstat").open(encoding="ascii") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), None)
    except OSError:
        return None


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        first = getattr(signal, "SIGRTMIN", None)
        if first is not None and first <= number <= signal.SIGRTMAX:
            return f"SIGRTMIN+{number - first}"
        return f"signal {number}"
