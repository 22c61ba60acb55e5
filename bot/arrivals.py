"""What happens to every update on arrival, however it came: kept first, then handed to its handlers."""

import json
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.ext import Application

from storage import Inbox, Letter

KINDS = ["message", "callback_query", "my_chat_member"]  # of updates, that the bot wants


class Arrivals:
    """Puts updates into the inbox and the application's queue."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], inbox: Inbox) -> None:
        self.bot = application.bot
        self._queue = application.update_queue
        self._inbox = inbox

    async def take_up(self) -> None:
        """Begin with what the last process did not come to answer."""
        for body in await self._inbox.left():
            await self._queue.put(Update.de_json(json.loads(body), self.bot))

    async def accept(self, updates: Sequence[Update]) -> None:
        """When this returns, Telegram may forget them; what it repeats is not taken twice.

        Raises `storage.DatabaseError`.
        """
        by_id = {update.update_id: update for update in updates}
        for update_id in await self._inbox.put(map(_letter, updates)):
            await self._queue.put(by_id[update_id])


def _letter(update: Update) -> Letter:
    user = update.effective_user
    return Letter(update.update_id, user.id if user else None, update.to_json())
