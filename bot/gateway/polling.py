"""Fetch updates by long polling, through every kind of trouble."""

import asyncio
from contextlib import suppress
from logging import getLogger
from typing import TYPE_CHECKING

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.gateway.intake import KINDS, Intake
from bot.gateway.retries import delays, is_passing
from bot.ops.errors import token_refused
from bot.ops.side_tasks import SideTasks
from storage import DatabaseError

if TYPE_CHECKING:
    from telegram import Update

log = getLogger(__name__)

WAIT = 20  # seconds that Telegram keeps a request open while nothing happens
LAST_WORD = 1.0  # seconds to confirm at the end what was fetched


class Polling:
    """Fetch updates from `start` to `stop`, and put them into the inbox before Telegram forgets them.

    (python-telegram-bot's own `Updater` sleeps through a request to stop, and when the token is
    revoked it stops for ever, without the program around it noticing.)
    """

    def __init__(self, intake: Intake) -> None:
        self._bot = intake.bot
        self._intake = intake
        self._offset: int | None = None  # asking for updates from here on confirms those before
        self._fetching: asyncio.Task[None] | None = None

    async def start(self, side_tasks: SideTasks) -> None:
        """Take up what was left, and fetch as one of the side tasks."""
        await self._intake.take_up()
        await self._bot.delete_webhook()  # which would keep the updates for itself
        self._fetching = side_tasks.start(self._fetch_for_ever(), "polling")

    async def stop(self) -> None:
        """Stop fetching, and confirm what was fetched."""
        if self._fetching is None:
            return
        self._fetching.cancel()
        await asyncio.wait([self._fetching])
        if self._offset is not None:
            with suppress(TelegramError, TimeoutError):
                await asyncio.wait_for(self._bot.get_updates(self._offset, limit=1, timeout=0), LAST_WORD)

    async def _fetch_for_ever(self) -> None:
        waits, trouble = delays(), None
        while True:
            try:
                await self._fetch()
            except InvalidToken:
                raise token_refused() from None
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except (NetworkError, Conflict, DatabaseError) as error:
                if isinstance(error, NetworkError) and not is_passing(error):
                    raise
                if str(error) != trouble:  # once is enough
                    trouble = str(error)
                    log.warning("cannot fetch updates", extra={"reason": trouble})
                await asyncio.sleep(next(waits))
            else:
                waits, trouble = delays(), None

    async def _fetch(self) -> None:
        updates: tuple[Update, ...] = await self._bot.get_updates(
            self._offset, timeout=WAIT, allowed_updates=KINDS
        )
        if not updates:
            return
        await self._intake.accept(updates)
        self._offset = updates[-1].update_id + 1


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait if isinstance(wait, int) else wait.total_seconds()
