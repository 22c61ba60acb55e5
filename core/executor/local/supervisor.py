"""Keep one worker alive on one device, and hand it the tasks that wait."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from core.decoding.refusal import PictureError
from core.error_messages import one_line, with_kind
from core.executor.assignment import Assignment
from core.executor.local.hang_watch import HangWatch
from core.executor.protocol import (
    Done,
    ExecutorError,
    PaintFailed,
    Progress,
    WorkerLost,
)
from core.executor.worker.process import WorkerProcess
from core.executor.worker.wire import Cancel, FromWorker, Ready, Setup

log = logging.getLogger(__name__)

_STARTING = 900.0  # seconds to get ready in; the weights may have to be downloaded
_DEATHS_AT_START = 3  # in a row, until it counts as a fault that stays
_LONGEST_PAUSE = 60.0  # seconds between attempts to start


class Supervisor:
    """Keep one slot filled: a worker process, replaced whenever it is lost.

    A worker's *death* shows at once, by its exit or the end of its pipe; a *hang* while painting by its
    showing no sign of work for `hang` seconds (a heartbeat from another thread of it would go on, and so
    prove nothing). One that is busy with nothing counts as lost after `stall` seconds without an event, since
    steps may take long, after the task's deadline, or if it does not stop within `grace` seconds of being
    told to.
    """

    def __init__(
        self,
        setup: Setup,
        environment: Mapping[str, str],
        line: asyncio.Queue[Assignment],
        *,
        stall: float,
        grace: float,
        hang: float,
        on_trouble: Callable[[], None],
    ) -> None:
        self.ready = False
        self.restarts = 0
        self.trouble: str | None = None  # why no worker can be had, one line
        self.paints_with: str | None = None  # what the worker said of itself, one line
        self.pid: int | None = None
        self._setup = setup
        self._environment = environment
        self._line = line
        self._stall = stall
        self._grace = grace
        self._hang = hang
        self._on_trouble = on_trouble

    async def run(self) -> None:
        """Keep a worker until cancelled; then it is killed. Whatever ends one, another is started."""
        failures = 0  # to get ready, in a row
        while True:
            try:
                await self._one_life()
            except Exception as error:
                failures = 0 if self.ready else failures + 1
                log.warning(
                    "a worker has to be replaced: %s", _reason(error), exc_info=not _is_foreseen(error)
                )
                if failures >= _DEATHS_AT_START or (failures and not isinstance(error, WorkerLost)):
                    self.trouble = _reason(error)
                    self._on_trouble()
            finally:
                self.ready = False
            self.restarts += 1
            if failures:
                await asyncio.sleep(min(_LONGEST_PAUSE, 2.0 ** (failures - 1)))

    async def _one_life(self) -> None:
        """Start a worker, and hand it tasks until its end.

        Raises WorkerLost; at the start also PaintFailed (the worker says it cannot paint) or OSError (the
        system won't have it).
        """
        process = await WorkerProcess.spawn(self._setup, self._environment)
        try:
            self.pid = process.pid
            await self._get_ready(process)
            self.ready, self.trouble = True, None
            while True:
                await self._paint_next(process)
        finally:
            self.pid = None
            await process.end()

    async def _get_ready(self, process: WorkerProcess) -> None:
        """Wait until it is warm.

        Raises WorkerLost, or PaintFailed if the worker itself says that it cannot.
        """
        try:
            async with asyncio.timeout(_STARTING):
                answer = await process.receive()
        except TimeoutError:
            raise WorkerLost(f"The worker (process {process.pid}) was not ready in time.") from None
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Ready):
            self.paints_with = answer.description
            log.info("worker %d is ready after %.1f s: %s", process.pid, answer.seconds, answer.description)

    async def _paint_next(self, process: WorkerProcess) -> None:
        assignment = await self._next_assignment(process)
        if assignment.cancelled:
            return
        try:
            await self._paint(process, assignment)
        except Exception as error:
            lost = error if isinstance(error, WorkerLost) else WorkerLost(_reason(error))
            assignment.answers.put_nowait(lost)
            raise

    async def _next_assignment(self, process: WorkerProcess) -> Assignment:
        """Wait for the first in the line. Raises WorkerLost if the worker ends while there is none."""
        assignment = asyncio.create_task(self._line.get())
        ended = asyncio.create_task(process.ended.wait())
        try:
            await asyncio.wait((assignment, ended), return_when=asyncio.FIRST_COMPLETED)
            if not assignment.done():
                await process.receive()  # says how it ended
            return assignment.result()
        finally:
            assignment.cancel()
            ended.cancel()

    async def _paint(self, process: WorkerProcess, assignment: Assignment) -> None:
        """Have the worker paint. When this returns it is free again. Raises WorkerLost."""
        now = asyncio.get_running_loop().time
        deadline = now() + assignment.task.deadline
        process.context = assignment.context
        watch = asyncio.create_task(self._kill_when_hung(process), context=assignment.context)
        try:
            async with asyncio.timeout(None) as limit:

                def stop() -> None:
                    process.send(Cancel())
                    if not limit.expired():
                        limit.reschedule(now() + self._grace)

                assignment.on_cancel = stop
                process.send(assignment.task)
                while True:
                    if not assignment.cancelled:
                        limit.reschedule(min(deadline, now() + self._stall))
                    if not self._pass_on(await process.receive(), assignment):
                        return
        except TimeoutError:
            if assignment.cancelled:
                fault = f"did not stop within {self._grace:g} s"
            elif now() >= deadline:
                fault = f"was not done within {assignment.task.deadline:g} s"
            else:
                fault = f"was silent for {self._stall:g} s"
            raise WorkerLost(f"The worker (process {process.pid}) {fault}.") from None
        finally:
            watch.cancel()
            assignment.on_cancel = None

    async def _kill_when_hung(self, process: WorkerProcess) -> None:
        if await HangWatch(process.pid, self._hang).hung():
            log.warning("worker %d hangs and is killed", process.pid)
            process.kill()

    def _pass_on(self, answer: FromWorker, assignment: Assignment) -> bool:
        """Pass a worker's answer on; say whether there is more to come.

        Raises WorkerLost if that is the answer.
        """
        match answer:
            case WorkerLost():
                raise answer
            case Progress():
                assignment.answers.put_nowait(answer)
                return True
            case Done() | PictureError() | ExecutorError():
                assignment.answers.put_nowait(answer)
        return False


def _is_foreseen(error: Exception) -> bool:
    return isinstance(error, WorkerLost | PaintFailed | OSError)


def _reason(error: Exception) -> str:
    return one_line(error) if _is_foreseen(error) else with_kind(error)
