"""Attempt one job: fetch its pictures, have them painted, deliver the result, and deal with what fails."""

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from logging import getLogger
from typing import TYPE_CHECKING, cast

from telegram.error import TelegramError

from bot.gateway.retries import until_stored
from bot.ops import logs
from bot.ops.metrics import Metrics
from bot.settings import Settings
from bot.studio import views
from bot.studio.delivery import Delivery
from bot.studio.estimates import Estimates
from bot.studio.job_message import ChatGone
from bot.studio.progress_updates import ProgressMessage
from bot.studio.recipes import recipe_of
from bot.studio.result_files import ResultFiles
from core.decoding.refusal import PictureError
from core.executor.protocol import Done, Event, Executor, PaintFailed, PaintTask, WorkerLost
from storage import DatabaseDamaged, DatabaseError, Job, Jobs, State

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

log = getLogger(__name__)

MOST_ATTEMPTS = 5  # crashes of the whole bot while painting the same job, before the job is suspected


@dataclass(frozen=True)
class Tools:
    """What the studio and its attempts work with."""

    jobs: Jobs
    executor: Executor
    delivery: Delivery
    files: ResultFiles
    settings: Settings
    metrics: Metrics


class Attempt:
    """One attempt at a job. Cancelling `run` stops the painting within a step, and leaves the job's row.

    Args:
        job: as it was taken.
        message: where its progress and its result are shown.
        tools: the studio's.
    """

    def __init__(self, job: Job, message: ProgressMessage, tools: Tools) -> None:
        self.job = job
        self.paints = True  # until the executor has done its part: then only delivery is left
        self._message = message
        self._tools = tools
        self._watch = tools.metrics.watch(job)
        self._expected_end: float | None = None

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
                if not await self._is_wanted():
                    await self._message.close()
                else:
                    done = await self._paint()
                    self.paints = False
                    await self._deliver(done)
            except ChatGone:
                log.info("chat gone")
                if await self._tools.jobs.cancel(self.job.id, self.job.user_id, silently=True):
                    self._tools.metrics.cancelled(self.job)
            except PictureError as error:
                await self._fail(error, str(error), refusal=error.reason)
            except WorkerLost as error:
                await self._try_again(error)
            except (PaintFailed, TelegramError) as error:
                await self._fail(error, f"{type(error).__name__}: {error}")
            except DatabaseError as error:
                await self._put_back(error)
            except Exception as error:
                log.exception("attempt failed")
                await self._fail(error, f"{type(error).__name__}: {error}")

    async def _is_wanted(self) -> bool:
        """Say whether the job is still to be done: it may have been cancelled since it was taken."""
        job = await self._tools.jobs.get(self.job.id)
        if job is None or job.state is not State.RUNNING:
            return False
        if job.attempt > MOST_ATTEMPTS:
            raise PaintFailed(f"the bot died {MOST_ATTEMPTS} times while it painted this")
        return True

    async def _paint(self) -> Done:
        log.info("painting", extra={"attempt": self.job.attempt, "strength": self.job.strength})
        self._message.show(views.starting(self.job))
        self._expect(Estimates(await self._tools.jobs.durations()).of(self.job))
        async with self._tools.delivery.busy(self.job):
            task = await self._task()
            # The protocol promises an iterator; executors write generators, whose closing cancels.
            painting = cast("AsyncGenerator[Event, None]", self._tools.executor.paint(task))
            async with aclosing(painting) as events:
                async for event in events:
                    self._watch.saw(event)
                    if isinstance(event, Done):
                        return event
                    self._expect(event.seconds_left)
                    view = views.painting(self.job, event)
                    self._message.show(view, at_once=event.step == 1)  # people wait for the first picture
        raise PaintFailed("the painting ended without a picture")

    async def _task(self) -> PaintTask:
        delivery, settings = self._tools.delivery, self._tools.settings
        file_ids = [picture.file_id for picture in (self.job.content, *self.job.styles)]
        content, *styles = await asyncio.gather(*map(delivery.download, file_ids))
        return PaintTask(content, tuple(styles), recipe_of(self.job, settings.size), settings.deadline)

    def _expect(self, seconds_left: float | None) -> None:
        self._expected_end = None if seconds_left is None else time.monotonic() + seconds_left

    async def _deliver(self, done: Done) -> None:
        """Deliver the result. The row says done only once Telegram has accepted it."""
        original = await self._original()
        if original is not None and original.result_photo_file_id is not None:
            photo_id = original.result_photo_file_id
            file_id = await self._deliver_file(original, done)
        else:
            photo_id, file_id = await self._deliver_photo(done), None
        if await until_stored(lambda: self._tools.jobs.finish(self.job.id, photo_id, file_id)):
            log.info("delivered", extra={"seconds": round(done.seconds, 1)})
            self._watch.delivered()
            kept_for = original or self.job
            try:
                await self._tools.files.put(kept_for.id, done.lossless)
            except OSError as error:
                log.warning("result not kept as a file", extra={"reason": error.strerror})

    async def _original(self) -> Job | None:
        original_id = self.job.as_file_of
        return None if original_id is None else await self._tools.jobs.get(original_id)

    async def _deliver_photo(self, done: Done) -> str:
        name = await self._tools.delivery.name_of_requester(self.job)
        message = await self._message.settle(views.result(self.job, done, name))
        if message is None or not message.photo:
            raise PaintFailed("Telegram did not say what it made of the result")
        return message.photo[-1].file_id

    async def _deliver_file(self, original: Job, done: Done) -> str:
        message = await self._message.settle(views.result_file(original, done.lossless))
        if message is None or message.document is None:
            raise PaintFailed("Telegram did not say what it made of the file")
        await self._tools.jobs.set_document(original.id, message.document.file_id)
        return message.document.file_id

    async def _try_again(self, error: WorkerLost) -> None:
        """Put the job back once after a lost worker. A second loss is no accident."""
        if self.job.worker_losses:
            await self._fail(error, str(error))
        elif await until_stored(lambda: self._tools.jobs.requeue(self.job.id, str(error))):
            log.warning("worker lost, job put back", extra={"reason": str(error)})
            self._message.show(views.interrupted(self.job))

    async def _put_back(self, error: DatabaseError) -> None:
        """Put the job back because the database failed, and not the painting, as soon as it works again."""
        self.paints = False
        log.error("job put back", extra={"reason": str(error)})
        try:
            await until_stored(lambda: self._tools.jobs.requeue(self.job.id))
        except DatabaseDamaged:
            with suppress(ChatGone, TelegramError, DatabaseError):
                await self._message.settle(views.failed(self.job))

    async def _fail(self, error: Exception, reason: str, refusal: str | None = None) -> None:
        self.paints = False
        if await until_stored(lambda: self._tools.jobs.fail(self.job.id, reason, refusal)):
            log.error("job failed", extra={"reason": f"picture: {refusal}" if refusal else reason})
            self._watch.failed(error)
            await apologise(replace(self.job, error=reason, refusal=refusal), self._message, self._tools.jobs)


async def apologise(job: Job, message: ProgressMessage, jobs: Jobs) -> None:
    """Say that the job failed, and remember that it was said."""
    with suppress(ChatGone):
        await message.settle(views.failed(job))
    await until_stored(lambda: jobs.told(job.id))
