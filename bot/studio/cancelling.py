"""Call jobs off: stop their painting, say so, and leave nothing of them behind."""

from collections.abc import Callable
from contextlib import suppress
from logging import getLogger

from telegram.error import TelegramError

from bot.gateway.retries import until_stored
from bot.ops import logs
from bot.studio import views
from bot.studio.attempts import Attempts
from bot.studio.errands import Errands
from bot.studio.job_message import ChatGone, NotAllowed
from bot.studio.line import Line
from bot.studio.progress_updates import ProgressMessages
from bot.studio.tools import Tools
from storage import DatabaseError, Job

log = getLogger(__name__)


class Canceller:
    """Stop jobs that are cancelled in the database.

    Args:
        tools: the studio's.
        attempts: what is under way.
        messages: where people are told.
        line: which moves on.
        errands: what runs beside.
        on_end: called with a job that was cancelled.
    """

    def __init__(
        self,
        tools: Tools,
        attempts: Attempts,
        messages: ProgressMessages,
        line: Line,
        errands: Errands,
        on_end: Callable[[Job], None],
    ) -> None:
        self._tools = tools
        self._jobs = tools.jobs
        self._attempts = attempts
        self._messages = messages
        self._line = line
        self._errands = errands
        self._on_end = on_end
        self._being_told: set[int] = set()  # jobs

    async def look_around(self) -> None:
        """Stop what was cancelled by whomever, such as another process."""
        for job in await self._jobs.called_off():
            self.stop_and_tell(job)

    def stop_and_tell(self, job: Job) -> None:
        """Stop a job that was cancelled in the database, and say so as the last thing; both soon."""
        if job.id not in self._being_told:
            self._being_told.add(job.id)
            self._errands.run(self._stop_and_tell(job), job)

    async def drop(self, job: Job) -> None:
        """Stop a job that was cancelled in the database, without a word."""
        self._note(job)
        await self._leave_nothing(job)

    async def chat_gone(self, job: Job) -> None:
        """Cancel a job whose chat is gone: nobody is there to see its result."""
        if await until_stored(lambda: self._jobs.cancel(job.id, job.user_id, silently=True)):
            self._note(job)
        await self._leave_nothing(job)

    async def _stop_and_tell(self, job: Job) -> None:
        try:
            await self._attempts.stop(job.id)
            with suppress(DatabaseError):  # it may be shown in another message since
                job = await self._jobs.get(job.id) or job
            message = self._messages.of(job)
            with suppress(ChatGone, NotAllowed, TelegramError):
                await message.settle(views.cancelled(job), anew=False)
            self._messages.drop(job.id)
            await self._discard(job)
            if await until_stored(lambda: self._jobs.told(job.id)):
                self._note(job)
            await message.tidy()
            await self._tools.delivery.reaction_to(job).end(done=False)
        finally:
            self._being_told.discard(job.id)
        await self._line.tell_places()

    async def _leave_nothing(self, job: Job) -> None:
        await self._attempts.stop(job.id)
        if message := self._messages.drop(job.id):
            await message.close()
        await self._discard(job)

    async def _discard(self, job: Job) -> None:
        """Delete what was painted of a job."""
        with suppress(OSError):
            await self._tools.files.discard([job.id])

    def _note(self, job: Job) -> None:
        self._on_end(job)
        with logs.about_job(job):
            log.info("cancelled")
        self._tools.metrics.cancelled(job)
