"""Paint on a Ray cluster: one worker for each GPU, or for each share of CPUs, of each node that it has."""

import asyncio
import hashlib
import importlib.util
import logging
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from itertools import count
from typing import NamedTuple

from core.error_messages import with_kind
from core.executor.assignment import AssigningExecutor, Assignment
from core.executor.local.executor import HANG
from core.executor.protocol import ExecutorError, Progress, WorkerLost
from core.executor.ray.wire import (
    Away,
    FromCluster,
    Hand,
    Join,
    Joined,
    NoWorker,
    Refused,
    Said,
    SlotLost,
    SlotReady,
    ToCluster,
    Withdraw,
)
from core.executor.worker.process import ChildProcess
from core.executor.worker.wire import PAINTER, WARM_SIZE, Setup, Stopped

log = logging.getLogger(__name__)

_FAREWELL = 3.0  # seconds for the link to end the cluster of this machine alone
_FIRST_WORD = 15.0  # seconds to wait at the start for the cluster to say that it will not do
_PAUSE = 2.0  # seconds between attempts to reach it
_LONG_PAUSE = 30.0  # after it was found to be unfit
_STYLES_KNOWN = 12  # of each slot; a worker keeps what it needs of about as many


class ClusterProcess(ChildProcess[ToCluster, FromCluster]):
    """Hold the connection to the cluster, and Ray with it."""

    module = "core.executor.ray.link"
    name = "link to the cluster"

    async def end(self) -> None:
        """Let it end what it has started, or else kill it, and wait until it is gone."""
        self.hang_up()
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self.ended.wait()
        await super().end()


class _Slot:
    """A warm worker somewhere. What it paints, and whose styles it has looked at lately."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.styles: OrderedDict[bytes, None] = OrderedDict()

    def give(self, number: int, styles: list[bytes]) -> None:
        self.number = number
        for style in styles:
            self.styles[style] = None
            self.styles.move_to_end(style)
        while len(self.styles) > _STYLES_KNOWN:
            self.styles.popitem(last=False)

    def knows(self, styles: list[bytes]) -> int:
        """How many of them it has looked at."""
        return sum(style in self.styles for style in styles)


class _Waiting(NamedTuple):
    assignment: Assignment
    styles: list[bytes]  # by their hashes


class ClusterExecutor(AssigningExecutor):
    """An `Executor` whose slots come and go with the nodes of a cluster.

    While the cluster is away there are no slots, and tasks wait. They are handed over only when a slot is
    free, in the order in which they came; of several free slots the one that knows most of the styles is
    preferred.
    """

    def __init__(
        self,
        address: str | None = None,
        weights: str = "auto",
        device: str = "auto",
        cpus: float | None = None,
        *,
        nice: int = 5,
        stall: float = 180.0,
        grace: float = 20.0,
        hang: float = HANG,
        warm_size: int = WARM_SIZE,
        painter: str = PAINTER,
    ) -> None:
        """Nothing is started yet.

        - address: of the cluster's head, host:port, or "auto" for the one that runs on this machine. Without
          it this machine is made a cluster of its own.
        - device: auto (each node's GPUs, or else its CPUs), cpu or gpu.
        - cpus: for each worker of a node without a GPU; by default one worker has all of them.
        - weights, nice, stall, grace, hang, warm_size, painter: as `LocalExecutor` takes them.
        """
        setup = Setup(weights, device, painter, warm_size, nice, memory_limit=None)
        self._join = Join(address, setup, cpus, stall, grace, hang)
        self._slots: OrderedDict[str, _Slot] = OrderedDict()  # the one that has been idle longest first
        self._line: list[_Waiting] = []
        self._handed: dict[int, tuple[_Waiting, str]] = {}  # by number: what is painted in which slot
        self._numbers = count()
        self.restarts = 0  # workers that were lost
        self._away = False
        self._pause = _PAUSE
        self._complaint: str | None = None  # the latest, which is logged once
        self.paints_with: str | None = None
        self._without_worker: str | None = None  # why the latest node that has none does not
        self._process: ClusterProcess | None = None
        self._running: asyncio.Task[None] | None = None
        self._first_word: asyncio.Future[None] | None = None

    @property
    def slots(self) -> int:
        """Return how many paintings run at once.

        As many as there are warm workers; 0 while the cluster is away.
        """
        return 0 if self._away else len(self._slots)

    @property
    def ready(self) -> bool:
        """Say whether there is a warm worker. Tasks are accepted before, and wait."""
        return self.slots > 0

    @property
    def trouble(self) -> str | None:
        """Return why no worker can be had, in one line; None while there is hope."""
        return None if self.ready else self._complaint or self._without_worker

    async def start(self) -> None:
        """Look for the cluster. Returns when it is found, or found to be away.

        Raises ExecutorError if it, or what is installed here, will not do.
        """
        if importlib.util.find_spec("ray") is None:
            raise ExecutorError("Ray is not installed: pip install 'stylegram[cluster]'.")
        self._first_word = asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(self._keep_linked())
        await asyncio.wait([self._first_word], timeout=_FIRST_WORD)
        if self._first_word.done():
            self._first_word.result()
        self._first_word = None

    async def close(self) -> None:
        """Leave the cluster, whatever is painted there. Paintings not yet done raise WorkerLost."""
        self._closed = True
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])
        for waiting in self._line:
            waiting.assignment.answers.put_nowait(WorkerLost("The executor has been closed."))

    # The line

    def _line_up(self, assignment: Assignment) -> None:
        styles = [hashlib.blake2b(style, digest_size=16).digest() for style in assignment.task.styles]
        self._line.append(_Waiting(assignment, styles))
        self._hand_over()

    def _strike_off(self, assignment: Assignment) -> None:
        self._line = [waiting for waiting in self._line if waiting.assignment is not assignment]

    def _hand_over(self) -> None:
        """Give the tasks at the head of the line to the free slots."""
        while self._line and self._process and not self._away:
            free = [name for name, slot in self._slots.items() if slot.number is None]
            if not free:
                return
            waiting = self._line.pop(0)
            knowledge = {name: self._slots[name].knows(waiting.styles) for name in free}
            name = max(free, key=knowledge.__getitem__)
            number = next(self._numbers)
            self._slots[name].give(number, waiting.styles)
            self._slots.move_to_end(name)
            self._handed[number] = waiting, name
            waiting.assignment.on_cancel = partial(self._process.send, Withdraw(number))
            self._process.send(Hand(number, name, waiting.assignment.task))

    def _answered(self, said: Said) -> None:
        waiting, name = self._handed[said.number]
        if not isinstance(said.answer, Stopped):
            waiting.assignment.answers.put_nowait(said.answer)
        if isinstance(said.answer, Progress):
            return
        self._end(said.number)
        if isinstance(said.answer, Stopped) and not waiting.assignment.cancelled:
            self._line.insert(0, waiting)
        if (slot := self._slots.get(name)) and slot.number == said.number:
            slot.number = None
        self._hand_over()

    def _end(self, number: int) -> None:
        waiting, _ = self._handed.pop(number)
        waiting.assignment.on_cancel = None

    # The cluster

    async def _keep_linked(self) -> None:
        """Keep a link until cancelled; then it is cut."""
        while True:
            try:
                await self._one_link()
            except Exception as error:
                if isinstance(error, WorkerLost) and self._complaint:  # it said itself why it would end
                    log.debug("the link to the cluster is gone: %s", error)
                else:
                    reason = str(error) if isinstance(error, WorkerLost) else with_kind(error)
                    self._complain(f"The link to the cluster is gone: {reason}")
            finally:
                self._slots.clear()
                for number, (waiting, _) in list(self._handed.items()):
                    waiting.assignment.answers.put_nowait(WorkerLost("The cluster is gone."))
                    self._end(number)
            await asyncio.sleep(self._pause)

    async def _one_link(self) -> None:
        """Connect, and listen until the end. Raises WorkerLost, or OSError if there is no connection."""
        environment = {
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_NUM_REDIS_GET_RETRIES": "5",  # a second each; then it is another link's turn
        }
        if self._join.address is None:  # Ray's name for what keeps it off the network
            environment["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        process = await ClusterProcess.spawn(self._join, environment)
        try:
            self._process = process
            while True:
                self._heard(await process.receive())
        finally:
            self._process = None
            await process.end()

    def _heard(self, message: FromCluster) -> None:
        match message:
            case Said():
                self._answered(message)
            case SlotReady():
                log.info("a worker is ready on %s", message.description)
                self.paints_with = message.description
                slot = self._slots.setdefault(message.slot, _Slot())
                handed = (number for number, (_, name) in self._handed.items() if name == message.slot)
                slot.number = next(handed, None)  # which waits for the new worker of the slot, if any does
                self._hand_over()
            case SlotLost():
                log.warning("a worker is lost: %s", message.reason)
                self._slots.pop(message.slot, None)
                self.restarts += 1
            case NoWorker():
                self._without_worker = f"The node {message.address} has no worker: {message.reason}"
                log.warning("the node %s has no worker: %s", message.address, message.reason)
            case Joined():
                log.info("joined the cluster")
                self._away, self._pause, self._complaint = False, _PAUSE, None
                self._say_first_word(None)
            case Away():
                self._away = True
                self._complain(f"The cluster is away: {message.reason}")
                self._say_first_word(None)
            case Refused():
                self._pause = _LONG_PAUSE
                self._complain(message.reason)
                self._say_first_word(ExecutorError(message.reason))

    def _complain(self, reason: str) -> None:
        if reason != self._complaint:
            log.warning("%s", reason)
        self._complaint = reason

    def _say_first_word(self, error: ExecutorError | None) -> None:
        if self._first_word is None or self._first_word.done():
            return
        if error:
            self._first_word.set_exception(error)
        else:
            self._first_word.set_result(None)
