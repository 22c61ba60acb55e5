"""Delete old requests, jobs and files, at the start and daily."""

import asyncio
from logging import getLogger

from bot.settings import Settings
from bot.studio.result_files import ResultFiles
from storage import DatabaseError, Jobs, Sessions

log = getLogger(__name__)

DAY = 24 * 3600.0


class Retention:
    """Delete half-made requests that nobody goes on with, jobs that ended long ago, and their files."""

    def __init__(self, sessions: Sessions, jobs: Jobs, files: ResultFiles, settings: Settings) -> None:
        self._sessions = sessions
        self._jobs = jobs
        self._files = files
        self._settings = settings

    async def run(self) -> None:
        """Sweep at the start and then daily, until cancelled."""
        while True:
            try:
                await self._sweep()
            except (DatabaseError, OSError) as error:
                log.error("not swept", extra={"reason": str(error)})
            await asyncio.sleep(DAY)

    async def _sweep(self) -> None:
        sessions = await self._sessions.sweep(self._settings.keep_sessions_days * DAY)
        jobs = await self._jobs.sweep(self._settings.keep_jobs_days * DAY)
        await self._files.discard(jobs)
        if sessions or jobs:
            log.info("swept", extra={"sessions": sessions, "jobs": len(jobs)})
