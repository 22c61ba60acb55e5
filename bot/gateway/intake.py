"""Take updates in, however they come: store each first, then hand it to its handlers."""

import json
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.gateway.outage_notice import tell_of_outage
from storage import DatabaseError, Inbox, Letter

KINDS = ["message", "callback_query", "my_chat_member"]  # of updates, that the bot wants


class Intake:
    """Put updates into the inbox, and then into the application's queue."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], inbox: Inbox) -> None:
        self.bot = application.bot
        self._application = application
        self._queue = application.update_queue
        self._inbox = inbox
        self._excused: set[int] = set()  # the chats that were told of the present trouble

    async def take_up(self) -> None:
        """Begin with what the last process did not come to answer."""
        for body in await self._inbox.left():
            await self._queue.put(Update.de_json(json.loads(body), self.bot))

    async def accept(self, updates: Sequence[Update]) -> None:
        """Store updates, and queue those that are new. When this returns, Telegram may forget them.

        Raises `storage.DatabaseError`.
        """
        by_id = {update.update_id: update for update in updates}
        try:
            new = await self._inbox.put(map(_letter, updates))
        except DatabaseError as error:
            self._make_excuses(updates, error)
            raise
        self._excused.clear()
        for update_id in new:
            await self._queue.put(by_id[update_id])

    def _make_excuses(self, updates: Sequence[Update], error: DatabaseError) -> None:
        """Tell each chat once, however often Telegram repeats the updates until the database works again."""
        for update in updates:
            if update.effective_chat and update.effective_chat.id not in self._excused:
                self._excused.add(update.effective_chat.id)
                self._application.create_task(tell_of_outage(update, error))


def _letter(update: Update) -> Letter:
    user = update.effective_user
    return Letter(update.update_id, user.id if user else None, update.to_json())
