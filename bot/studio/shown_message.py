"""Edit one message at Telegram, whether it shows words, a picture or a file, and hear how it stands."""

from contextlib import suppress

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.gateway.refusals import is_not_modified
from bot.studio.view import View

MOST_TRIES = 5  # to hear about a message that is as it should be

_OTHER_KIND = ("there is no text in the message", "there is no caption in the message")
_TOO_LARGE = ("(413)", "entity too large")  # of status 413, which no repetition cures


class ShownMessage:
    """A message of the bot's that was sent.

    Args:
        bot: whose it is.
        chat_id: where it is.
        message_id: which it is.
        has_media: whether it shows a picture or a file; None where nobody knows, as after a restart.
    """

    def __init__(self, bot: Bot, chat_id: int, message_id: int, *, has_media: bool | None = None) -> None:
        self.id = message_id
        self._bot = bot
        self._chat_id = chat_id
        self._has_media = has_media

    async def edit(self, view: View) -> Message | None:
        """Make it show this. Returns it as it stands; None where Telegram does not say."""
        if view.media is None:
            return await self.edit_text(view)
        try:
            edited = await self._bot.edit_message_media(
                view.media, self._chat_id, self.id, reply_markup=keyboard_of(view, self._bot)
            )
        except NetworkError as error:
            if any(sign in error.message.lower() for sign in _TOO_LARGE):
                raise BadRequest(error.message) from error
            raise
        self._has_media = True
        return _message(edited)

    async def edit_text(self, view: View) -> Message | None:
        """Edit the text and the buttons. A picture's text is its caption, which has a method of its own."""
        try:
            if self._has_media:
                return await self._edit_caption(view)
            edited = await self._bot.edit_message_text(
                view.text,
                self._chat_id,
                self.id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard_of(view, self._bot),
            )
        except BadRequest as error:
            if self._has_media is not None or not _is_of_other_kind(error):
                raise
            self._has_media = True
            return await self._edit_caption(view)
        self._has_media = False
        return _message(edited)

    async def as_it_is(self, view: View) -> Message | None:
        """Return the message, which shows this view already; None where there is no way to ask for it.

        Telegram answers an edit with the message, and with it the picture's file id, but only if
        there is something to change. So the buttons go and come back, until that is answered.
        """
        if view.media is None:
            return None
        self._has_media = True
        keyboard = keyboard_of(view, self._bot)
        if keyboard is None:
            return None
        for _ in range(MOST_TRIES):
            await self._edit_keyboard(None)
            if message := await self._edit_keyboard(keyboard):
                return message
        raise NetworkError("no answer about the message came through")

    async def take_back(self) -> None:
        """Delete it, as its buttons would be dead. That it fails is harmless."""
        with suppress(TelegramError):
            await self._bot.delete_message(self._chat_id, self.id)

    async def _edit_caption(self, view: View) -> Message | None:
        edited = await self._bot.edit_message_caption(
            self._chat_id,
            self.id,
            caption=view.text,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard_of(view, self._bot),
        )
        return _message(edited)

    async def _edit_keyboard(self, keyboard: InlineKeyboardMarkup | None) -> Message | None:
        """Edit the buttons. Returns None if they were so already."""
        try:
            edited = await self._bot.edit_message_reply_markup(self._chat_id, self.id, reply_markup=keyboard)
        except BadRequest as error:
            if not is_not_modified(error):
                raise
            return None
        return _message(edited)


def keyboard_of(view: View, bot: Bot) -> InlineKeyboardMarkup | None:
    """Return the buttons of a view, below one that leads to the chat with the bot where the view has that."""
    if view.chat_button is None:
        return view.keyboard
    link = InlineKeyboardButton(view.chat_button, url=f"https://t.me/{bot.username}")
    return InlineKeyboardMarkup([[link], *(view.keyboard.inline_keyboard if view.keyboard else ())])


def _message(edited: Message | bool) -> Message | None:
    return edited if isinstance(edited, Message) else None


def _is_of_other_kind(error: BadRequest) -> bool:
    """Say whether a message shows media where it was thought to show words, or the other way round."""
    return any(sign in error.message.lower() for sign in _OTHER_KIND)
