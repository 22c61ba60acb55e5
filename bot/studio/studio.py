"""Put the studio together, and do what chats ask of it: paint, tell how far it is, cancel, send, forget."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from logging import getLogger

from bot.ops import logs
from bot.ops.metrics import Metrics
from bot.ops.side_tasks import SideTasks
from bot.settings import Settings
from bot.studio import views
from bot.studio.attempt import apologise
from bot.studio.attempts import Attempts
from bot.studio.cancelling import Canceller
from bot.studio.delivery import Delivery
from bot.studio.errands import Errands
from bot.studio.file_requests import Filed, FileRequests
from bot.studio.line import Line
from bot.studio.progress_updates import ProgressMessages
from bot.studio.queue import Queue
from bot.studio.result_files import ResultFiles
from bot.studio.samples import Samples
from bot.studio.slots import Slots
from bot.studio.tools import Tools
from core.executor.protocol import Executor
from storage import Database, Forgotten, Job, Jobs, NewJob, State, Users

log = getLogger(__name__)

ABOUT_TO_END = 2.0  # seconds between seeing a result and its being put away, at most


@dataclass(frozen=True)
class Placed:
    """An accepted request.

    Args:
        job: as it is in the database.
        position: its place in the queue, 1 for the next, 0 if it waits no longer.
        seconds: until the result; None while nothing is known.
        is_new: False for a second tap.
    """

    job: Job
    position: int
    seconds: float | None
    is_new: bool


@dataclass(frozen=True)
class Standing:
    """How a job is doing.

    Args:
        job: as it is in the database.
        position: its place in the queue; None when it is being painted.
        seconds_left: until the result; None while nothing is known.
    """

    job: Job
    position: int | None
    seconds_left: float | None


@dataclass(frozen=True)
class Load:
    """What the executor has to do. Where it is not `ready`, what it is given waits."""

    painting: int
    slots: int
    ready: bool


class Studio:
    """Turn requests into delivered pictures. Jobs wait in the database; only what is under way is in memory.

    Args:
        database: where the jobs are.
        executor: what paints; started and closed by whoever made it.
        delivery: what talks to Telegram.
        settings: sizes, limits and intervals.
        metrics: what counts.
    """

    def __init__(
        self,
        database: Database,
        executor: Executor,
        delivery: Delivery,
        settings: Settings,
        metrics: Metrics,
    ) -> None:
        files = ResultFiles(settings.data / "results", settings.files_mb * 1_000_000)
        self._samples = Samples(executor, lambda: self._queue.spare_slots, settings.deadline)
        slots = Slots(executor, self._samples.make_way)
        self._tools = tools = Tools(Jobs(database), executor, slots, delivery, files, settings, metrics)
        self._jobs = tools.jobs
        self._users = Users(database)
        self._wake = asyncio.Event()
        self._errands = errands = Errands()
        self._messages = messages = ProgressMessages(delivery.message_of, self._chat_is_gone)
        self._attempts = Attempts(tools, messages, errands, self._wake.set, self._may_have_ended)
        self._line = Line(tools.jobs, executor, self._attempts, messages)
        self._canceller = Canceller(
            tools, self._attempts, messages, self._line, errands, self._may_have_ended
        )
        self._queue = Queue(
            tools, self._attempts, self._line, self._canceller, self._samples, errands, self._wake
        )
        self._file_requests = FileRequests(tools, self.submit)
        self._on_game_changed: Callable[[int], None] = lambda _game_id: None

    @property
    def files(self) -> ResultFiles:
        """The results kept on disk."""
        return self._tools.files

    @property
    def samples(self) -> Samples:
        """What is painted small while no job wants the worker."""
        return self._samples

    @property
    def load(self) -> Load:
        """Return what is being painted, and where more could be."""
        return Load(self._tools.slots.taken, self._tools.executor.slots, self._tools.executor.ready)

    def tell_games(self, on_game_changed: Callable[[int], None]) -> None:
        """Have this called with the id of a game whenever a job of it may have ended."""
        self._on_game_changed = on_game_changed

    async def start(self, side_tasks: SideTasks) -> None:
        """Take up what the last process left: jobs it was painting, places not told, apologies owed.

        And messages that showed the progress of what was delivered in another.
        """
        recovered = {job.id for job in await self._jobs.recover()}
        for job in await self._jobs.unapologised():
            self._errands.run(self._apologise(job), job)
        for job in await self._jobs.with_earlier_message():
            self._errands.run(self._tools.delivery.message_of(job, lambda: None).tidy(), job)
        finished = await self._finished()
        for position, (job, seconds) in enumerate(await self._line.waiting(), 1):
            if job.id in recovered & finished:
                continue  # its message may show the result already
            if job.id in recovered:
                self._messages.of(job).show(views.interrupted(job))
            elif job.progress_message_id is None:
                self._messages.of(job).show(views.waiting(job, position, seconds))
        if recovered:
            log.info("took up interrupted jobs", extra={"jobs": len(recovered)})
        self._queue.start(side_tasks)

    async def stop(self, grace: float) -> None:
        """Begin nothing more, put back what is being painted, and let deliveries end.

        All within `grace` seconds.
        """
        await self._queue.stop()
        await self._samples.close()
        await self._attempts.close(grace)
        await self._messages.close()

    async def submit(self, new: NewJob) -> Placed:
        """Put a job in the queue, and say so in its progress message. Raises `QueueFull`."""
        await self._users.ensure(new.user_id)
        job, is_new = await self._jobs.add(new, self._tools.settings.limits)
        self._wake.set()
        with logs.about_job(job):
            position, seconds = await self._line.place_of(job)
            if is_new:
                log.info("queued", extra={"position": position})
                self._tools.metrics.queued(job)
                if position and not self._attempts.get(job.id):
                    self._messages.of(job).show(views.waiting(job, position, seconds))
        return Placed(job, position, seconds, is_new)

    async def status(self, user_id: int) -> list[Standing]:
        """Return how the user's jobs are doing, oldest first."""
        waiting = await self._line.waiting()
        places = {job.id: (place, seconds) for place, (job, seconds) in enumerate(waiting, 1)}
        standings = []
        for job in await self._jobs.of_user(user_id):
            if attempt := self._attempts.get(job.id):
                standings.append(Standing(job, None, attempt.seconds_left))
            else:
                standings.append(Standing(job, *places.get(job.id, (None, None))))
        return standings

    async def ended(self, job_id: int) -> Job | None:
        """Return a job whose result is seen. That may be a moment before all is put away: it is awaited."""
        await self._attempts.wait(job_id, ABOUT_TO_END)
        return await self._jobs.get(job_id)

    async def send_file(self, job_id: int, user_id: int, chat_id: int, thread_id: int) -> Filed:
        """Send a result of this user in full size to this chat, painting it again if need be.

        Raises `QueueFull`, `ChatGone` or a `TelegramError`.
        """
        job = await self.ended(job_id)
        if job is None or job.user_id != user_id or job.state is not State.DONE:
            return Filed.GONE
        return await self._file_requests.send(job, chat_id, thread_id)

    async def cancel(self, job_id: int, user_id: int) -> State | None:
        """Cancel a waiting or running job of this user. Returns the state it was in; None if it had ended."""
        state = await self._jobs.cancel(job_id, user_id)
        job = await self._jobs.get(job_id)
        if state is not None and job is not None:
            self._canceller.stop_and_tell(job)
        return state

    async def cancel_chat(self, chat_id: int) -> None:
        """Cancel all jobs of a chat without a word, as the bot was removed from it."""
        for job in await self._jobs.cancel_chat(chat_id):
            await self._canceller.drop(job)

    def look_around(self) -> None:
        """Look now rather than soon at what another process has changed in the database."""
        self._wake.set()

    async def forget(self, user_id: int) -> Forgotten:
        """Delete everything about the user, on its way or done."""
        known = {job.id for job in await self._jobs.history(user_id, limit=-1)}
        for job in await self._jobs.of_user(user_id):
            known.add(job.id)
            await self.cancel(job.id, user_id)
        forgotten = await self._users.forget(user_id)
        for attempt in self._attempts:
            if attempt.job.user_id == user_id:
                known |= {attempt.job.id, attempt.job.as_file_of or attempt.job.id}
                await self._attempts.stop(attempt.job.id)  # what it has begun to write comes before the end
        await self._tools.files.discard(sorted(known))
        return forgotten

    async def _finished(self) -> set[int]:
        """Return the jobs that are painted, and whose results wait on disk to be delivered."""
        try:
            return await self._tools.files.finished()
        except OSError as error:
            log.warning("cannot look for finished pictures", extra={"reason": error.strerror})
            return set()

    async def _apologise(self, job: Job) -> None:
        await apologise(job, self._messages.of(job), self._jobs)
        self._messages.drop(job.id)

    def _chat_is_gone(self, job: Job) -> None:
        self._errands.run(self._canceller.chat_gone(job), job)

    def _may_have_ended(self, job: Job) -> None:
        self._wake.set()
        if job.game_id is not None:
            self._on_game_changed(job.game_id)
