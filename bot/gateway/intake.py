"""Take updates in, however they come: store each first, then hand it to its handlers."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from logging import getLogger
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.gateway.outage_notice import tell_of_outage
from bot.gateway.raw_update import RawUpdate, UnreadableUpdate, identified, parsed
from bot.ops.lasting_trouble import LastingTrouble
from storage import DatabaseError, Inbox, Letter

log = getLogger(__name__)

KINDS = [
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "poll",
    "poll_answer",
]
"""The kinds of updates that the bot wants."""


class Intake:
    """Put updates into the inbox, and then into the application's queue.

    What cannot be read is passed over alone: it is counted, and noted without what is in it, now and then.

    Args:
        application: whose queue it is.
        inbox: which keeps updates until they are answered.
        admits: asked about each new update when it comes: whether it is to be handled at all.
        on_unreadable: told of each update that cannot be read.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        inbox: Inbox,
        admits: Callable[[Update], bool] = lambda _: True,
        on_unreadable: Callable[[], None] = lambda: None,
    ) -> None:
        self.bot = application.bot
        self._application = application
        self._queue = application.update_queue
        self._inbox = inbox
        self._admits = admits
        self._on_unreadable = on_unreadable
        self._passed_over = LastingTrouble(log, "update passed over")
        self._excused: set[int] = set()  # the chats that were told of the present trouble

    async def take_up(self) -> None:
        """Begin with what the last process did not come to answer."""
        for body in await self._inbox.left():
            try:
                letters = self.recognise([json.loads(body)])
            except ValueError:  # the file has been tampered with, or worse: others are still to be served
                continue
            for letter in letters:
                if update := self._read(letter):
                    await self._queue.put(update)
                else:
                    await self._inbox.done(letter.update_id)

    async def accept(self, received: Sequence[RawUpdate]) -> None:
        """Store updates, and queue those that are new. When this returns, Telegram may forget them.

        Raises `storage.DatabaseError`.
        """
        found = {raw.update_id: (raw, update) for raw in received if (update := self._read(raw))}
        try:
            new = await self._inbox.put(_letter(raw, update) for raw, update in found.values())
        except DatabaseError as error:
            self._make_excuses([update for _, update in found.values()], error)
            raise
        self._excused.clear()
        for update_id in new:
            _, update = found[update_id]
            if self._admits(update):
                await self._queue.put(update)
            else:
                with suppress(DatabaseError):  # then it is answered after the next start
                    await self._inbox.done(update_id)

    def recognise(self, received: Sequence[object]) -> list[RawUpdate]:
        """Return what of this is updates, in the order of their ids. The rest is counted, and noted."""
        found = [raw for raw in map(identified, received) if raw]
        for _ in range(len(received) - len(found)):
            self._on_unreadable()
            self._passed_over.note("no update")
        return sorted(found, key=lambda raw: raw.update_id)

    def _read(self, raw: RawUpdate) -> Update | None:
        try:
            return parsed(raw, self.bot)
        except UnreadableUpdate as error:
            self._on_unreadable()
            self._passed_over.note(f"unreadable: {error.kind}", update=raw.update_id)
            return None

    def _make_excuses(self, updates: Sequence[Update], error: DatabaseError) -> None:
        """Tell each chat once, however often Telegram repeats the updates until the database works again."""
        for update in updates:
            if update.effective_chat and update.effective_chat.id not in self._excused:
                self._excused.add(update.effective_chat.id)
                self._application.create_task(tell_of_outage(update, error))


def _letter(raw: RawUpdate, update: Update) -> Letter:
    user = update.effective_user
    return Letter(raw.update_id, user.id if user else None, json.dumps(raw.json))
