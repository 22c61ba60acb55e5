"""Order updates: each person's one after another, everybody's side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from logging import getLogger
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.gateway.retries import delays, until_stored
from bot.ops import logs
from storage import DatabaseDamaged, DatabaseError, Inbox

if TYPE_CHECKING:
    from collections.abc import Coroutine

log = getLogger(__name__)

Handle: TypeAlias = Callable[[], Awaitable[None]]

AT_ONCE = 1024  # updates being handled; those that wait for an earlier one count


class _Failure(NamedTuple):
    error: DatabaseError
    again: Handle


class PerPersonOrder(BaseUpdateProcessor):
    """Handle the updates of one person in one chat in the order they came.

    So a photo is stored before the next one is looked at, while somebody else's slow request holds up
    nobody.

    Updates that are handled leave the inbox, even if that failed; those that the end of the program cuts
    short stay. Where the database failed, an update is handled again, and later ones of the same person wait.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(AT_ONCE)
        self._inbox = inbox
        self._failures: dict[int, _Failure] = {}  # by update
        self._put_off: set[int] = set()
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if not isinstance(update, Update):
            cast("Coroutine[Any, Any, Any]", coroutine).close()
            return
        chat = update.effective_chat.id if update.effective_chat else 0
        user = update.effective_user.id if update.effective_user else 0
        lock = self._locks.setdefault((chat, user), asyncio.Lock())  # kept by those who wait for it
        async with lock:
            with logs.about(chat=chat, user=user):
                await coroutine
                await self._see_through(update.update_id)

    def put_off(self, update_id: int, error: DatabaseError, again: Handle) -> bool:
        """Handle this update `again` once that may help, since the database failed while it was handled.

        Returns False if it was put off before.
        """
        self._failures[update_id] = _Failure(error, again)
        is_new = update_id not in self._put_off
        self._put_off.add(update_id)
        return is_new

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
