"""What a cluster adds to painting, by a painter that only waits: `python -m tests.bench.cluster [SLOTS ...]`.

Two cores so stand for many GPUs. Jobs go through the executor alone: the way in and out of Telegram is for
`tests.bench.bot` to measure.
"""

import asyncio
import os
import statistics
import sys
import time

from core.executor.protocol import Done, PaintTask, WorkerLost
from core.executor.ray.executor import ClusterExecutor
from core.recipe import Recipe
from tests.kit.executors import PHOTO, STYLE, until
from tests.kit.ray_cluster import TOKEN, Cluster

SLOTS = (1, 4, 16, 64)
JOBS = 1000  # at the most slots; with fewer, as many as take about as long
SECONDS = 2.0  # of each
STEPS = 4
STARTING = 600  # seconds for all workers to get ready


async def main() -> None:
    os.environ.update(TOKEN)
    most = [int(slots) for slots in sys.argv[1:]] or SLOTS
    print(f"jobs of {SECONDS:g} s, on {os.cpu_count()} cores")
    for slots in most:
        cluster = Cluster()
        try:
            cluster.start_head()
            cluster.start_node(3, cpus=slots)
            await bench(cluster.address, slots)
        finally:
            cluster.stop()


async def bench(address: str, slots: int) -> None:
    executor = ClusterExecutor(
        address, cpus=1, painter="tests.kit.stand_in_painters:idle", warm_size=0, hang=60
    )
    await executor.start()
    try:
        begun = time.perf_counter()
        await until(lambda: executor.slots == slots, STARTING)
        ready = time.perf_counter() - begun
        jobs = max(4, JOBS * slots // max(SLOTS))
        task = PaintTask(PHOTO, (STYLE,), Recipe(size=32, steps=STEPS))  # opened and saved in no time
        lost: list[WorkerLost] = []
        await asyncio.gather(*(painted(executor, task, lost) for _ in range(slots)))  # as warm workers are
        start, load = time.perf_counter(), os.times()
        seconds = await asyncio.gather(*(painted(executor, task, lost) for _ in range(jobs)))
        taken = time.perf_counter() - start
        rounds = -(-jobs // slots)
        linear = rounds * SECONDS
        beyond = 1000 * (statistics.median(seconds) - SECONDS)
        own = os.times()
        print(
            f"    {slots:3} slots: {jobs:4} jobs in {taken:6.1f} s, {jobs / taken:5.2f} a second,"
            f" {linear / taken:.0%} of linear; median {beyond:.0f} ms beyond each job's own time;"
            f" {1000 * (own.user + own.system - load.user - load.system) / jobs:.1f} ms of the bot's"
            f" processor time each; all ready after {ready:.0f} s; {len(lost)} lost",
            flush=True,
        )
    finally:
        await executor.close()


async def painted(executor: ClusterExecutor, task: PaintTask, lost: list[WorkerLost]) -> float:
    """Seconds from the first event, which comes with the first step, to the picture, and that step's.

    What is lost is painted again, as the studio does it: on a machine as busy as this, a worker that got no
    processor for a second and a half looks as if it hung.
    """
    first = None
    try:
        async for event in executor.paint(task):
            if first is None:
                first = time.perf_counter()
            if isinstance(event, Done):
                return time.perf_counter() - first + SECONDS / STEPS
    except WorkerLost as error:
        lost.append(error)
    return await painted(executor, task, lost)


if __name__ == "__main__":
    asyncio.run(main())
