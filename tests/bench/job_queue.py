"""How long the queue takes with 100,000 jobs waiting: `python -m tests.bench.job_queue`.

(Not called `queue.py`: run as a script, it would stand in for the standard library's `queue`.)
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from storage import Database, Jobs, NewJob, PictureRef, QueueLimits

WAITING = 100_000
TIMES = 500
UNLIMITED = QueueLimits(user=10**9, chat=10**9, overall=10**9)


async def fill(database: Database, users: int) -> None:
    async with database.transaction() as execute:
        await execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1)"
            " INSERT INTO users (id, created) SELECT n, 0 FROM numbers",
            (users,),
        )
        await execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1)"
            " INSERT INTO jobs (request_key, chat_id, thread_id, user_id, content_file_id, style_file_id,"
            " strength, keep_colours, larger, created)"
            " SELECT 'request ' || n, n % ?, 0, n % ?, hex(randomblob(40)), hex(randomblob(40)),"
            " 'balanced', 0, 0, n FROM numbers",
            (WAITING, users, users),
        )


async def measure(what: str, action: Callable[[int], Awaitable[object]], times: int = TIMES) -> None:
    taken = []
    for number in range(times):
        start = time.perf_counter()
        await action(number)
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    p99 = taken[len(taken) * 99 // 100]
    print(f"    {what:20} median {statistics.median(taken):7.2f} ms   p99 {p99:7.2f} ms")


async def bench(path: Path, users: int) -> None:
    database = await Database.open(path)
    await fill(database, users)
    jobs = Jobs(database)
    print(f"{WAITING:,} jobs wait, of {users:,} users")

    def request(number: int) -> NewJob:
        return NewJob(
            request_key=f"new {number}",
            chat_id=0,
            user_id=0,
            content=PictureRef(""),
            styles=(PictureRef(""),),
            strength="",
        )

    await measure("take", lambda _: jobs.take())
    await measure("add", lambda number: jobs.add(request(number), UNLIMITED), 50)
    await measure("the first ten of the line", lambda _: jobs.line(10), 20)
    await database.close()

    start = time.perf_counter()
    database = await Database.open(path)
    print(f"    open, with its check        {1000 * (time.perf_counter() - start):7.2f} ms")
    await database.close()


def main() -> None:
    for users in (1, 1_000, WAITING):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(bench(Path(folder) / "bench.db", users))


if __name__ == "__main__":
    main()
