"""Open pictures in another process, so that a hostile one can only harm that."""

import asyncio
import json
import os
import selectors
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from core.decoding.refusal import DEFAULT_LIMITS, PictureError, Reason
from core.processes import how_it_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.decoding.pixels import Picture

T = TypeVar("T")

MEMORY = 840_000_000  # bytes for one picture, beside the 45 MB that the process has
SECONDS = 4.4  # by the clock for one; the largest photos of phones take half of that
THUMBNAIL_SECONDS = 1.5  # for two thumbnails, and for each picture of a sheet
ANIMATION_SECONDS = 5.0  # for each picture of an animation; on a busy machine it takes ten times its 0.4
LOOK = 256  # pixels of the longer side of a picture that is only looked at
_START = 20.0  # seconds by the clock for the process to start in
_LOOK_EVERY = 0.1  # seconds; how soon a cancel is heard
_LONGEST_LOOK = 1.0  # seconds; if one took longer, this process was held up too, as on a paused machine
_LONGEST_ANSWER = 3 * DEFAULT_LIMITS.max_pixels + 1000  # bytes


class DecoderUnavailable(RuntimeError):
    """The process does not start; the message is one sentence for an operator."""


class DecodingCancelled(Exception):
    """Nobody wants the picture any more."""


class Decoder:
    """Open pictures in a process with limits on memory and time: see `decoder_process`.

    Started for the first picture and kept warm. A picture that takes too long is its end, and so may be a
    hostile one: that picture is refused as too heavy, and the next gets a new process. Threads may share a
    decoder; they take turns.
    """

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        """Take at most so many bytes of memory, and seconds by the clock, for each picture."""
        self._memory = memory
        self._seconds = seconds
        self._turn = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "decoder")  # for event loops; idle, it costs nothing
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[[subprocess.Popen[bytes]], Decoder] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process's id; None before the first picture."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Have the process at hand before the first picture is. Raises DecoderUnavailable."""
        with self._turn:
            self._running()

    def open_picture(
        self, data: bytes, *, longest: int | None = None, cancelled: threading.Event | None = None
    ) -> "Picture":
        """Open as `core.decoding.picture.open_picture` does. To be called in a thread that may wait.

        Raises PictureError, DecoderUnavailable, or DecodingCancelled soon after `cancelled` is set.
        """
        import numpy as np

        request = {"task": "open_picture", "longest": longest}
        with self._turn:
            answer, pixels = self._ask(request, [data], self._seconds, cancelled)
            return np.frombuffer(pixels, np.uint8).reshape(answer["shape"])

    async def look(self, data: bytes) -> None:
        """Open a picture, small, to see whether it can be opened, in a thread of the decoder's own.

        A large JPEG costs a fraction of what its full size would. Cancelled, it leaves a picture that has not
        begun unopened, and one that has to its deadline. Raises PictureError or DecoderUnavailable.
        """
        await self._apart(partial(self.open_picture, data, longest=LOOK))

    async def side_by_side(self, left: bytes, right: bytes) -> bytes:
        """Make a JPEG of two thumbnails, in a thread of the decoder's own.

        Cancelled, it leaves a request that has not begun undone, and one that has to its deadline.
        Raises PictureError or DecoderUnavailable.
        """
        return await self._apart(partial(self._side_by_side, left, right))

    def _side_by_side(self, left: bytes, right: bytes) -> bytes:
        with self._turn:
            return bytes(self._ask({"task": "side_by_side"}, [left, right], THUMBNAIL_SECONDS)[1])

    async def sheet(self, files: "Sequence[bytes]", labels: "Sequence[str]", *, columns: int) -> bytes:
        """Make a JPEG of pictures with their labels, as `core.decoding.montage.sheet` does.

        In a thread of the decoder's own, as `side_by_side`. Raises PictureError, for all of them, where one
        cannot be opened, or DecoderUnavailable.
        """
        return await self._apart(partial(self._sheet, files, labels, columns))

    def _sheet(self, files: "Sequence[bytes]", labels: "Sequence[str]", columns: int) -> bytes:
        request = {"task": "sheet", "labels": list(labels), "columns": columns}
        with self._turn:
            return bytes(self._ask(request, files, len(files) * THUMBNAIL_SECONDS)[1])

    async def sticker(self, data: bytes) -> bytes:
        """Make a WebP of a picture, as `core.decoding.sticker.sticker` does.

        In a thread of the decoder's own, as `side_by_side`. Raises PictureError or DecoderUnavailable.
        """
        return await self._apart(partial(self._sticker, data))

    def _sticker(self, data: bytes) -> bytes:
        with self._turn:
            return bytes(self._ask({"task": "sticker"}, [data], self._seconds)[1])

    async def animation(self, files: "Sequence[bytes]", labels: "Sequence[str]" = ()) -> bytes:
        """Make a GIF that leads from the first picture to the last: see `core.decoding.animation.animation`.

        There is a label for each picture, or none at all. In a thread of the decoder's own, as
        `side_by_side`. Raises PictureError, for all of them, where one cannot be opened, or
        DecoderUnavailable.
        """
        return await self._apart(partial(self._animation, files, labels or [""] * len(files)))

    def _animation(self, files: "Sequence[bytes]", labels: "Sequence[str]") -> bytes:
        request = {"task": "animation", "labels": list(labels)}
        with self._turn:
            return bytes(self._ask(request, files, len(files) * ANIMATION_SECONDS)[1])

    async def _apart(self, work: "Callable[[], T]") -> T:
        """Do this in the decoder's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """End the process. It also ends with this object, and with the process that has it."""
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)
        if (process := self._process) is not None:
            process.kill()  # whoever waits for its answer waits no longer
        with self._turn:
            self._discard()

    def _ask(
        self,
        request: dict[str, Any],
        files: "Sequence[bytes]",
        seconds: float,
        cancelled: threading.Event | None = None,
    ) -> tuple[dict[str, Any], memoryview]:
        """A line of JSON and the files go in; a line of JSON and at most one file come out.

        No pickles: unpickling what the process says would be to trust it.
        """
        process = self._running()
        first = _line(request | {"lengths": [len(file) for file in files]})
        try:
            answer, body = _talk(process, [first, *files], seconds, cancelled)
            if "reason" in answer:
                refusal = PictureError(Reason(answer["reason"]), str(answer["message"]))
            elif request["task"] == "open_picture" and _pixels(answer["shape"]) != len(body):
                raise ValueError(answer["shape"])
            else:
                return answer, body
        except DecodingCancelled:
            self._discard()
            raise
        except TimeoutError:
            self._discard()
            raise PictureError(Reason.TOO_HEAVY, "The picture takes too long to open.") from None
        except (OSError, EOFError, ValueError, LookupError, TypeError):
            raise PictureError(Reason.TOO_HEAVY, f"The picture's decoder {self._discard()}.") from None
        raise refusal

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._closed:
            raise DecoderUnavailable("The decoder of pictures has been closed.")
        if self._process is None or self._process.poll() is not None:
            self._discard()
            try:
                self._process = _spawn(self._memory)
            except OSError as error:
                raise DecoderUnavailable(
                    f"The process that opens pictures does not start: {error}."
                ) from error
            self._end = weakref.finalize(self, _end, self._process)
            try:
                _talk(self._process, [], _START)
            except TimeoutError:
                self._discard()
                message = f"The process that opens pictures was not ready within {_START:.0f} s."
                raise DecoderUnavailable(message) from None
            except (OSError, EOFError, ValueError, LookupError, TypeError):
                message = f"The process that opens pictures {self._discard()}."
                raise DecoderUnavailable(message) from None
        return self._process

    def _discard(self) -> str:
        """End the process, if there is one, and say how it ended."""
        process, self._process = self._process, None
        if self._end is not None:
            self._end()
        return how_it_ended(process.returncode if process else None)


def _talk(
    process: "subprocess.Popen[bytes]",
    message: "Sequence[bytes]",
    seconds: float,
    cancelled: threading.Event | None = None,
) -> tuple[dict[str, Any], memoryview]:
    """Write a message and read an answer, whose line of JSON has the length of what follows.

    Seconds in which this process was held up itself are not counted, for the other one was too.

    Raises TimeoutError or DecodingCancelled; else OSError, EOFError, ValueError, LookupError or TypeError
    where it is not understood, or dead.
    """
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  (both are pipes)
    outgoing = deque(memoryview(part) for part in message if part)
    answer = bytearray()
    left = seconds
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if outgoing:
            selector.register(process.stdin, selectors.EVENT_WRITE)
        while (parsed := _parse(answer)) is None:
            if cancelled is not None and cancelled.is_set():
                raise DecodingCancelled
            if left <= 0:
                raise TimeoutError
            before = time.monotonic()
            for key, _ in selector.select(min(left, _LOOK_EVERY)):
                if key.fileobj is process.stdout:
                    answer += _read(key.fd)
                elif not _written(key.fd, outgoing):
                    selector.unregister(process.stdin)
            left -= min(time.monotonic() - before, _LONGEST_LOOK)
    return parsed


def _read(pipe: int) -> bytes:
    """Raises EOFError at the end."""
    if not (some := os.read(pipe, 1 << 20)):
        raise EOFError
    return some


def _written(pipe: int, outgoing: "deque[memoryview]") -> bool:
    """Write what the pipe takes; say whether something is left."""
    written = os.write(pipe, outgoing[0])
    outgoing[0] = outgoing[0][written:]
    if not outgoing[0]:
        outgoing.popleft()
    return bool(outgoing)


def _parse(answer: bytearray) -> tuple[dict[str, Any], memoryview] | None:
    """The answer, once all of it is there."""
    end = answer.find(b"\n", 0, 10_000) + 1
    if not end:
        return None
    said = json.loads(answer[:end])
    if not 0 <= said["length"] <= _LONGEST_ANSWER:
        raise ValueError(said["length"])
    whole = len(answer) >= end + said["length"]
    return (said, memoryview(answer)[end : end + said["length"]]) if whole else None


def _pixels(shape: Any) -> int:
    height, width, channels = map(int, shape)
    return height * width * channels


def _spawn(memory: int) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-P", "-m", "core.decoding.decoder_process", str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        # One thread of NumPy's and one arena of malloc's: more would only reserve memory, which is counted.
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",
        },
    )
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None  # noqa: S101
        os.set_blocking(pipe.fileno(), False)
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    with suppress(subprocess.TimeoutExpired):  # it waits for a disk, and ends when that answers
        process.wait(1)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"
