"""The client of the Bot API that the bot works with."""

from collections.abc import Sequence
from typing import Any

from telegram.ext import ExtBot

READ_TIMEOUT = 10.0  # seconds beyond those that Telegram was asked to keep the request open


class Client(ExtBot[int]):
    """python-telegram-bot's, which can fetch updates as they are, too.

    Its own `get_updates` loses a whole batch if it cannot read one of them, and logs what is in it.
    """

    __slots__ = ()

    async def fetch_updates(self, offset: int | None, wait: int, kinds: Sequence[str]) -> list[Any]:
        """Return updates as JSON, oldest first: those from `offset` on, which confirms those before.

        Args:
            offset: the first one's id; None for what is there.
            wait: seconds that Telegram may wait for the first.
            kinds: of updates.

        Raises a `TelegramError`.
        """
        asked = {"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": kinds}
        fetched: list[Any] = await self._post("getUpdates", asked, read_timeout=wait + READ_TIMEOUT)
        return fetched
