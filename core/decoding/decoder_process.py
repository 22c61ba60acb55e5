"""Open pictures for a parent: `python -m core.decoding.decoder_process`, started by `core.decoding.decoder`.

Within its limits the libraries that read pictures may do what they like. Where one asks for more memory than
there is, the picture is refused; where it takes more time, or crashes, the process ends. A thread listens,
so that it also ends, in the middle of a picture even, when its parent does.
"""

import importlib
import json
import math
import os
import queue
import resource
import signal
import sys
import threading
from contextlib import suppress
from typing import Any, BinaryIO

import psutil

from core import memory
from core.decoding.montage import side_by_side
from core.decoding.picture import encode, open_picture
from core.decoding.refusal import PictureError, PictureLimits

_ROOM = 0.9  # of the machine's free memory, where that is less

# Applications may make the thumbnails of files themselves, so even these are not taken on trust.
_THUMBNAILS = PictureLimits(max_bytes=500_000, max_pixels=1_000_000, min_side=1, max_aspect=1000.0)


def main(memory_limit: int, seconds: int) -> None:
    """Answer requests, with so many bytes and seconds of processor time for each."""
    # Ctrl-C and a service manager's stop reach every process of a group; this one ends with its parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whoever prints, prints on standard error
    with suppress(ImportError):
        importlib.import_module("pillow_heif")  # now, so that no picture is charged for it
    requests: queue.SimpleQueue[tuple[dict[str, Any], list[bytes]]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    ceiling = psutil.Process().memory_info().vms + memory_limit
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    _send(outgoing, {"ready": True})
    while True:
        request, files = requests.get()
        _limit(ceiling, seconds)
        try:
            answer, body = _answer(request, files)
        except PictureError as error:
            answer, body = {"reason": error.reason, "message": str(error)}, b""
        _send(outgoing, answer | {"length": len(body)}, body)


def _listen(incoming: BinaryIO, requests: "queue.SimpleQueue[tuple[dict[str, Any], list[bytes]]]") -> None:
    try:
        while line := incoming.readline():
            request = json.loads(line)
            requests.put((request, [incoming.read(length) for length in request["lengths"]]))
    finally:
        os._exit(0)


def _answer(request: dict[str, Any], files: list[bytes]) -> tuple[dict[str, Any], bytes | memoryview]:
    if request["task"] == "side_by_side":
        left, right = (open_picture(file, _THUMBNAILS) for file in files)
        return {}, encode(side_by_side(left, right), "jpeg")
    picture = open_picture(files[0], longest=request["longest"])
    return {"shape": picture.shape}, picture.data.cast("B")


def _limit(ceiling: int, seconds: int) -> None:
    """Begin to count for one picture."""
    free = psutil.Process().memory_info().vms + int(memory.available() * 1e6 * _ROOM)
    resource.setrlimit(resource.RLIMIT_AS, (min(ceiling, free), ceiling))
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _send(outgoing: BinaryIO, answer: dict[str, Any], body: bytes | memoryview = b"") -> None:
    outgoing.write(json.dumps(answer).encode() + b"\n")
    outgoing.write(body)
    outgoing.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
