"""Carry taps on inline buttons to the bot, and its answers back."""

import time
from typing import TYPE_CHECKING, Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.id_counter import IdCounter

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Message, Person
    from bot.demo.telegram.journal import Journal
    from bot.demo.telegram.update_queue import UpdateQueue

ANSWER_WITHIN = 60.0


class CallbackQueries:
    """Each tap waits for one answer, for a while; then nobody looks at the button any more."""

    def __init__(self, updates: "UpdateQueue", journal: "Journal") -> None:
        self.answer_within = ANSWER_WITHIN
        self._updates = updates
        self._journal = journal
        self.ids = IdCounter(7_300_000_000_000_001)
        self._waiting: dict[str, tuple[Person, Message, float]] = {}

    def tap(self, person: "Person", message: "Message", data: str, *, too_old: bool = False) -> str:
        """Returns the callback query's id. Of a message `too_old` the bot is told the id, and a date of 0."""
        stub = {"message_id": message.id, "chat": message.chat.to_json(), "date": 0}
        query_id = str(next(self.ids))
        query = {
            "id": query_id,
            "from": person.to_json(),
            "message": stub if too_old else message.to_json(),
            "chat_instance": str(abs(message.chat.id) * 1_000_003),
            "data": data,
        }
        self._waiting[query_id] = person, message, time.monotonic()
        self._updates.add("callback_query", query)
        self._journal.add("tapped", message.chat.id, query)
        return query_id

    def answer(self, query_id: str, answer: dict[str, Any]) -> None:
        person, message, since = self._waiting.pop(query_id, (None, None, 0.0))
        if person is None or message is None or time.monotonic() - since > self.answer_within:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        heard = {"callback_query_id": query_id, "user_id": person.id, **answer}
        self._journal.add("answered", message.chat.id, heard)
