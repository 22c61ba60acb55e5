"""Make the requests without which the bot cannot start, until there is an answer."""

import asyncio
from collections.abc import Awaitable, Callable
from logging import getLogger

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.gateway.retries import delays, is_passing, seconds_of
from bot.ops.errors import CannotRun, token_refused
from bot.ops.lasting_trouble import LastingTrouble

log = getLogger(__name__)

LONGEST_FLOOD = 60.0  # seconds after which it is tried again, whatever Telegram said


async def insist(request: Callable[[], Awaitable[object]], what: str, hint: str = "") -> None:
    """Make a request until it succeeds.

    Args:
        request: makes it.
        what: is done by it, such as "remove the webhook".
        hint: what to look at where Telegram refuses it for good.

    Raises `CannotRun` where waiting would not help.
    """
    trouble = LastingTrouble(log, "cannot reach Telegram yet")
    for delay in delays():
        try:
            await request()
        except InvalidToken:  # its message has the token in it
            raise token_refused() from None
        except TelegramError as error:
            if not is_passing(error):
                raise CannotRun(f"Telegram refuses to {what}: {error.message}{hint}") from error
            trouble.note(error.message)
            wait = min(seconds_of(error), LONGEST_FLOOD) if isinstance(error, RetryAfter) else delay
            await asyncio.sleep(wait)
        else:
            return
