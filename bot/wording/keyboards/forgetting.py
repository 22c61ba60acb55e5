"""Build the keyboard that asks before a person is forgotten."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, keyboard
from bot.wording.keyboards.taps import Action, Tap

if TYPE_CHECKING:
    from bot.wording.translation import Translator


def forget_keyboard(owner: int, t: "Translator") -> InlineKeyboardMarkup:
    """Ask whether everything shall be deleted."""
    return keyboard(
        [
            button("🗑 " + t("Delete everything"), Tap(Action.FORGET, owner, "yes")),
            button(t("Keep it"), Tap(Action.FORGET, owner, "no")),
        ]
    )
