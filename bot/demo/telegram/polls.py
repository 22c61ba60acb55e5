"""Take people's votes, and close polls in time."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.demo.telegram.bell import Bell

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Message, Person
    from bot.demo.telegram.journal import Journal
    from bot.demo.telegram.poll import Poll
    from bot.demo.telegram.update_queue import UpdateQueue

LONGEST_WAIT = 3600.0


class Polls:
    """All polls, of which the bot is told as the one who asked: of each vote, and of the end."""

    def __init__(self, updates: "UpdateQueue", journal: "Journal") -> None:
        self._updates = updates
        self._journal = journal
        self._closing_by_time: list[Message] = []
        self._time_passed = 0.0  # besides what the clock says
        self._bell = Bell()

    def watch(self, message: "Message") -> None:
        """Closes the message's poll when its time has come, if it has one."""
        if message.poll and message.poll.close_date is not None:
            self._closing_by_time.append(message)
            self._bell.ring()

    def vote(self, person: "Person", message: "Message", option_ids: Sequence[int]) -> None:
        """A vote for these options, in place of the person's last; no options take it back.

        Raises `ValueError`, with a sentence for the person, where Telegram would not take it.
        """
        poll = message.poll
        if person not in message.chat.members:
            raise ValueError(f"{person.first_name} is not in {message.chat.title}")
        if message.chat.migrated_to:
            raise ValueError(f"{message.chat.title} is a supergroup now")
        if poll is None:
            raise ValueError("There is no poll to vote in")
        if not poll.vote(person.id, option_ids):
            return
        self._journal.add("edited", message.chat.id, {**message.to_watchers(), "voted": person.id})
        if message.sender.is_bot:
            self._tell(person, poll)

    def close(self, message: "Message") -> None:
        """Ends the poll of this message: nobody votes in it any more."""
        poll = message.poll
        if poll is None or poll.is_closed:
            raise ValueError("There is no poll to close")
        poll.is_closed = True
        self._journal.add("edited", message.chat.id, message.to_watchers())
        if message.sender.is_bot:
            self._updates.add("poll", poll.to_json())

    def let_time_pass(self, seconds: float) -> None:
        """Closes what would close within these seconds, now. For those who cannot wait."""
        self._time_passed += seconds
        self.close_due()
        self._bell.ring()

    def close_due(self) -> float:
        """Closes the polls whose time has come. Returns how many seconds the next one has left."""
        now = time.time() + self._time_passed
        waiting = [message for message in self._closing_by_time if _closes_by_itself(message)]
        self._closing_by_time = [message for message in waiting if _close_date(message) > now]
        for message in waiting:
            if _close_date(message) <= now:
                self.close(message)
        return min((_close_date(message) - now for message in self._closing_by_time), default=LONGEST_WAIT)

    async def close_in_time(self) -> None:
        """Closes polls as their time comes, for ever."""
        while True:
            await self._bell.wait(min(self.close_due(), LONGEST_WAIT))

    def _tell(self, person: "Person", poll: "Poll") -> None:
        """Who voted for what is told of polls that are not anonymous; how the votes stand, of all."""
        chosen = poll.votes.get(person.id, [])
        if not poll.asked["is_anonymous"]:
            answer = {
                "poll_id": poll.id,
                "user": person.to_json(),
                "option_ids": chosen,
                "option_persistent_ids": [poll.options[number]["persistent_id"] for number in chosen],
            }
            self._updates.add("poll_answer", answer)
        self._updates.add("poll", poll.to_json())


def _closes_by_itself(message: "Message") -> bool:
    """Not if it was closed meanwhile, or deleted."""
    is_there = message.chat.messages.get(message.id) is message
    return is_there and message.poll is not None and message.poll.close_date is not None


def _close_date(message: "Message") -> float:
    return (message.poll and message.poll.close_date) or 0
