"""Fetch updates by long polling, through every kind of trouble."""

import asyncio
from contextlib import suppress
from logging import getLogger

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.gateway.answers import UnreadableAnswer
from bot.gateway.client import Client
from bot.gateway.intake import KINDS, Intake
from bot.gateway.retries import delays, seconds_of
from bot.gateway.starting import insist
from bot.gateway.webhook import described
from bot.ops.errors import token_refused
from bot.ops.lasting_trouble import LastingTrouble
from bot.ops.reception import Reception
from bot.ops.side_tasks import SideTasks
from storage import DatabaseError

log = getLogger(__name__)

WAIT = 20  # seconds that Telegram keeps a request open while nothing happens
LAST_WORD = 1.0  # seconds to confirm at the end what was fetched
LATELY = 60.0  # seconds in which updates were fetched, where all is well
LONGEST_FLOOD = 60.0  # seconds after which updates are asked for again, whatever Telegram said


class Polling:
    """Fetch updates from `start` to `stop`, and put them into the inbox before Telegram forgets them.

    (python-telegram-bot's own `Updater` sleeps through a request to stop, when the token is revoked it stops
    for ever, without the program around it noticing, and one update that it cannot read ends it.)
    """

    def __init__(self, intake: Intake, client: Client) -> None:
        self.reception = Reception(LATELY)
        self._client = client
        self._intake = intake
        self._offset: int | None = None  # asking for updates from here on confirms those before
        self._fetching: asyncio.Task[None] | None = None
        self._trouble = LastingTrouble(log, "cannot fetch updates")

    async def start(self, side_tasks: SideTasks) -> None:
        """Take up what was left, and fetch as one of the side tasks."""
        await self._intake.take_up()
        await insist(self._client.delete_webhook, "remove the webhook")  # which keeps the updates for itself
        self.reception.took()
        self._fetching = side_tasks.start(self._fetch_for_ever(), "polling")

    async def stop(self) -> None:
        """Stop fetching, and confirm what was fetched."""
        if self._fetching is None:
            return
        self._fetching.cancel()
        await asyncio.wait([self._fetching])
        if self._offset is not None:
            with suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(LAST_WORD):
                    await self._client.fetch_updates(self._offset, 0, KINDS)

    async def _fetch_for_ever(self) -> None:
        waits = delays()
        while True:
            try:
                await self._fetch()
            except InvalidToken:
                raise token_refused() from None
            except RetryAfter as error:
                self._note(f"asked to wait {seconds_of(error):g} s")
                await asyncio.sleep(min(seconds_of(error), LONGEST_FLOOD))
            except Conflict as error:
                await self._contend(error)
                await asyncio.sleep(next(waits))
            except (TelegramError, DatabaseError) as error:
                self._note(str(error))
                await asyncio.sleep(next(waits))
            else:
                waits = delays()
                self.reception.took()

    async def _fetch(self) -> None:
        fetched = await self._client.fetch_updates(self._offset, WAIT, KINDS)
        updates = self._intake.recognise(fetched)
        await self._intake.accept(updates)
        if updates:
            self._offset = updates[-1].update_id + 1
        elif fetched:  # the same would come again at once
            raise UnreadableAnswer(200)

    async def _contend(self, error: Conflict) -> None:
        """Deal with who else takes this bot's updates: remove a webhook, and tell of another program."""
        if "webhook" not in error.message.lower():
            self._note(
                "another program fetches this bot's updates too: stop it, or have @BotFather revoke the "
                "token and give the new one to this bot alone"
            )
            return
        with suppress(TelegramError):
            info = await self._client.get_webhook_info()
            if info.url:
                self._note(f"another program set a webhook, {described(info.url)}: it is removed again")
            await self._client.delete_webhook()

    def _note(self, reason: str) -> None:
        self.reception.failed(reason)
        self._trouble.note(reason)
