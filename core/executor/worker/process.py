"""Run child processes from the event loop: messages in, messages out, death at once."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from contextvars import Context, copy_context
from typing import ClassVar, Generic, Self, TypeVar, cast

from core.executor.protocol import WorkerKilled, WorkerLost
from core.executor.worker import wire
from core.executor.worker.wire import FromWorker, ToWorker
from core.processes import how_it_ended, is_killed_by_others, oom_kills

Sent = TypeVar("Sent")
Received = TypeVar("Received")

log = logging.getLogger(__name__)

_LONGEST_LINE = 10_000  # bytes of what a worker says
_LAST_WORDS = 1.0  # seconds in which what is still in its pipes is read, once it has exited


class ChildProcess(asyncio.SubprocessProtocol, Generic[Sent, Received]):
    """A process beside the event loop's: messages go in by `send` and come out by `receive`.

    A fresh interpreter, not a fork: TensorFlow does not survive one, nor do threads. And not a process of
    `multiprocessing`: that would import the parent's main module into each worker, the whole bot with it, and
    its pipes block, so that threads would have to read them. Nor by asyncio's streams: whoever waits for a
    message may be cancelled, by a deadline say, and a `readexactly` cut short between a message's length and
    its body would lose the stream's place. Death shows at once, by the pipe's end.

    What it says on standard error is logged here, a line for a line, in the context of what it was given to
    do last; what does not begin with a level, as it comes from native code, is a warning.
    """

    module: ClassVar[str]  # which it runs
    name: ClassVar[str]  # what to call it

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.context: Context = copy_context()
        self._is_killed = False  # by us
        self._oom_kills = oom_kills()
        self._saying = b""
        self._messages: asyncio.Queue[Received | None] = asyncio.Queue()  # None: there will be no more
        self._unpacker: wire.Unpacker[Received] = wire.Unpacker()

    @classmethod
    async def spawn(cls, first: Sent, environment: Mapping[str, str]) -> Self:
        """Start one, with some variables added to the environment, and a first message to it.

        Raises OSError if the system won't.
        """
        _, process = await asyncio.get_running_loop().subprocess_exec(
            cls,
            sys.executable,
            "-P",  # import from where this process imports from, not also from where it happens to stand
            *("-m", cls.module),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        )
        process.send(first)
        return process

    @property
    def pid(self) -> int:
        return self._transport.get_pid()

    def send(self, message: Sent) -> None:
        """Send a message.

        Never blocks: what the pipe does not take is kept. Does nothing to a dead process.
        """
        if not self.ended.is_set():
            self._stdin.write(wire.pack(message))

    async def receive(self) -> Received:
        """Wait for the next message. Raises WorkerLost, for evermore, when the process has ended."""
        message = await self._messages.get()
        if message is None:
            self._messages.put_nowait(None)
            status = self._transport.get_returncode()
            by_others = not self._is_killed and is_killed_by_others(status, self._oom_kills)
            kind = WorkerKilled if by_others else WorkerLost
            raise kind(f"The {self.name} (process {self.pid}) {how_it_ended(status)}.")
        return message

    def hang_up(self) -> None:
        """Say no more to it, by which it notices that it should end."""
        self._stdin.close()

    def kill(self) -> None:
        """Kill it, whatever it is doing. Does nothing to a dead process."""
        self._is_killed = True
        with suppress(ProcessLookupError):
            self._transport.kill()

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.kill()
        await self.ended.wait()
        self._transport.close()

    def _log(self, line: bytes) -> None:
        said = line[:_LONGEST_LINE].decode(errors="replace").strip()
        name, _, event = said.partition(" ")
        level = logging.getLevelNamesMapping().get(name)
        if said:
            self.context.run(
                log.log,
                level or logging.WARNING,
                "%s",
                event if level else said,
                extra={"worker": self.pid},
            )

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._stdin = cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            *lines, rest = (self._saying + data).split(b"\n")
            self._saying = rest[:_LONGEST_LINE]
            for line in lines:
                self._log(line)
            return
        try:
            for message in self._unpacker.feed(data):
                self._messages.put_nowait(message)
        except Exception:
            log.exception("what the %s (process %d) says cannot be understood", self.name, self.pid)
            self.kill()

    def process_exited(self) -> None:
        """Processes of its own may hold its pipes open: their ends are not waited for."""
        asyncio.get_running_loop().call_later(_LAST_WORDS, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The process has exited, its pipes are closed, and all that was in them has been received."""
        self._log(self._saying)
        self.ended.set()
        self._messages.put_nowait(None)


class WorkerProcess(ChildProcess[ToWorker, FromWorker]):
    """Hold a painter, and TensorFlow with it."""

    module = "core.executor.worker.child"
    name = "worker"
