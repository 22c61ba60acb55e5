"""Limit how often a bot writes, as Telegram does. Off by default: most tests have no time to wait."""

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.demo.telegram.errors import too_many_requests

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat


@dataclass(frozen=True)
class Rate:
    messages: int
    seconds: float


# What the Bot API's FAQ gives; in one chat short bursts over one a second pass.
OVERALL = Rate(30, 1)
PRIVATE = Rate(3, 3)
GROUP = Rate(20, 60)


class FloodLimits:
    """Counts what was sent overall and to each chat: an album once, what is refused not at all."""

    def __init__(self) -> None:
        self._overall: deque[float] = deque()
        self._by_chat: dict[int, deque[float]] = defaultdict(deque)

    def pass_through(self, chat: "Chat") -> None:
        """Counts one more message or edit in this chat, or raises the 429 that says how long to wait."""
        now = time.monotonic()
        sent = self._by_chat[chat.id]
        wait = max(
            _wait(self._overall, OVERALL, now), _wait(sent, PRIVATE if chat.is_private else GROUP, now)
        )
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._overall.append(now)
        sent.append(now)


def _wait(sent: deque[float], rate: Rate, now: float) -> float:
    while sent and sent[0] <= now - rate.seconds:
        sent.popleft()
    return 0 if len(sent) < rate.messages else sent[0] + rate.seconds - now
