"""Order updates: each person's one after another, everybody's side by side."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from logging import getLogger
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.gateway.retries import delays, patient, until_stored
from bot.ops import logs
from storage import DatabaseDamaged, DatabaseError, Inbox

if TYPE_CHECKING:
    from collections.abc import Coroutine

log = getLogger(__name__)

Handle: TypeAlias = Callable[[], Awaitable[None]]

AT_ONCE = 1024  # updates being handled; those that wait for an earlier one do not count
PATIENCE = 3600.0  # seconds to keep trying to say what a person is owed


class _Failure(NamedTuple):
    error: DatabaseError
    again: Handle


class PerPersonOrder(BaseUpdateProcessor):
    """Handle the updates of one person in one chat in the order they came.

    So a photo is stored before the next one is looked at, while somebody else's slow request holds up
    nobody, and what waits for an earlier one takes nobody's place.

    Requests made while an update is handled are tried again with patience: what a person is owed is said once
    Telegram can be reached again. Updates that are handled leave the inbox, even if that failed; those that
    the end of the program cuts short stay, to be handled by the next. Where the database failed, an update is
    handled again, and later ones of the same person wait.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(sys.maxsize)  # as it would count those that wait
        self._inbox = inbox
        self._places = asyncio.Semaphore(AT_ONCE)
        self._in_line: dict[tuple[int, int], set[int]] = {}  # updates by whose they are
        self._failures: dict[int, _Failure] = {}  # by update
        self._put_off: set[int] = set()
        self._handling: set[asyncio.Task[Any]] = set()
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if not isinstance(update, Update):
            cast("Coroutine[Any, Any, Any]", coroutine).close()
            return
        self.line_up(update)
        chat, user = whose = _whose(update)
        handling = cast("Coroutine[Any, Any, Any]", coroutine)
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._handling.add(task)
        try:
            async with self.turn(chat, user):
                with logs.about(chat=chat, user=user):
                    await handling
                    await self._see_through(update.update_id)
        finally:
            handling.close()  # where its turn never came
            self._handling.discard(task)
            self._in_line[whose].discard(update.update_id)
            if not self._in_line[whose]:
                del self._in_line[whose]

    @asynccontextmanager
    async def turn(self, chat_id: int, user_id: int) -> AsyncIterator[None]:
        """Wait for a person's turn, and keep it while something is done for them.

        Also for what answers no update, but may not come between two: a question that had to wait.
        """
        lock = self._locks.setdefault((chat_id, user_id), asyncio.Lock())  # kept by those who wait for it
        async with lock, self._places:
            with patient(PATIENCE, follows=True):
                yield

    def line_up(self, update: Update) -> None:
        """Count an update as one that waits; it does until it was handled."""
        self._in_line.setdefault(_whose(update), set()).add(update.update_id)

    def in_line(self, update: Update) -> int:
        """Count the updates of the same person in the same chat that are being handled or wait."""
        return len(self._in_line.get(_whose(update), ()))

    def put_off(self, update_id: int, error: DatabaseError, again: Handle) -> bool:
        """Handle this update `again` once that may help, since the database failed while it was handled.

        Returns False if it was put off before.
        """
        self._failures[update_id] = _Failure(error, again)
        is_new = update_id not in self._put_off
        self._put_off.add(update_id)
        return is_new

    async def cut_short(self) -> None:
        """Cancel the handling of all updates, and wait until none is. They stay in the inbox."""
        while tasks := set(self._handling):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _see_through(self, update_id: int) -> None:
        try:
            for delay in delays():
                failure = self._failures.pop(update_id, None)
                if failure is None or isinstance(failure.error, DatabaseDamaged):
                    break
                await asyncio.sleep(delay)
                await failure.again()
            await until_stored(lambda: self._inbox.done(update_id))
        except DatabaseDamaged as error:
            log.error("update not put away", extra={"reason": str(error)})
        finally:
            self._put_off.discard(update_id)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""


def _whose(update: Update) -> tuple[int, int]:
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else 0, user.id if user else 0
