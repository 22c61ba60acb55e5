"""Open pictures for a parent: `python -m core.decoding.decoder_process`, started by `core.decoding.decoder`.

Within its limits the libraries that read pictures may do what they like. Where one asks for more memory than
there is, the picture is refused; where it takes more time, the parent ends the process. A thread listens, so
that it also ends, in the middle of a picture even, when its parent does.
"""

import importlib
import json
import os
import queue
import resource
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import psutil
from PIL import AvifImagePlugin

from core import memory
from core.decoding.animation import LONGEST, animation
from core.decoding.montage import SHEET, sheet, side_by_side
from core.decoding.picture import encode, open_picture
from core.decoding.refusal import PictureError, PictureLimits
from core.decoding.sticker import STICKER, sticker
from core.processes import keep_memory_private

_THREADS = 2  # of AVIF's library, which else would have one, with memory, for each processor
_ROOM = 0.9  # of the machine's free memory, where that is less

# Applications may make the thumbnails of files themselves, so even these are not taken on trust.
_THUMBNAILS = PictureLimits(max_bytes=500_000, max_pixels=1_000_000, min_side=1, max_aspect=1000.0)
_ANY_SHAPE = PictureLimits(min_side=1, max_aspect=1000.0)
_THUMBNAILS_MEMORY = 100_000_000  # bytes


def main(memory_limit: int) -> None:
    """Answer requests, with so many bytes of memory for each."""
    keep_memory_private()
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
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    AvifImagePlugin.DEFAULT_MAX_THREADS = _THREADS
    _send(outgoing, {"length": 0})  # ready
    with Path(os.devnull).open("w") as nowhere:  # what libraries say of somebody's file is nobody's business
        os.dup2(nowhere.fileno(), 2)
    while True:
        request, files = requests.get()
        _limit(ceiling, _THUMBNAILS_MEMORY if request["task"] == "side_by_side" else memory_limit)
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
    if request["task"] == "sheet":
        pictures = [open_picture(file, _ANY_SHAPE, longest=SHEET // 2) for file in files]
        return {}, encode(sheet(pictures, request["labels"], columns=request["columns"]), "jpeg")
    if request["task"] == "sticker":
        return {}, sticker(open_picture(files[0], _ANY_SHAPE, longest=STICKER))
    if request["task"] == "animation":
        pictures = [open_picture(file, _ANY_SHAPE, longest=2 * LONGEST) for file in files]
        return {}, animation(pictures, request["labels"])
    picture = open_picture(files[0], longest=request["longest"])
    return {"shape": picture.shape}, picture.data.cast("B")


def _limit(ceiling: int, memory_limit: int) -> None:
    """Let one picture have so many bytes, or what of them there is."""
    free = int(memory.available() * 1e6 * _ROOM)
    limit = psutil.Process().memory_info().vms + min(memory_limit, free)
    resource.setrlimit(resource.RLIMIT_AS, (min(ceiling, limit), ceiling))


def _send(outgoing: BinaryIO, answer: dict[str, Any], body: bytes | memoryview = b"") -> None:
    try:
        outgoing.write(json.dumps(answer).encode() + b"\n")
        outgoing.write(body)
        outgoing.flush()
    except BrokenPipeError:  # the parent is gone; Python's own end would stumble over the thread that listens
        os._exit(0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
