"""Build the keyboards of a message to everybody: before it is sent, and on its way."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, keyboard
from bot.wording.keyboards.taps import Action, Tap

if TYPE_CHECKING:
    from bot.wording.translation import Translator


def broadcast_keyboard(owner: int, broadcast_id: int, t: "Translator") -> InlineKeyboardMarkup:
    """Ask whether a message shall be sent to everybody."""
    return keyboard(
        [
            button("📣 " + t("Send it"), Tap(Action.BROADCAST, owner, f"send={broadcast_id}")),
            button(t("Don't send it"), Tap(Action.BROADCAST, owner, f"stop={broadcast_id}")),
        ]
    )


def stop_keyboard(owner: int, broadcast_id: int, t: "Translator") -> InlineKeyboardMarkup:
    """Offer to stop a broadcast on its way."""
    return keyboard([button("✋ " + t("Stop"), Tap(Action.BROADCAST, owner, f"stop={broadcast_id}"))])
