"""Attempt one job: fetch its pictures, have them painted, deliver the result, and deal with what fails."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import aclosing, suppress
from dataclasses import replace
from enum import Enum, auto
from functools import partial
from logging import getLogger
from typing import TYPE_CHECKING, cast

from telegram.error import TelegramError

from bot.gateway.downloads import NotServed
from bot.gateway.retries import until_stored
from bot.ops import logs
from bot.studio import views
from bot.studio.delivery import PaintingGone
from bot.studio.estimates import Countdown, Estimates
from bot.studio.job_message import ChatGone, NotAllowed
from bot.studio.progress_updates import ProgressMessage
from bot.studio.recipes import recipe_of
from bot.studio.result_ids import ResultIds, ids_in
from bot.studio.tools import Tools
from core.decoding.refusal import PictureError
from core.error_messages import with_kind
from core.executor.protocol import Done, Event, PaintFailed, PaintTask, WorkerKilled, WorkerLost
from storage import DatabaseDamaged, DatabaseError, Job, Jobs, State

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

log = getLogger(__name__)

# Crashes of the whole bot while painting the same job, before the job is suspected. Others kill a bot more
# often than a picture does, which its process never opens.
MOST_ATTEMPTS = 20
MOST_KILLED = 10  # workers that others killed while they painted the same job, before the job is suspected
PATIENCE = 2.0  # seconds; pictures that take longer to fetch keep nobody else from the slot
LOOKED_AWAY = 10.0  # seconds since the request, after which hardly anybody still looks at the chat
QUEUED = 2.0  # seconds before the painting was begun; who waits longer has others before them


class Phase(Enum):
    """How far an attempt is."""

    FETCHING = auto()
    FETCHING_SLOWLY = auto()  # others may overtake
    READY = auto()  # for a slot
    PAINTING = auto()
    DELIVERING = auto()  # or saying why there is nothing to deliver


class Attempt:
    """One attempt at a job. Cancelling `run` stops the painting within a step, and leaves the job's row.

    Args:
        job: as it was taken.
        message: where its progress and its result are shown.
        tools: the studio's.
        on_slow: called when its pictures take their time, and another job may have the slot.
    """

    def __init__(self, job: Job, message: ProgressMessage, tools: Tools, on_slow: Callable[[], None]) -> None:
        self.job = job
        self.phase = Phase.FETCHING
        self._message = message
        self._tools = tools
        self._on_slow = on_slow
        self._watch = tools.metrics.watch(job)
        self._reaction = tools.delivery.reaction_to(job)
        self._expected_end: float | None = None
        self._is_delivered = False  # whatever happens now, there is nothing to apologise for

    @property
    def seconds_left(self) -> float | None:
        """Estimate the seconds until the painting is done; None while nothing is known."""
        if self._expected_end is None:
            return None
        return max(0.0, self._expected_end - time.monotonic())

    async def run(self) -> None:
        """Fetch the pictures, have them painted, deliver the result; whatever fails ends in the job's row."""
        with logs.about_job(self.job):
            try:
                if await self._is_wanted():
                    self._reaction.begin()
                    done = await self._tools.files.get_finished(self.job) or await self._paint()
                    self.phase = Phase.DELIVERING
                    await self._deliver(done)
                else:
                    await self._message.close()
            except ChatGone:
                await self._drop()
            except PictureError as error:
                await self._fail(error, str(error), refusal=error.reason)
            except NotAllowed as error:
                await self._fail(error, "the chat lets no picture in", refusal=views.Trouble.NOT_ALLOWED)
            except (NotServed, PaintingGone) as error:
                is_gone = isinstance(error, PaintingGone)
                refusal = views.Trouble.PAINTING_GONE if is_gone else views.Trouble.NOT_FETCHED
                await self._fail(error, str(error), refusal=refusal)
            except WorkerLost as error:
                await self._try_again(error)
            except (PaintFailed, TelegramError) as error:
                await self._fail(error, with_kind(error))
            except DatabaseError as error:
                await self._put_back(error)
            except Exception as error:
                log.exception("attempt failed")
                await self._fail(error, with_kind(error))
            finally:
                self._reaction.leave()

    async def _is_wanted(self) -> bool:
        """Say whether the job is still to be done: it may have been cancelled since it was taken."""
        job = await self._tools.jobs.get(self.job.id)
        if job is None or job.state is not State.RUNNING:
            return False
        if job.attempt > MOST_ATTEMPTS:
            raise PaintFailed(f"the bot died {MOST_ATTEMPTS} times while it painted this")
        return True

    async def _paint(self) -> Done:
        task = await self._fetch()
        self.phase = Phase.READY
        if not self._tools.slots.free:
            self._message.show(views.waiting(self.job, 1, None))
        async with self._tools.slots.one():
            self.phase = Phase.PAINTING
            log.info("painting", extra={"attempt": self.job.attempt, "strength": self.job.strength})
            self._expect(Estimates(await self._tools.jobs.durations()).of(self.job))
            countdown = Countdown()
            async with self._tools.delivery.busy(self.job):
                self._message.show(views.starting(self.job, self.seconds_left))
                # The protocol promises an iterator; executors write generators, whose closing cancels.
                painting = cast("AsyncGenerator[Event, None]", self._tools.executor.paint(task))
                async with aclosing(painting) as events:
                    async for event in events:
                        self._watch.saw(event)
                        if isinstance(event, Done):
                            return event
                        self._expect(event.seconds_left)
                        view = views.painting(self.job, countdown.even(event))
                        self._message.show(view, at_once=event.step == 1)  # people wait for the first picture
        raise PaintFailed("the painting ended without a picture")

    async def _fetch(self) -> PaintTask:
        """Fetch the pictures, which needs no slot. Others may overtake if that takes its time."""
        slow = asyncio.get_running_loop().call_later(PATIENCE, self._is_slow)
        try:
            delivery, settings = self._tools.delivery, self._tools.settings
            file_ids = [picture.file_id for picture in (self.job.content, *self.job.styles)]
            content, *styles = await _all(map(delivery.download, file_ids))
            return PaintTask(content, tuple(styles), recipe_of(self.job, settings.size), settings.deadline)
        finally:
            slow.cancel()

    def _is_slow(self) -> None:
        self.phase = Phase.FETCHING_SLOWLY
        self._message.show(views.fetching(self.job))
        self._on_slow()

    def _expect(self, seconds_left: float | None) -> None:
        self._expected_end = None if seconds_left is None else time.monotonic() + seconds_left

    async def _deliver(self, done: Done) -> None:
        """Deliver the result. The row says done only once Telegram has accepted it.

        Before, it is kept on disk: killed from here on, the bot has the same picture to deliver.
        """
        with suppress(OSError):
            await self._tools.files.put_finished(self.job, done)
        rings = False
        with suppress(DatabaseError):  # which would only count an attempt too many
            rings = await self._tools.jobs.painted(self.job.id, rings=self._was_waited_for())
        original = await self._original()
        name = await self._tools.delivery.name_of_requester(self.job)
        if original is not None and original.result_photo_file_id is not None:
            view = views.result_file(original, done.lossless, name)
            ids = ids_in(await self._message.settle(view, rings=rings))
            self._is_delivered = True
            if ids.document is not None:
                await until_stored(partial(self._tools.jobs.set_document, original.id, ids.document))
            ids = ids._replace(photo=original.result_photo_file_id)
        else:
            view = views.result(self.job, done, name, self._tools.delivery.titles_of(self.job))
            ids = ids_in(await self._message.settle(view, rings=rings))
            self._is_delivered = True
        await self._note_delivery(done, original or self.job, ids)

    def _was_waited_for(self) -> bool:
        """Say whether the result shall ring: an edit does not, and whoever asked looks elsewhere by now."""
        job = self.job
        queued = (job.started or job.created) - job.created
        return queued > QUEUED or time.time() - job.created > LOOKED_AWAY

    async def _note_delivery(self, done: Done, kept_for: Job, ids: ResultIds) -> None:
        if not await until_stored(lambda: self._tools.jobs.finish(self.job.id, *ids)):
            await self._tools.files.discard([self.job.id])  # cancelled or forgotten in the last moment
            return
        log.info("delivered", extra={"seconds": round(done.seconds, 1)})
        self._watch.delivered()
        try:
            await self._tools.files.put(kept_for.id, done.lossless)
            if kept_for.id != self.job.id:
                await self._tools.files.discard([self.job.id])
        except OSError as error:
            log.warning("result not kept as a file", extra={"reason": error.strerror})
        await self._reaction.end(done=True)

    async def _original(self) -> Job | None:
        original_id = self.job.as_file_of
        return None if original_id is None else await self._tools.jobs.get(original_id)

    async def _drop(self) -> None:
        """Cancel the job: nobody is there to see its result."""
        log.info("chat gone")
        job = self.job
        if await until_stored(lambda: self._tools.jobs.cancel(job.id, job.user_id, silently=True)):
            self._tools.metrics.cancelled(job)
        with suppress(OSError):
            await self._tools.files.discard([job.id])

    async def _try_again(self, error: WorkerLost) -> None:
        """Put the job back once after a lost worker. A second loss is no accident, unless others did it."""
        if self.job.worker_losses >= (MOST_KILLED if isinstance(error, WorkerKilled) else 1):
            await self._fail(error, str(error))
        elif await until_stored(lambda: self._tools.jobs.requeue(self.job.id, str(error))):
            log.warning("worker lost, job put back", extra={"reason": str(error)})
            self._message.show(views.interrupted(self.job))

    async def _put_back(self, error: DatabaseError) -> None:
        """Put the job back because the database failed, and not the painting, as soon as it works again."""
        self.phase = Phase.DELIVERING
        log.error("job put back", extra={"reason": str(error)})
        try:
            await until_stored(lambda: self._tools.jobs.requeue(self.job.id))
        except DatabaseDamaged:
            if not self._is_delivered:
                with suppress(ChatGone, NotAllowed, TelegramError, DatabaseError):
                    await self._message.settle(views.failed(self.job))

    async def _fail(self, error: Exception, reason: str, refusal: str | None = None) -> None:
        self.phase = Phase.DELIVERING
        if self._is_delivered:
            log.error("delivered, but not noted", extra={"reason": reason})
            return
        if await until_stored(lambda: self._tools.jobs.fail(self.job.id, reason, refusal)):
            self._log_failure(error, reason)
            self._watch.failed(error)
            await apologise(replace(self.job, error=reason, refusal=refusal), self._message, self._tools.jobs)
            await self._reaction.end(done=False)
            with suppress(OSError):
                await self._tools.files.discard([self.job.id])

    def _log_failure(self, error: Exception, reason: str) -> None:
        """Log what failed: as an error only what an operator can do something about."""
        match error:
            case PictureError():
                log.info("picture refused", extra={"reason": str(error.reason)})
            case NotAllowed():
                log.info("job failed", extra={"reason": reason})
            case _:
                log.error("job failed", extra={"reason": reason})


async def _all(downloads: Iterable[Coroutine[None, None, bytes]]) -> list[bytes]:
    """Wait for all downloads. The first that fails, or being cancelled, ends the others."""
    tasks = [asyncio.create_task(download) for download in downloads]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def apologise(job: Job, message: ProgressMessage, jobs: Jobs) -> None:
    """Say that the job failed, and remember that it was said."""
    with suppress(ChatGone, NotAllowed):
        await message.settle(views.failed(job))
    await until_stored(lambda: jobs.told(job.id))
