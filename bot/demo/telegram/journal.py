"""Record everything that happens in the chats, in order, for whoever watches: tests, users, the page.

Updates are what the bot is told; the journal is what the people see, which is more: the bot's own
messages, its edits and deletions, "typing…", and the toasts that answer a tap.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.demo.telegram.bell import Bell

Kind = Literal[
    "message",  # data: the message, as `Message.to_watchers` describes it
    "edited",  # data: the same, as it is now; and `voted`, whose vote it is, where nothing else is new
    "deleted",  # data: message_id
    "reacted",  # data: message_id, reaction (an emoji, or None where it was taken away)
    "action",  # data: action, message_thread_id where there is one
    "tapped",  # data: the callback query
    "answered",  # data: callback_query_id, user_id, text, show_alert, url
    "chat",  # data: the chat; it was made, upgraded, or the bot came or went, or one of its `members`
]

KEPT = 4000  # events, at least; a watcher who missed more has to look at the chats anew


@dataclass(frozen=True)
class Event:
    number: int
    kind: Kind
    chat_id: int
    time: float
    data: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Journal:
    """Events are numbered from 1 without gaps, so a watcher that reconnects asks for what it missed.

    Only the last few thousand are kept, in `events`.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None, kept: int = KEPT) -> None:
        self.events: list[Event] = []
        self.newest = 0  # number of the newest event, kept or not
        self.closed = False  # nobody should wait for events any more
        self._on_change = on_change
        self._kept = kept
        self._bell = Bell()

    def add(self, kind: Kind, chat_id: int, data: dict[str, Any]) -> Event:
        self.newest += 1
        event = Event(self.newest, kind, chat_id, time.time(), data)
        self.events.append(event)
        if len(self.events) > 2 * self._kept:
            del self.events[: -self._kept]
        self._on_change()
        self._bell.ring()
        return event

    def after(self, number: int) -> list[Event]:
        """The events past this number, of those that are kept."""
        return self.events[max(number - self._first, 0) :]

    def keeps_all_after(self, number: int) -> bool:
        """Whether `after` this number leaves out nothing. Of what has yet to come nobody can say."""
        return self._first <= number <= self.newest

    async def wait(self, seconds: float) -> bool:
        """Whether something happens within `seconds`."""
        return await self._bell.wait(seconds)

    def close(self) -> None:
        """Ends the waits."""
        self.closed = True
        self._bell.ring()

    async def wait_for(
        self,
        matches: Callable[[Event], bool],
        timeout: float = 30,  # noqa: ASYNC109  (how every wait of the demo is called)
        after: int = 0,
    ) -> Event:
        """The first event past number `after` that matches, already there or still to come.

        Raises `TimeoutError` if none comes in time.
        """
        async with asyncio.timeout(timeout):
            async for event in self.follow(after):
                if matches(event):
                    return event
        raise AssertionError("a journal has no end")

    async def follow(self, after: int = 0) -> AsyncIterator[Event]:
        """Every event past number `after`, for ever."""
        while True:
            for event in self.after(after):
                after = event.number
                yield event
            if after == self.newest:
                await self.wait(3600)

    @property
    def _first(self) -> int:
        """The number before the oldest event kept."""
        return self.newest - len(self.events)
