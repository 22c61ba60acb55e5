"""Build the keyboard of the settings."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.keyboards.buttons import ON, button, keyboard, switch
from bot.wording.keyboards.strength_labels import always_label, with_emoji
from bot.wording.keyboards.taps import Action, Tap
from bot.wording.translation import LANGUAGES
from core.recipe import Strength

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import User


def settings_keyboard(user: "User", t: "Translator") -> InlineKeyboardMarkup:
    """Show the settings, each of which is a button; the usual strength has its star as everywhere."""

    def choice(label: str, chosen: bool, setting: str) -> InlineKeyboardButton:
        return button(f"{ON} {label}" if chosen else label, Tap(Action.SET, user.id, setting))

    strengths = [button(with_emoji(s, user, t), Tap(Action.SET, user.id, f"strength={s}")) for s in Strength]
    always = Tap(Action.SET, user.id, f"always_usual={'no' if user.always_usual else 'yes'}")
    languages = [choice(name, user.language == code, f"language={code}") for code, name in LANGUAGES.items()]
    return keyboard(
        strengths[:2],
        strengths[2:4],
        strengths[4:],
        [
            switch(
                t("{always}, without asking").format(always=always_label(user, t)), user.always_usual, always
            )
        ],
        [
            choice(t("Normal size"), not user.larger, "larger=no"),
            choice(t("Larger"), user.larger, "larger=yes"),
        ],
        [
            choice(t("Style's colours"), not user.keep_colours, "keep_colours=no"),
            choice(t("Keep colours"), user.keep_colours, "keep_colours=yes"),
        ],
        languages,
        [choice(t("As in Telegram"), user.language is None, "language=")],
    )
