"""What a worker process and its parent say to each other, and how that goes over a pipe.

A message is a pickle behind its length. After `Setup` the worker answers `Ready`, or an error and nothing
more. From then on each `PaintTask` is answered by events, and at last by exactly one of `Done`, `Stopped` (it
was cancelled) and an error: with that the worker is free again.
"""

import os
import pickle
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, TypeAlias, TypeVar

from core.decoding.refusal import PictureError
from core.executor.protocol import Event, ExecutorError, PaintTask

PAINTER = "core.painter:load_painter"
WARM_SIZE = 640  # px; a painting in which every kind of step occurs

Message = TypeVar("Message")

_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True)
class Setup:
    """What a worker is to be, for the whole of its life."""

    weights: str  # as `core.weights.load_weights` takes it
    device: str  # "auto", "cpu" or "gpu"
    painter: str  # "module:function" of (weights, device), which loads a painter
    warm_size: int  # px; of the painting that traces the graphs beforehand. 0: none
    nice: int  # added to the process's niceness
    memory_limit: int | None  # bytes of address space


@dataclass(frozen=True)
class Cancel:
    """Stop the painting under way, if there still is one."""


@dataclass(frozen=True)
class Ready:
    """The worker is loaded and warm."""

    description: str  # one line for the log: what it paints with
    seconds: float  # of loading and warming


@dataclass(frozen=True)
class Stopped:
    """The painting has been cancelled; the worker is free."""


ToWorker: TypeAlias = Setup | PaintTask | Cancel
Answer: TypeAlias = Event | PictureError | ExecutorError
FromWorker: TypeAlias = Ready | Answer | Stopped


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard input and output for our messages alone: whoever prints, prints on standard error."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return incoming, outgoing


def pack(message: object) -> bytes:
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def read(file: BinaryIO) -> Any:
    """Read the next message from a file that blocks. Raises EOFError where there is none, or no whole one."""
    (length,) = _LENGTH.unpack(_exactly(file, _LENGTH.size))
    return pickle.loads(_exactly(file, length))  # noqa: S301  (from our own parent)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise EOFError
    return data


class Unpacker(Generic[Message]):
    """Unpack messages out of bytes that come in pieces of any length."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that are complete with these bytes."""
        self._bytes += data
        while len(self._bytes) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._bytes)
            end = _LENGTH.size + length
            if len(self._bytes) < end:
                return
            message: Message = pickle.loads(self._bytes[_LENGTH.size : end])  # noqa: S301  (from our own child)
            del self._bytes[:end]
            yield message
