"""Give the rules of a game what they play with: where it is played, who is there, and the bot's voice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram import InlineKeyboardMarkup, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.chat.services import Services, services
from bot.gateway.downloads import NotServed, TooLarge, download
from bot.gateway.retries import is_passing
from bot.wording.translation import Translator, translator
from core.decoding.refusal import DEFAULT_LIMITS
from storage import OVER, Game, PictureRef

if TYPE_CHECKING:
    from telegram import Bot
    from telegram.ext import Application

    App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Table:
    """Where one game is played.

    What is sent goes to the game's chat and topic, as HTML. All of it may raise a `TelegramError`.

    Args:
        application: python-telegram-bot's.
        game: as it was when its rules were asked.
    """

    application: "App"
    game: Game

    @property
    def bot(self) -> "Bot":
        bot: Bot = self.application.bot
        return bot

    @property
    def services(self) -> Services:
        return services(self.application)

    @property
    def t(self) -> Translator:
        """Translate into the language of whoever began the game."""
        return translator(self.game.language)

    @property
    def is_due(self) -> bool:
        """Say whether the time has come that the game was waiting for."""
        return self.game.due is not None and self.game.due <= self.services.now()

    async def say(
        self, text: str, keyboard: InlineKeyboardMarkup | None = None, *, reply_to: int | None = None
    ) -> Message:
        """Send a message, in reply to another if that is still there."""
        return await self.bot.send_message(
            self.game.chat_id,
            text,
            parse_mode=ParseMode.HTML,
            message_thread_id=self.game.thread_id or None,
            reply_parameters=self.quoting(reply_to),
            reply_markup=keyboard,
        )

    async def show_album(
        self,
        pictures: Sequence[bytes | str],
        caption: str,
        *,
        reply_to: int | None = None,
        covered: bool = False,
    ) -> tuple[Message, ...]:
        """Send two to ten pictures, new or by file id, as an album under a caption; `covered` by spoilers."""
        media = [
            InputMediaPhoto(
                picture,
                caption=caption if first else None,
                parse_mode=ParseMode.HTML if first else None,
                has_spoiler=covered or None,
            )
            for first, picture in zip([True, *[False] * (len(pictures) - 1)], pictures, strict=True)
        ]
        return await self.bot.send_media_group(
            self.game.chat_id,
            media,
            message_thread_id=self.game.thread_id or None,
            reply_parameters=self.quoting(reply_to),
        )

    async def file_of(self, picture: PictureRef) -> bytes:
        """Download a picture, or read that of a painting of the gallery.

        Raises `LookupError` or `OSError` for a painting that is gone, and `TooLarge` or `NotServed`.
        """
        if picture.painting:
            return await asyncio.to_thread(self.services.gallery.read, picture.painting)
        return await download(self.bot, picture.file_id, DEFAULT_LIMITS.max_bytes)

    async def file_if_there(self, picture: PictureRef) -> bytes | None:
        """Do the same; None where it is gone. Raises a `TelegramError` that passes."""
        if not picture.file_id:
            return None
        try:
            return await self.file_of(picture)
        except (LookupError, OSError, TooLarge, NotServed):
            return None
        except TelegramError as error:
            if is_passing(error):
                raise
            return None

    def quoting(self, message_id: int | None) -> ReplyParameters | None:
        """Make it a reply to this message, if it is still there."""
        return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None

    async def go_on_to(self, state: str, *, due: float, **changed: Any) -> bool:
        """Bring the game to another state, as `Games.move_on` does, and have its next step taken at once.

        Returns False if it had moved on meanwhile.
        """
        if not await self.services.games.move_on(self.game, state, due=due, **changed):
            return False
        self.services.game_clock.look_at(self.game.id)
        return True

    async def end(self, last_word: str | None = None, *, reply_to: int | None = None) -> bool:
        """End the game, with a word if there is one. Returns False if it had moved on meanwhile.

        The word is kept with the end, and said after the next start if it cannot be said now.
        """
        if not await self.services.games.move_on(self.game, OVER, last_word=last_word):
            return False
        if last_word:
            await self.say(last_word, reply_to=reply_to)
            await self.services.games.said_last_word(self.game.id)
        return True
