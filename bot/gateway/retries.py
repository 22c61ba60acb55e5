"""Decide which failed requests to try again and for how long, and which mean that a chat is gone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from logging import getLogger
from typing import Any, TypeVar

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter

from storage import DatabaseDamaged, DatabaseError

log = getLogger(__name__)

T = TypeVar("T")

FIRST_DELAY = 0.5  # seconds; doubled after each try
LONGEST_DELAY = 30.0
BRIEF_TRIES = 4

# What Telegram says when nothing can be sent to a chat or topic any more.
_GONE = (
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "have no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
    "group chat was deactivated",
    "peer_id_invalid",
    "user is deactivated",
)


def is_passing(error: Exception) -> bool:
    """Say whether the same request may succeed later: the connection broke, or the server stumbled."""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def is_gone(error: TelegramError) -> bool:
    """Say whether the chat is closed to the bot: blocked, kicked, deleted."""
    if isinstance(error, Forbidden):
        return True
    return isinstance(error, BadRequest) and any(sign in error.message.lower() for sign in _GONE)


def delays() -> Iterator[float]:
    """Yield the seconds to wait before each next try, without end."""
    delay = FIRST_DELAY
    while True:
        yield delay
        delay = min(2 * delay, LONGEST_DELAY)


async def persist(call: Callable[[], Awaitable[T]], patience: float) -> T:
    """Try a call until it succeeds, or until `patience` seconds have passed; returns what it returns.

    Only for calls that may be repeated: one whose answer was lost may have taken effect.
    """
    give_up = time.monotonic() + patience
    for delay in delays():
        try:
            return await call()
        except (NetworkError, RetryAfter) as error:
            if isinstance(error, BadRequest) or time.monotonic() + delay > give_up:
                raise
            await asyncio.sleep(delay)
    raise AssertionError("delays have no end")


async def until_stored(call: Callable[[], Awaitable[T]]) -> T:
    """Try a call until the database lets it be; returns what it returns. Raises what no waiting cures."""
    trouble = None
    for delay in delays():
        try:
            return await call()
        except DatabaseDamaged:
            raise
        except DatabaseError as error:
            if str(error) != trouble:
                trouble = str(error)
                log.error("cannot store yet", extra={"reason": trouble})
            await asyncio.sleep(delay)
    raise AssertionError("delays have no end")


class RetryingLimiter(AIORateLimiter):
    """Keep Telegram's limits, wait when told to, and try again a few times when the connection breaks.

    A message whose acknowledgement was lost may thus be sent twice, which is better than not at all.
    Chat actions ("sending a photo…") are worth neither the wait nor a share of a group's limit.
    """

    def __init__(self) -> None:
        super().__init__(max_retries=BRIEF_TRIES)

    async def process_request(
        self,
        callback: Callable[..., Any],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        for tries, delay in enumerate(delays(), 1):
            try:
                return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
            except NetworkError as error:
                if not is_passing(error) or tries == BRIEF_TRIES:
                    raise
                await asyncio.sleep(delay)
        raise AssertionError("delays have no end")
