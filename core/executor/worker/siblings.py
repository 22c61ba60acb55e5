"""Find the other workers on this machine that share its memory with this one."""

from contextlib import suppress

import psutil

_WORKER = "core.executor.worker.child"
_ACTOR = "ray::"  # what a process of Ray's calls itself, whose parent is the node's


def siblings() -> list[int]:
    """Return the process ids of the other workers of the same executor, or of the same node of a cluster.

    To be called in a worker's process.
    """
    found: list[int] = []
    with suppress(psutil.Error):
        own = psutil.Process()
        parent = own.parent()
        if parent is not None and parent.cmdline()[:1] and parent.cmdline()[0].startswith(_ACTOR):
            parent = parent.parent()
        for process in parent.children(recursive=True) if parent is not None else []:
            with suppress(psutil.Error):
                if process.pid != own.pid and _WORKER in process.cmdline():
                    found.append(process.pid)
    return found
