"""Make buttons, and lay them out in rows."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.keyboards.taps import Tap

ON, OFF = "✅", "▫️"


def keyboard(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Lay these rows out below one another, without those that are empty."""
    return InlineKeyboardMarkup([row for row in rows if row])


def button(label: str, tap: Tap) -> InlineKeyboardButton:
    """Make a button that sends this tap."""
    return InlineKeyboardButton(label, callback_data=tap.data)


def switch(label: str, is_on: bool, tap: Tap) -> InlineKeyboardButton:
    """Make a button that shows whether something is on; the tap is to change that."""
    return button(f"{ON if is_on else OFF} {label}", tap)
