"""Paint in processes of this machine: one for each GPU, or one for the CPU."""

import asyncio
from collections.abc import AsyncIterator

from core.executor.local.devices import worker_environments
from core.executor.local.supervisor import Assignment, Supervisor
from core.executor.protocol import Done, Event, PaintFailed, PaintTask, WorkerLost
from core.executor.worker.wire import PAINTER, WARM_SIZE, Setup

HANG = 1.6  # seconds; less than the two in which it is to be noticed


class LocalExecutor:
    """An `Executor` whose workers are processes, each with a device of its own, loaded once and kept warm.

    This process stays free of TensorFlow, and none of its threads ever waits for a worker. The workers end
    with it, even if it is killed.
    """

    def __init__(
        self,
        weights: str = "auto",
        device: str = "auto",
        workers: int | None = None,
        *,
        nice: int = 5,
        memory_limit: int | None = None,
        stall: float = 180.0,
        grace: float = 20.0,
        hang: float = HANG,
        warm_size: int = WARM_SIZE,
        painter: str = PAINTER,
    ) -> None:
        """Nothing is started yet.

        - weights: as `core.weights.load_weights` takes it.
        - device: auto (the GPUs, or else the CPU), cpu or gpu.
        - workers: how many; one for each device if not given.
        - nice: added to the workers' niceness, 0 to 19, so that on a busy CPU the event loop comes first.
        - memory_limit: bytes of address space for each worker. Mind that TensorFlow reserves far more than
          it uses, and a GPU's driver as much as there is.
        - stall: seconds without an event after which a worker counts as hung; a single step must take less.
        - grace: seconds in which a cancelled worker has to stop, or else is replaced.
        - hang: seconds without any processor time, while painting, after which a worker is killed.
        - warm_size: px; of the painting that traces a worker's graphs before its first task. 0: none.
        - painter: "module:function" of (weights, device), which returns the painter.
        """
        self._setup = Setup(weights, device, painter, warm_size, nice, memory_limit)
        self._workers = workers
        self._stall = stall
        self._grace = grace
        self._hang = hang
        self._supervisors: list[Supervisor] = []
        self._running: list[asyncio.Task[None]] = []
        self._line: asyncio.Queue[Assignment] = asyncio.Queue()
        self._jobs: set[Assignment] = set()  # all of them, waiting or being painted
        self._closed = False

    @property
    def slots(self) -> int:
        """How many paintings run at once; 0 before `start`."""
        return len(self._supervisors)

    @property
    def ready(self) -> bool:
        """Is there a warm worker? Tasks are accepted before, and wait."""
        return any(supervisor.ready for supervisor in self._supervisors)

    @property
    def restarts(self) -> int:
        """How many workers have been replaced."""
        return sum(supervisor.restarts for supervisor in self._supervisors)

    @property
    def trouble(self) -> str | None:
        """Why no worker can be had, in one line; None while there is hope."""
        troubles = [supervisor.trouble for supervisor in self._supervisors]
        return None if None in troubles or not troubles else troubles[0]

    @property
    def pids(self) -> list[int]:
        """The workers' process ids."""
        return [supervisor.pid for supervisor in self._supervisors if supervisor.pid is not None]

    async def start(self) -> None:
        """Start the workers. Returns when tasks are accepted, not when the workers are warm."""
        environments = await asyncio.to_thread(worker_environments, self._setup.device, self._workers)
        self._supervisors = [
            Supervisor(
                self._setup,
                environment,
                self._line,
                stall=self._stall,
                grace=self._grace,
                hang=self._hang,
                on_trouble=self._fail_if_hopeless,
            )
            for environment in environments
        ]
        self._running = [asyncio.create_task(supervisor.run()) for supervisor in self._supervisors]

    async def close(self) -> None:
        """Kill all workers, whatever they are doing. Paintings not yet done raise WorkerLost."""
        self._closed = True
        for keeping in self._running:
            keeping.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for job in self._jobs:
            job.answers.put_nowait(WorkerLost("The executor has been closed."))

    async def paint(self, task: PaintTask) -> AsyncIterator[Event]:
        """Progress for each step, Done. Closing the iterator cancels within one step.

        Tasks wait for a free worker, first come, first served; their deadline counts from when they get one.
        Closing returns at once; the worker is given the next task when it has stopped.

        Raises PictureError, WorkerLost or PaintFailed.
        """
        if self._closed:
            raise WorkerLost("The executor has been closed.")
        job = Assignment(task)
        self._jobs.add(job)
        self._line.put_nowait(job)
        self._fail_if_hopeless()
        try:
            while True:
                event = await job.next_event()
                yield event
                if isinstance(event, Done):
                    return
        finally:
            job.cancel()
            self._jobs.discard(job)

    def _fail_if_hopeless(self) -> None:
        """Fail what waits if no worker can be had. They are still tried to start, so it may pass."""
        if self.trouble is None:
            return
        while not self._line.empty():
            self._line.get_nowait().answers.put_nowait(PaintFailed(self.trouble))
