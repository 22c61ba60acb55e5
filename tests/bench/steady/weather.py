"""What goes wrong between bot and Telegram at random."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError, too_many_requests
from bot.demo.telegram.faults import Break

SHARE = 0.2  # of the requests fail in a storm
POLLS = 0.05  # of those for updates


class Weather:
    """While it is `stormy`, requests fail by chance. Somebody may wait for the next request."""

    def __init__(self, api: Emulator, random: Random) -> None:
        self.stormy = False
        self.struck: Counter[str] = Counter()
        self._random = random
        self._take = api.faults.take
        self._requested: dict[str, asyncio.Event] = {"any": asyncio.Event(), "getUpdates": asyncio.Event()}
        api.faults.take = self.take  # type: ignore[method-assign]

    def take(self, method: str, chat_id: int | None = None) -> Any:
        """The fault that strikes this request, if any."""
        kind = "getUpdates" if method == "getUpdates" else "any"
        self._requested[kind].set()
        if self.stormy and self._random.random() < (POLLS if kind == "getUpdates" else SHARE):
            name, fault = self._random.choice(
                (
                    ("429", too_many_requests(1)),
                    ("502", ApiError(502, "Bad Gateway")),
                    ("cut before", Break.DROP_BEFORE),
                    ("cut after", Break.DROP_AFTER),
                )
            )
            self.struck[name] += 1
            return fault
        return self._take(method, chat_id)

    async def next_request(self, seconds: float, kind: str = "any") -> bool:
        """Wait until the bot asks for something. Returns whether it did so within `seconds`."""
        self._requested[kind].clear()
        try:
            async with asyncio.timeout(seconds):
                await self._requested[kind].wait()
        except TimeoutError:
            return False
        return True
