"""Decide which failed requests to try again and for how long."""

import asyncio
import logging
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NamedTuple, TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.ops.lasting_trouble import LastingTrouble
from storage import DatabaseDamaged, DatabaseError

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_DELAY = 0.5  # seconds; doubled after each try
LONGEST_DELAY = 5.0  # so that nobody waits much longer than the trouble lasts
BRIEFLY = 4.0  # seconds to try what nobody is owed


class Patience(NamedTuple):
    """How long a task tries its requests again, and whether they follow a group that moved."""

    task: "asyncio.Task[Any] | None"
    until: float  # on the monotonic clock
    follows: bool


_patience: Final[ContextVar[Patience | None]] = ContextVar("patience", default=None)
_not_stored: Final = LastingTrouble(log, "cannot store yet")


@contextmanager
def patient(seconds: float, *, follows: bool = False) -> Iterator[None]:
    """Let the requests to the Bot API in this block be tried again for so long, until they succeed.

    Those of other tasks that are begun in it are tried briefly: what they do is shown beside, and soon old.

    Args:
        seconds: from now on.
        follows: whether what is sent to a group that has become a supergroup goes there.
    """
    token = _patience.set(Patience(asyncio.current_task(), time.monotonic() + seconds, follows))
    try:
        yield
    finally:
        _patience.reset(token)


def patience() -> Patience:
    """Return how long the present task tries its requests again."""
    found = _patience.get()
    if found and found.task is asyncio.current_task():
        return found
    return Patience(None, time.monotonic() + BRIEFLY, follows=False)


def is_passing(error: Exception) -> bool:
    """Say whether the same request may succeed later.

    So it is when the connection broke, or the server stumbled or was asked too often.
    """
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


def seconds_of(error: RetryAfter) -> float:
    """Return how long Telegram wants to be left in peace."""
    with warnings.catch_warnings():  # of its becoming a timedelta in a later version
        warnings.simplefilter("ignore")
        wait = error.retry_after
    return wait if isinstance(wait, int) else wait.total_seconds()


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
    with patient(patience):
        for delay in delays():
            try:
                return await call()
            except (NetworkError, RetryAfter) as error:
                wait = seconds_of(error) if isinstance(error, RetryAfter) else delay
                if not is_passing(error) or time.monotonic() + wait > give_up:
                    raise
                await asyncio.sleep(wait)
    raise AssertionError("delays have no end")


async def until_stored(call: Callable[[], Awaitable[T]]) -> T:
    """Try a call until the database lets it be; returns what it returns. Raises what no waiting cures."""
    for delay in delays():
        try:
            return await call()
        except DatabaseDamaged:
            raise
        except DatabaseError as error:
            _not_stored.note(str(error), logging.ERROR)
            await asyncio.sleep(delay)
    raise AssertionError("delays have no end")
