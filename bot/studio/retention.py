"""Delete old requests, jobs, games, photos seen and files, at the start and daily."""

import asyncio
import time
from collections.abc import Callable
from logging import getLogger

from bot.settings import Settings
from bot.studio.result_files import ResultFiles
from storage import Chats, Database, DatabaseError, Games, Jobs, Sessions, newest_entry

log = getLogger(__name__)

DAY = 24 * 3600.0


class Retention:
    """Delete half-made requests that nobody goes on with, jobs and games that ended long ago, and files.

    The machine's clock is believed only as far as this process has seen time pass since the newest entry that
    it found in the database: a clock that is forty days ahead, as one without a battery may be until the
    network has set it, would sweep what somebody is in the middle of. After a long standstill everything is
    kept so much longer.

    Args:
        database: what rows are deleted from.
        files: the results kept on disk.
        settings: how long things are kept.
        now: the machine's clock, in Unix seconds.
        running: a clock that nobody sets, in seconds since anything.
    """

    def __init__(
        self,
        database: Database,
        files: ResultFiles,
        settings: Settings,
        *,
        now: Callable[[], float] = time.time,
        running: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._sessions = Sessions(database)
        self._jobs = Jobs(database)
        self._chats = Chats(database)
        self._games = Games(database)
        self._files = files
        self._settings = settings
        self._now = now
        self._running = running
        self._zero: float | None = None  # of the clock that nobody sets, in Unix seconds

    async def run(self) -> None:
        """Sweep at the start and then daily, until cancelled."""
        while True:
            try:
                await self.sweep()
            except (DatabaseError, OSError) as error:
                log.error("not swept", extra={"reason": str(error)})
            except Exception:
                log.exception("not swept")
            await asyncio.sleep(DAY)

    async def sweep(self) -> None:
        """Delete what is old by now."""
        if self._zero is None:
            self._zero = await newest_entry(self._database) - self._running()
        now = min(self._now(), self._zero + self._running())
        idle = self._settings.keep_sessions_days * DAY
        sessions = await self._sessions.sweep(idle, now)
        photos = await self._chats.sweep(idle, now)
        jobs = await self._jobs.sweep(self._settings.keep_jobs_days * DAY, now)
        games = await self._games.sweep(self._settings.keep_jobs_days * DAY, now)
        await self._files.discard(jobs)
        await self._files.discard(await self._jobs.unknown(await self._files.kept()))
        if sessions or jobs or photos or games:
            swept = {"sessions": sessions, "jobs": len(jobs), "photos": photos, "games": games}
            log.info("swept", extra=swept)
