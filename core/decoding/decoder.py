"""Open pictures in another process, so that a hostile one can only harm that."""

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core.decoding.refusal import PictureError, Reason

if TYPE_CHECKING:
    from core.decoding.pixels import Picture

MEMORY = 1_500_000_000  # bytes for one picture; the largest that `PictureLimits` lets through take two thirds
SECONDS = 30  # of processor time for one; those take two


class DecoderUnavailable(RuntimeError):
    """The process does not start; the message is one sentence for an operator."""


class Decoder:
    """Open pictures in a process with limits on memory and time: see `decoder_process`.

    Started for the first picture and kept warm. Where a picture is its end, that one is refused as too heavy,
    and the next gets a new process. Threads may share a decoder; they take turns.
    """

    def __init__(self, memory: int = MEMORY, seconds: int = SECONDS) -> None:
        self._limits = memory, seconds
        self._turn = threading.Lock()
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

    def open_picture(self, data: bytes, *, longest: int | None = None) -> "Picture":
        """Open as `core.decoding.picture.open_picture` does. Raises PictureError or DecoderUnavailable."""
        import numpy as np

        with self._turn:
            answer, pixels = self._ask({"task": "open_picture", "longest": longest}, data)
            return np.frombuffer(pixels, np.uint8).reshape(answer["shape"])

    def side_by_side(self, left: bytes, right: bytes) -> bytes:
        """Make a JPEG of two thumbnails. Raises PictureError or DecoderUnavailable."""
        with self._turn:
            return self._ask({"task": "side_by_side"}, left, right)[1]

    def close(self) -> None:
        """End the process. It also ends with this object, and with the process that has it."""
        if self._end is not None:
            self._end()

    def _ask(self, request: dict[str, Any], *files: bytes) -> tuple[dict[str, Any], bytes]:
        """A line of JSON and the files go in; a line of JSON and at most one file come out.

        No pickles: unpickling what the process says would be to trust it.
        """
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  (both are pipes)
        try:
            process.stdin.write(_line(request | {"lengths": [len(file) for file in files]}))
            for file in files:
                process.stdin.write(file)
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            body = process.stdout.read(answer["length"])
            if len(body) < answer["length"]:
                raise EOFError
        except (OSError, EOFError, ValueError):
            self.close()
            raise PictureError(Reason.TOO_HEAVY, f"The picture's decoder {_fate(process)}.") from None
        if "reason" in answer:
            raise PictureError(Reason(answer["reason"]), answer["message"])
        return answer, body

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._process = _spawn(*self._limits)
            self._end = weakref.finalize(self, _end, self._process)
            assert self._process.stdout is not None  # noqa: S101  (a pipe)
            if not self._process.stdout.readline():
                self.close()
                raise DecoderUnavailable(f"The process that opens pictures {_fate(self._process)}.")
        return self._process


def _spawn(memory: int, seconds: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-P", "-m", "core.decoding.decoder_process", str(memory), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # One thread of NumPy's and one arena of malloc's: more would only reserve memory, which is counted.
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",
        },
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _fate(process: "subprocess.Popen[bytes]") -> str:
    code = process.wait()
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"
