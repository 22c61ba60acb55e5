"""Count who waits: in which order, for how many seconds; and tell them when the line has moved."""

from bot.studio import views
from bot.studio.attempt import Phase
from bot.studio.attempts import Attempts
from bot.studio.estimates import Estimates
from bot.studio.progress_updates import ProgressMessages
from core.executor.protocol import Executor
from storage import Job, Jobs

TOLD_OF_THEIR_PLACE = 10  # how many of those who wait see the line move


class Line:
    """Know the place of each waiting job in the queue.

    Args:
        jobs: where they wait.
        executor: what paints them.
        attempts: what is under way, and has to end first.
        messages: where those who wait are told.
    """

    def __init__(
        self, jobs: Jobs, executor: Executor, attempts: Attempts, messages: ProgressMessages
    ) -> None:
        self._jobs = jobs
        self._executor = executor
        self._attempts = attempts
        self._messages = messages

    async def waiting(self) -> list[tuple[Job, float | None]]:
        """List the waiting jobs, the next first, and the seconds until the result of each.

        The seconds are None while nothing is known.
        """
        jobs = await self._jobs.line()
        estimates = Estimates(await self._jobs.durations())
        painting = sum(
            attempt.seconds_left or 0.0 for attempt in self._attempts if attempt.phase is Phase.PAINTING
        )
        return list(zip(jobs, estimates.in_line(jobs, painting, self._executor.slots), strict=True))

    async def place_of(self, job: Job) -> tuple[int, float | None]:
        """Return the job's place, 1 for the next, 0 if it waits no longer; and its seconds."""
        for place, (waiting, seconds) in enumerate(await self.waiting(), 1):
            if waiting.id == job.id:
                return place, seconds
        return 0, Estimates(await self._jobs.durations()).of(job)

    async def tell_places(self) -> None:
        """Tell the first of those who wait that the line has moved.

        In private chats only: a group's twenty edits a minute are for pictures.
        """
        for place, (job, seconds) in enumerate((await self.waiting())[:TOLD_OF_THEIR_PLACE], 1):
            if job.chat_id == job.user_id and not self._attempts.get(job.id):
                self._messages.of(job).show(views.waiting(job, place, seconds))
