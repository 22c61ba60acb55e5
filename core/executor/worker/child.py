"""Paint for a parent: `python -m core.executor.worker.child`, started by `core.executor.worker.process`.

Messages come in on standard input and go out on standard output; a thread listens while the main one paints.
The end of the input means that the parent is gone, however it went: then the process ends at once.
"""

import logging
import os
import queue
import resource
import signal
import threading
import time
from typing import BinaryIO

from core.decoding.decoder import DecodingCancelled
from core.decoding.refusal import PictureError
from core.executor.protocol import Done, ExecutorError, PaintTask
from core.executor.worker import wire
from core.executor.worker.siblings import siblings
from core.executor.worker.wire import Cancel, FromWorker, Ready, Setup, Stopped
from core.executor.worker.worker import Worker
from core.processes import keep_memory_private

log = logging.getLogger(__name__)


def main() -> None:
    keep_memory_private()
    # Ctrl-C and a service manager's stop reach every process of a group; what they mean, the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("%(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler])
    incoming, outgoing = wire.take_pipes()
    setup = wire.read(incoming)
    if not isinstance(setup, Setup):
        raise TypeError(f"the parent begins with a Setup, not with {setup!r}")
    inbox = _Inbox(incoming)
    outbox = _Outbox(outgoing)
    try:
        worker, ready = _load(setup)
        outbox.send(ready)
        while True:
            task, cancelled = inbox.next()
            outbox.send(_paint(worker, task, cancelled, outbox))
    except ExecutorError as error:
        outbox.send(error)


class _OneLine(logging.Formatter):
    """As the parent's log takes it: an error's traceback follows on the same line."""

    def format(self, record: logging.LogRecord) -> str:
        return " | ".join(super().format(record).splitlines())


class _Inbox:
    """Tasks as they come in, each with the flag that says whether it is cancelled."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._tasks: queue.SimpleQueue[tuple[PaintTask, threading.Event]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="inbox", daemon=True).start()

    def next(self) -> tuple[PaintTask, threading.Event]:
        """Wait for the next task."""
        return self._tasks.get()

    def _listen(self) -> None:
        cancelled = threading.Event()
        try:
            while True:
                message = wire.read(self._file)
                if isinstance(message, PaintTask):
                    cancelled = threading.Event()  # its own: a Cancel too late for one hits no other
                    self._tasks.put((message, cancelled))
                elif isinstance(message, Cancel):
                    cancelled.set()
        except EOFError:
            pass
        except Exception:
            log.exception("the parent cannot be understood")
        finally:
            os._exit(0)


class _Outbox:
    """Where messages to the parent go."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def send(self, message: FromWorker) -> None:
        try:
            self._file.write(wire.pack(message))
            self._file.flush()
        except BrokenPipeError:  # the parent is gone, which the inbox is about to notice too
            os._exit(0)


def _load(setup: Setup) -> tuple[Worker, Ready]:
    """Raises PaintFailed or WorkerLost."""
    started = time.perf_counter()
    os.nice(setup.nice)
    if setup.memory_limit is not None:
        resource.setrlimit(resource.RLIMIT_AS, (setup.memory_limit, setup.memory_limit))
    worker = Worker.load(setup.weights, setup.device, setup.painter, siblings)
    if setup.warm_size:
        worker.warm_up(setup.warm_size)
    return worker, Ready(worker.description, time.perf_counter() - started)


def _paint(worker: Worker, task: PaintTask, cancelled: threading.Event, outbox: _Outbox) -> FromWorker:
    """Send the painting's events, all but the one that ends it, which is returned."""
    painting = worker.paint(task, cancelled)
    try:
        for event in painting:
            if cancelled.is_set():
                painting.close()
                break
            if isinstance(event, Done):
                return event
            outbox.send(event)
    except DecodingCancelled:
        pass
    except (PictureError, ExecutorError) as error:
        return error
    return Stopped()


if __name__ == "__main__":
    main()
