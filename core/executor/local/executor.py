"""Paint in processes of this machine: one for each GPU, or one for the CPU."""

import asyncio

from core.executor.assignment import AssigningExecutor, Assignment
from core.executor.local.devices import worker_environments
from core.executor.local.supervisor import Supervisor
from core.executor.protocol import PaintFailed, WorkerLost
from core.executor.worker.wire import PAINTER, WARM_SIZE, Setup

HANG = 10.0  # seconds; a busy machine may hold a worker up for some


class LocalExecutor(AssigningExecutor):
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
        - hang: seconds without any sign of work, while painting, after which a worker is killed.
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
        self._assignments: set[Assignment] = set()  # all of them, waiting or being painted

    @property
    def slots(self) -> int:
        """Return how many paintings run at once; 0 before `start`."""
        return len(self._supervisors)

    @property
    def ready(self) -> bool:
        """Say whether there is a warm worker. Tasks are accepted before, and wait."""
        return any(supervisor.ready for supervisor in self._supervisors)

    @property
    def restarts(self) -> int:
        """Count the workers that have been replaced."""
        return sum(supervisor.restarts for supervisor in self._supervisors)

    @property
    def trouble(self) -> str | None:
        """Return why no worker can be had, in one line; None while there is hope."""
        troubles = [supervisor.trouble for supervisor in self._supervisors]
        return None if None in troubles or not troubles else troubles[0]

    @property
    def paints_with(self) -> str | None:
        """Return network and device of a warm worker, and why no better ones; None before any is warm."""
        said = (supervisor.paints_with for supervisor in self._supervisors if supervisor.paints_with)
        return next(said, None)

    @property
    def pids(self) -> list[int]:
        """Return the workers' process ids."""
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
        for assignment in self._assignments:
            assignment.answers.put_nowait(WorkerLost("The executor has been closed."))

    def _line_up(self, assignment: Assignment) -> None:
        self._assignments.add(assignment)
        self._line.put_nowait(assignment)
        self._fail_if_hopeless()

    def _strike_off(self, assignment: Assignment) -> None:
        self._assignments.discard(assignment)

    def _fail_if_hopeless(self) -> None:
        """Fail what waits if no worker can be had. They are still tried to start, so it may pass."""
        if self.trouble is None:
            return
        while not self._line.empty():
            self._line.get_nowait().answers.put_nowait(PaintFailed(self.trouble))
