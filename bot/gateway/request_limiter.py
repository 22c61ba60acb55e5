"""Keep Telegram's limits on what a bot sends, and try again what fails, without holding up anybody else."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from logging import getLogger
from typing import TYPE_CHECKING, Any, TypeAlias

from aiolimiter import AsyncLimiter
from telegram.constants import FloodLimit
from telegram.error import ChatMigrated, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.gateway.retries import delays, is_passing, patience, seconds_of
from bot.ops.lasting_trouble import LastingTrouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = getLogger(__name__)

LONGEST_FLOOD = 600.0  # seconds after which a request is tried again, whatever Telegram said
MARGIN = 0.1  # seconds, as clocks differ
LIMITED = ("send", "edit", "copy", "forward")  # how methods that write messages begin
A_MINUTE = FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP
MOST_GROUPS = 512  # whose limits are kept without looking which are needed

# Seconds after which a request is worth nothing any more, however patient who makes it is.
WORTH = {"sendChatAction": 0.0, "answerCallbackQuery": 15.0, "answerInlineQuery": 10.0, "setMyCommands": 4.0}

Where: TypeAlias = int | str  # a chat, or for what is sent to none the method


@dataclass
class _Flood:
    """The wait that Telegram asked for in one chat, and who stands in line for its end."""

    until: float = 0.0  # on the monotonic clock
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    in_line: int = 0


class RetryingLimiter(BaseRateLimiter[int]):
    """Send no faster than Telegram allows, wait where it says so, and try again while the trouble may pass.

    It allows 30 messages a second in all, and 20 a minute in a group. Where it asks for a wait, only that
    chat waits: whoever writes to it stands in line, and takes no part of the 30 meanwhile. How long a request
    is tried again is for the task that makes it to say: see `bot.gateway.retries.patient`.

    A message whose acknowledgement was lost may be sent twice, which is better than not at all.
    """

    def __init__(self) -> None:
        self._overall = AsyncLimiter(FloodLimit.MESSAGES_PER_SECOND, 1)
        self._groups: dict[Where, AsyncLimiter] = {}
        self._floods: dict[Where, _Flood] = {}
        self._trouble = LastingTrouble(log, "requests to Telegram fail, and are tried again")

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def process_request(
        self,
        callback: Callable[..., Any],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002
    ) -> Any:
        """Make a request. Raises the `TelegramError` that no waiting cured."""
        mine = patience()
        give_up = min(mine.until, time.monotonic() + WORTH.get(endpoint, math.inf))
        for delay in delays():
            where: Where = data.get("chat_id", endpoint)
            try:
                async with self._turn(where, give_up):
                    await self._within_limits(endpoint, where, give_up)
                    return await callback(*args, **kwargs)
            except ChatMigrated as moved:
                if not (mine.follows and endpoint.startswith("send")):
                    raise
                data["chat_id"] = moved.new_chat_id
                for name in ("message_thread_id", "reply_parameters"):  # which are of the chat as it was
                    data.pop(name, None)
            except TooSoon:
                raise
            except RetryAfter as error:
                if self._note_flood(where, error) > give_up:
                    raise
            except NetworkError as error:
                if not is_passing(error) or time.monotonic() + delay > give_up:
                    raise
                self._trouble.note(error.message)
                await asyncio.sleep(delay)
        raise AssertionError("delays have no end")

    @asynccontextmanager
    async def _turn(self, where: Where, give_up: float) -> "AsyncIterator[None]":
        """Stand in line for this block, if Telegram asked for a wait here. Raises `TooSoon`."""
        flood = self._floods.get(where)
        if flood is None:
            yield
            return
        flood.in_line += 1
        try:
            with _giving_up(give_up):
                async with asyncio.timeout(give_up - time.monotonic()):
                    await flood.turn.acquire()
            try:
                while (wait := flood.until - time.monotonic()) > 0:
                    if flood.until > give_up:
                        raise TooSoon(math.ceil(wait))
                    await asyncio.sleep(wait)
                yield
            finally:
                flood.turn.release()
        finally:
            flood.in_line -= 1
            self._drop_what_is_over()

    async def _within_limits(self, endpoint: str, where: Where, give_up: float) -> None:
        """Wait until one more message may be sent there, and in all. Raises `TooSoon`."""
        if not endpoint.startswith(LIMITED) or endpoint == "sendChatAction":
            return
        with _giving_up(give_up):
            async with asyncio.timeout(give_up - time.monotonic()):
                if isinstance(where, str) or where < 0:
                    await self._group(where).acquire()
                await self._overall.acquire()

    def _group(self, where: Where) -> AsyncLimiter:
        if len(self._groups) > MOST_GROUPS:
            busy = {group: limit for group, limit in self._groups.items() if not limit.has_capacity(A_MINUTE)}
            self._groups = busy
        return self._groups.setdefault(where, AsyncLimiter(A_MINUTE, 60))

    def _note_flood(self, where: Where, error: RetryAfter) -> float:
        """Note that Telegram asks for a wait; returns its end, on the monotonic clock."""
        end = time.monotonic() + min(seconds_of(error), LONGEST_FLOOD) + MARGIN
        self._drop_what_is_over()
        flood = self._floods.setdefault(where, _Flood())
        flood.until = max(flood.until, end)
        return end

    def _drop_what_is_over(self) -> None:
        now = time.monotonic()
        over = [where for where, flood in self._floods.items() if not flood.in_line and flood.until <= now]
        for where in over:
            del self._floods[where]


class TooSoon(RetryAfter):
    """There is no room for this request before nobody wants it any more."""


@contextmanager
def _giving_up(give_up: float) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise TooSoon(max(1, math.ceil(give_up - time.monotonic()))) from None
