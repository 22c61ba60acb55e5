"""The order of updates: each person's one after another, everybody's side by side."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import logs
from storage import Inbox

if TYPE_CHECKING:
    from collections.abc import Coroutine

AT_ONCE = 1024  # updates being handled; those that wait for an earlier one count


class InOrder(BaseUpdateProcessor):
    """Handles the updates of one person in one chat in the order they came.

    So a photo is stored before the next one is looked at, while somebody else's slow request holds up
    nobody.

    What is handled leaves the inbox, be it that it failed; what the end of the program cuts short stays.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(AT_ONCE)
        self._inbox = inbox
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
                await self._inbox.done(update.update_id)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""
