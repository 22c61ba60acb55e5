"""Show the newest state of a job in its message, no more often than Telegram allows."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from logging import getLogger

from telegram import Message
from telegram.error import TelegramError

from bot.gateway.retries import persist
from bot.ops import logs
from bot.ops.side_tasks import log_failure
from bot.studio.job_message import ChatGone, JobMessage, MessageDeleted
from bot.studio.view import View
from storage import DatabaseError, Job

log = getLogger(__name__)

PATIENCE = 24 * 3600.0  # seconds to keep trying to deliver what somebody waits for


class EditPace:
    """Spread edits out: in each chat an interval apart, whichever job they are for.

    Args:
        private: seconds between two edits in a private chat.
        group: seconds between two edits in a group.
    """

    def __init__(self, private: float, group: float) -> None:
        self._private = private
        self._group = group
        self._free: dict[int, float] = {}  # by chat: when the next edit may be

    def wait(self, chat_id: int) -> float:
        """Return the seconds until an edit may be made; 0 if now."""
        return max(0.0, self._free.get(chat_id, 0.0) - time.monotonic())

    def note(self, chat_id: int) -> None:
        """Note that an edit is made now."""
        now = time.monotonic()
        self._free = {chat: free for chat, free in self._free.items() if free > now}
        self._free[chat_id] = now + (self._private if chat_id > 0 else self._group)


class ProgressMessage:
    """A job's message while the job lasts.

        show(view)    soon, or never if something newer comes first; that it fails is harmless
        settle(view)  for certain, as the last thing
        tidy()        for certain, after that

    Edits never overlap, so they arrive in order. `on_gone` is called when the chat turns out to be gone.
    """

    def __init__(self, message: JobMessage, pace: EditPace, on_gone: Callable[[], None]) -> None:
        self._message = message
        self._pace = pace
        self._on_gone = on_gone
        self._wanted: View | None = None
        self._shown: View | None = None
        self._quiet = False  # settled, or deleted by somebody who does not want to see progress
        self._editing = asyncio.Lock()
        self._hurry = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Say whether nothing but a last word will be shown any more."""
        return self._quiet

    def show(self, view: View, *, at_once: bool = False) -> None:
        """Show this when it is the chat's turn, or, `at_once`, without waiting for that."""
        if view.picture is None and self._wanted is not None:
            view = replace(view, picture=self._wanted.picture)  # which was not shown yet
        if self._quiet or view == self._shown:
            return
        self._wanted = view
        if at_once or not self._message.exists:
            self._hurry.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._show_newest(), name="progress")
            self._pump.add_done_callback(log_failure)

    async def settle(self, view: View, *, anew: bool = True, rings: bool = False) -> Message | None:
        """Show this last, for as long as it takes. With `anew`, even if there is no message any more.

        What `rings` comes in a new message. Returns the message as it stands. Raises `ChatGone`,
        `NotAllowed`, or what Telegram has against it.
        """
        self._quiet = True
        self._wanted = None
        self._hurry.set()
        async with self._editing:
            if not (anew or self._message.exists):
                return None
            with suppress(MessageDeleted):
                return await persist(lambda: self._message.put(view, anew=anew, rings=rings), PATIENCE)
        return None

    async def tidy(self) -> None:
        """Delete what showed the progress if the result came in another message; else at the next start."""
        with suppress(TelegramError, DatabaseError):
            async with self._editing:
                await persist(self._message.tidy, PATIENCE)

    async def close(self) -> None:
        """Show nothing more, as the program ends."""
        self._quiet = True
        if self._pump:
            self._pump.cancel()
            await asyncio.wait([self._pump])

    async def _show_newest(self) -> None:
        with logs.about_job(self._message.job):  # begun on behalf of anybody
            while self._wanted is not None:
                await self._wait_for_turn()
                async with self._editing:
                    self._hurry.clear()
                    view, self._wanted = self._wanted, None
                    if view is not None and not self._quiet:
                        await self._put(view)

    async def _wait_for_turn(self) -> None:
        """Wait until the chat may be edited.

        Others may come first, again and again; `at_once` does not wait.
        """
        chat_id = self._message.job.chat_id
        while not self._hurry.is_set() and (wait := self._pace.wait(chat_id)):
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._hurry.wait()
        self._pace.note(chat_id)

    async def _put(self, view: View) -> None:
        try:
            await self._message.put(view)
        except MessageDeleted:
            self._quiet = True
        except ChatGone:
            self._quiet = True
            self._on_gone()
        except (TelegramError, DatabaseError) as error:
            log.warning("progress not shown", extra={"reason": type(error).__name__})
        except Exception:
            log.exception("progress not shown")
        else:
            self._shown = view


class ProgressMessages:
    """Keep the one message of each job, from the first word about it to the last.

    Args:
        make: makes the message of a job, and has the function called when its chat turns out to be gone.
        on_gone: called with a job whose chat is gone.
    """

    def __init__(
        self, make: Callable[[Job, Callable[[], None]], ProgressMessage], on_gone: Callable[[Job], None]
    ) -> None:
        self._make = make
        self._on_gone = on_gone
        self._messages: dict[int, ProgressMessage] = {}  # by job

    def of(self, job: Job) -> ProgressMessage:
        """Return the message of a job, whether it was sent already or not."""
        if job.id not in self._messages:
            self._messages[job.id] = self._make(job, lambda: self._on_gone(job))
        return self._messages[job.id]

    def drop(self, job_id: int) -> ProgressMessage | None:
        """Forget the message of a job, and return it if there was one."""
        return self._messages.pop(job_id, None)

    def drop_if_over(self, job_id: int) -> ProgressMessage | None:
        """Forget and return the message of a job, if nothing but a last word will be shown in it any more."""
        message = self._messages.get(job_id)
        return self.drop(job_id) if message and message.is_over else None

    async def close(self) -> None:
        """Show nothing more, as the program ends."""
        for message in list(self._messages.values()):
            await message.close()
