"""Read and write the table of jobs."""

import time
from collections.abc import Callable

from storage.database import Database, Parameters
from storage.job import Job


class JobsTable:
    """The table of jobs, as each class of this package sees it.

    Args:
        database: where it is.
        now: tells the time, in Unix seconds.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def _changed(self, sql: str, parameters: Parameters) -> bool:
        return bool(await self._database.write(sql, parameters))

    async def _all(self, sql: str, parameters: Parameters = ()) -> list[Job]:
        return [Job.from_row(row) for row in await self._database.read(sql, parameters)]

    async def _one(self, sql: str, parameters: Parameters = ()) -> Job | None:
        rows = await self._database.read(sql, parameters)
        return Job.from_row(rows[0]) if rows else None
