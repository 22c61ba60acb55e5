"""Run the queue between chats and the executor: who is next, how long it takes, and cancelling."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from enum import StrEnum
from logging import getLogger

from telegram.error import TelegramError

from bot.gateway.retries import until_stored
from bot.ops import logs
from bot.ops.metrics import Metrics
from bot.ops.side_tasks import SideTasks, cancelled
from bot.settings import Settings
from bot.studio import views
from bot.studio.attempt import Attempt, Tools, apologise
from bot.studio.delivery import Delivery
from bot.studio.estimates import Estimates
from bot.studio.job_message import ChatGone
from bot.studio.progress_updates import ProgressMessage
from bot.studio.result_files import ResultFiles
from core.executor.protocol import Executor
from storage import Database, DatabaseError, Forgotten, Job, Jobs, NewJob, State, Users

log = getLogger(__name__)

MOST_DELIVERING = 8  # results on their way out; with more, Telegram is in trouble and painting can wait
LOOK_AROUND = 5.0  # seconds; how soon new slots, what others did to jobs, or a cured database are noticed
ABOUT_TO_END = 2.0  # seconds between seeing a result and its being put away, at most
TOLD_OF_THEIR_PLACE = 10  # how many of those who wait see the line move


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
    seconds: float | None  # until the result, where anything is known
    is_new: bool  # no double tap


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


class Filed(StrEnum):
    """What became of a wish for a file."""

    SENT = "sent"
    REPAINTING = "repainting"  # it was no longer there; a new job paints it, and its message says so
    GONE = "gone"  # no such result of this user


class Studio:
    """Run the queue. Jobs wait in the database; in memory are only the attempts under way and their messages.

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
        self._tools = Tools(Jobs(database), executor, delivery, files, settings, metrics)
        self._jobs = self._tools.jobs
        self._users = Users(database)
        self._attempts: dict[int, Attempt] = {}  # by job
        self._tasks: dict[Attempt, asyncio.Task[None]] = {}
        self._messages: dict[int, ProgressMessage] = {}  # by job
        self._called_off: set[int] = set()  # cancelled jobs about to be told so
        self._errands: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._dispatcher: asyncio.Task[None] | None = None

    @property
    def files(self) -> ResultFiles:
        """The results kept on disk."""
        return self._tools.files

    async def start(self, side_tasks: SideTasks) -> None:
        """Take up what the last process left: jobs it was painting, places not told, apologies owed."""
        recovered = {job.id for job in await self._jobs.recover()}
        for job in await self._jobs.unapologised():
            self._run_errand(self._apologise(job), job)
        for position, (job, seconds) in enumerate(await self._line(), 1):
            if job.id in recovered:
                self._message(job).show(views.interrupted(job))
            elif job.progress_message_id is None:
                self._message(job).show(views.waiting(job, position, seconds))
        if recovered:
            log.info("took up interrupted jobs", extra={"jobs": len(recovered)})
        self._dispatcher = side_tasks.start(self._dispatch(), "dispatcher")

    async def stop(self, grace: float) -> None:
        """Begin nothing more, put back what is being painted, and let deliveries end.

        All within `grace` seconds.
        """
        self._stopping = True
        self._wake.set()
        if self._dispatcher:
            await self._dispatcher
        unfinished = dict(self._attempts)
        for attempt in unfinished.values():
            if attempt.paints:
                self._tasks[attempt].cancel()
        tasks = {self._tasks[attempt] for attempt in unfinished.values()} | self._errands
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)
        for job_id, attempt in unfinished.items():
            if await self._jobs.requeue(job_id):
                with logs.about_job(attempt.job):
                    log.info("put back")
        for message in self._messages.values():
            await message.close()

    async def submit(self, new: NewJob) -> Placed:
        """Put a job in the queue, and say so in its progress message. Raises `QueueFull`."""
        await self._users.ensure(new.user_id)
        job, is_new = await self._jobs.add(new, self._tools.settings.limits)
        self._wake.set()
        with logs.about_job(job):
            position, seconds = await self._place(job)
            if is_new:
                log.info("queued", extra={"position": position})
                self._tools.metrics.queued(job)
                if position and job.id not in self._attempts:
                    self._message(job).show(views.waiting(job, position, seconds))
        return Placed(job, position, seconds, is_new)

    async def cancel(self, job_id: int, user_id: int) -> State | None:
        """Cancel a waiting or running job of this user. Returns the state it was in; None if it had ended."""
        state = await self._jobs.cancel(job_id, user_id)
        job = await self._jobs.get(job_id)
        if state is not None and job is not None:
            self._call_off(job)
        return state

    def look_around(self) -> None:
        """Look now rather than soon at what another process has changed in the database."""
        self._wake.set()

    async def cancel_chat(self, chat_id: int) -> None:
        """Cancel all jobs of a chat without a word, as the bot was removed from it."""
        for job in await self._jobs.cancel_chat(chat_id):
            self._note_cancelled(job)
            await self._drop(job)

    async def forget(self, user_id: int) -> Forgotten:
        """Delete everything about the user, on its way or done."""
        results = [job.id for job in await self._jobs.history(user_id, limit=-1)]
        for job in await self._jobs.of_user(user_id):
            await self.cancel(job.id, user_id)
        forgotten = await self._users.forget(user_id)
        for attempt in list(self._attempts.values()):
            if attempt.job.user_id == user_id:
                self._tasks[attempt].cancel()
        await self._tools.files.discard(results)
        return forgotten

    @property
    def load(self) -> Load:
        """Return what is being painted, and where more could be."""
        painting = sum(attempt.paints for attempt in self._attempts.values())
        return Load(painting, self._tools.executor.slots, self._tools.executor.ready)

    async def status(self, user_id: int) -> list[Standing]:
        """Return how the user's jobs are doing, oldest first."""
        places = {job.id: (place, seconds) for place, (job, seconds) in enumerate(await self._line(), 1)}
        standings = []
        for job in await self._jobs.of_user(user_id):
            if attempt := self._attempts.get(job.id):
                standings.append(Standing(job, None, attempt.seconds_left))
            else:
                standings.append(Standing(job, *places.get(job.id, (None, None))))
        return standings

    async def send_file(self, job_id: int, user_id: int, chat_id: int, thread_id: int) -> Filed:
        """Send a result in full size to this chat, painting it again if need be.

        Raises `QueueFull`, `ChatGone` or a `TelegramError`.
        """
        if attempt := self._attempts.get(job_id):  # the picture is seen a moment before all is put away
            await asyncio.wait([self._tasks[attempt]], timeout=ABOUT_TO_END)
        job = await self._jobs.get(job_id)
        if job is None or job.user_id != user_id or job.state is not State.DONE:
            return Filed.GONE
        if job.result_document_file_id is not None:
            await self._tools.delivery.send_file(chat_id, thread_id, job.result_document_file_id)
            return Filed.SENT
        png = await self._tools.files.get(job_id)
        if png is None:
            await self._paint_file(job, chat_id, thread_id)
            return Filed.REPAINTING
        file_id = await self._tools.delivery.send_file(chat_id, thread_id, views.as_file(job, png))
        await self._jobs.set_document(job_id, file_id)
        return Filed.SENT

    async def _paint_file(self, job: Job, chat_id: int, thread_id: int) -> None:
        """Queue the same painting again: the same pictures and the same recipe give the same pixels."""
        if any(other.as_file_of == job.id for other in await self._jobs.of_user(job.user_id)):
            return
        again = NewJob(
            request_key=f"file:{job.id}:{time.time_ns()}",  # once it is over, it may be asked for again
            chat_id=chat_id,
            thread_id=thread_id,
            user_id=job.user_id,
            content=job.content,
            styles=job.styles,
            strength=job.strength,
            keep_colours=job.keep_colours,
            larger=job.larger,
            recipe=job.recipe,
            language=job.language,
            as_file_of=job.as_file_of or job.id,
        )
        await self.submit(again)

    # The line

    async def _line(self) -> list[tuple[Job, float | None]]:
        """Return who waits, in order, and how many seconds for."""
        line = await self._jobs.line()
        estimates = Estimates(await self._jobs.durations())
        painting = [attempt.seconds_left or 0.0 for attempt in self._attempts.values() if attempt.paints]
        return list(
            zip(line, estimates.in_line(line, sum(painting), self._tools.executor.slots), strict=True)
        )

    async def _place(self, job: Job) -> tuple[int, float | None]:
        for position, (waiting, seconds) in enumerate(await self._line(), 1):
            if waiting.id == job.id:
                return position, seconds
        return 0, Estimates(await self._jobs.durations()).of(job)

    async def _tell_places(self) -> None:
        """Tell those who wait that the line has moved.

        In private chats only: a group's twenty edits a minute are for pictures.
        """
        for position, (job, seconds) in enumerate(await self._line(), 1):
            if position > TOLD_OF_THEIR_PLACE:
                break
            if job.chat_id == job.user_id and job.id not in self._attempts:
                self._message(job).show(views.waiting(job, position, seconds))

    # The work

    async def _dispatch(self) -> None:
        """Begin the next job whenever there is a slot for it; stop what was cancelled from elsewhere."""
        trouble = None
        while not self._stopping:
            try:
                for cancelled in await self._jobs.called_off():
                    self._call_off(cancelled)
                if self._has_room() and (job := await self._jobs.take()):
                    self._begin(job)
                    continue
                trouble = None
            except DatabaseError as error:
                if str(error) != trouble:  # once is enough
                    log.error("cannot take the next job", extra={"reason": str(error)})
                trouble = str(error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_AROUND)
            self._wake.clear()

    def _has_room(self) -> bool:
        painting = sum(attempt.paints for attempt in self._attempts.values())
        delivering = len(self._attempts) - painting
        return painting < self._tools.executor.slots and delivering < MOST_DELIVERING

    def _begin(self, job: Job) -> None:
        attempt = Attempt(job, self._message(job), self._tools)
        self._attempts[job.id] = attempt
        self._tasks[attempt] = asyncio.create_task(attempt.run(), name=f"job {job.id}")
        self._tasks[attempt].add_done_callback(lambda _: self._ended(attempt))
        self._run_errand(self._tell_places())

    def _ended(self, attempt: Attempt) -> None:
        job = attempt.job
        if self._attempts[job.id] is attempt:  # else it has failed, and an operator had it tried again
            del self._attempts[job.id]
        if (message := self._messages.get(job.id)) and message.is_over:
            del self._messages[job.id]  # else the job was put back
        self._wake.set()
        _log_failure(self._tasks.pop(attempt), job)

    def _message(self, job: Job) -> ProgressMessage:
        """Return the one message of a job, as long as the job lasts."""
        if job.id not in self._messages:

            def on_gone() -> None:
                self._run_errand(self._leave(job), job)

            self._messages[job.id] = self._tools.delivery.message_of(job, on_gone)
        return self._messages[job.id]

    def _call_off(self, job: Job) -> None:
        """Stop a job that was cancelled in the database, by whomever, and say so as the last thing."""
        if job.id not in self._called_off:
            self._called_off.add(job.id)
            self._run_errand(self._stop_and_tell(job), job)

    async def _stop_and_tell(self, job: Job) -> None:
        try:
            await self._stop_painting(job)
            with suppress(ChatGone, TelegramError):
                await self._message(job).settle(views.cancelled(job), anew=False)
            self._messages.pop(job.id, None)
            if await until_stored(lambda: self._jobs.told(job.id)):
                self._note_cancelled(job)
        finally:
            self._called_off.discard(job.id)
        await self._tell_places()

    async def _leave(self, job: Job) -> None:
        """Cancel a job whose chat is gone: nobody is there to see its result."""
        if await self._jobs.cancel(job.id, job.user_id, silently=True):
            self._note_cancelled(job)
        await self._drop(job)

    def _note_cancelled(self, job: Job) -> None:
        with logs.about_job(job):
            log.info("cancelled")
        self._tools.metrics.cancelled(job)

    async def _drop(self, job: Job) -> None:
        await self._stop_painting(job)
        if message := self._messages.pop(job.id, None):
            await message.close()

    async def _stop_painting(self, job: Job) -> None:
        if attempt := self._attempts.get(job.id):
            await cancelled(self._tasks[attempt])

    async def _apologise(self, job: Job) -> None:
        await apologise(job, self._message(job), self._jobs)
        self._messages.pop(job.id, None)

    def _run_errand(self, errand: Coroutine[None, None, None], job: Job | None = None) -> None:
        """Start something to do beside, for one job or for all; at shutdown it is waited for."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        task.add_done_callback(lambda task: _log_failure(task, job))


def _log_failure(task: asyncio.Task[None], job: Job | None) -> None:
    if not task.cancelled() and (error := task.exception()):
        with logs.about_job(job) if job else nullcontext():
            log.error("failed", exc_info=error)
