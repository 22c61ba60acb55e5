"""Show on the command in a group that its painting has begun, and that it is done."""

import asyncio
from typing import TYPE_CHECKING

from telegram.error import TelegramError

if TYPE_CHECKING:
    from telegram import Bot

    from storage import Job

BEGUN, DONE = "👀", "🔥"


class CommandReaction:
    """The bot's reaction to the command of one job. In a private chat, and without a command, there is none.

    A chat that lets these reactions not in is left without: nothing here fails, waits long or is owed.
    """

    def __init__(self, bot: "Bot", job: "Job") -> None:
        self._bot = bot
        self._job = job
        self._begun: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Say that the painting has begun, while it does."""
        self._begun = asyncio.create_task(self._set(BEGUN))

    async def end(self, *, done: bool) -> None:
        """Say that it is done, or take back what was said."""
        if self._begun is not None:
            await asyncio.wait([self._begun])
        await self._set(DONE if done else None)

    def leave(self) -> None:
        """Let it be as it is, as the program ends or the attempt is cut short."""
        if self._begun is not None:
            self._begun.cancel()

    async def _set(self, emoji: str | None) -> None:
        job = self._job
        if job.command_message_id is None or job.chat_id == job.user_id:
            return
        try:
            await self._bot.set_message_reaction(job.chat_id, job.command_message_id, emoji)
        except TelegramError:  # not let in, the command deleted, or Telegram out of reach
            return
