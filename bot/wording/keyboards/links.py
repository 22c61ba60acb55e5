"""Build the keyboards that lead to another chat."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.keyboards.buttons import keyboard

if TYPE_CHECKING:
    from bot.wording.translation import Translator


def private_chat_keyboard(username: str, command: str, t: "Translator") -> InlineKeyboardMarkup:
    """Lead out of a group, to where the command can be answered."""
    url = f"https://t.me/{username}?start={command}"
    return keyboard([InlineKeyboardButton(t("Open our chat"), url=url)])


def add_to_group_keyboard(username: str, t: "Translator") -> InlineKeyboardMarkup:
    """Lead to the choice of a group to add the bot to."""
    url = f"https://t.me/{username}?startgroup=games"
    return keyboard([InlineKeyboardButton(t("Add me to a group"), url=url)])
