"""Describe what a message shows: words, buttons, and a picture or a file."""

from dataclasses import dataclass, field

from telegram import InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto
from telegram.constants import ParseMode


@dataclass(frozen=True)
class File:
    """A file to be sent as it is."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class View:
    """What a message shows.

    Args:
        text: HTML.
        keyboard: the buttons below; None for none.
        picture: a JPEG. Without it and a file, the message keeps what it has.
        file: instead of a picture.
        instead: a file for where the picture cannot be shown as a photo.
        is_owed: somebody waits for the picture or file: where the chat does not let it in, it goes to theirs.
        is_covered: whether the picture is shown under a spoiler, as one that it is made of was sent.
        chat_button: the label of one more button, which opens the bot's private chat; None for none.
        announcement: HTML: what a new message says until the picture is in it. That is what rings.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    picture: bytes | None = field(default=None, repr=False)
    file: File | None = None
    instead: File | None = None
    is_owed: bool = False
    is_covered: bool = False
    chat_button: str | None = None
    announcement: str | None = None

    @property
    def first_words(self) -> "View":
        """What a new message shows before it shows this: Telegram lets a picture in only by an edit."""
        return self if self.announcement is None else View(self.announcement)

    @property
    def media(self) -> InputMediaPhoto | InputMediaDocument | None:
        if self.file:
            return InputMediaDocument(
                self.file.data, filename=self.file.name, caption=self.text, parse_mode=ParseMode.HTML
            )
        if self.picture:
            return InputMediaPhoto(
                self.picture,
                caption=self.text,
                parse_mode=ParseMode.HTML,
                has_spoiler=self.is_covered or None,
            )
        return None
