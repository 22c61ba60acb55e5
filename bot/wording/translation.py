"""Translate what the bot says into the user's language.

Sentences stand where they are said: `t("Send me the style picture now.")`. The English sentence is its own
key in the gettext catalogues under `locales/`, of which `.mo` is compiled from `.po`. After a change:

    pybabel extract -k t --omit-header --no-location --sort-output -w 110 -o messages.pot bot
    pybabel update -D stylegram -i messages.pot -d bot/wording/locales --no-fuzzy-matching \\
        --ignore-obsolete -w 110
    pybabel compile -D stylegram -d bot/wording/locales
"""

import gettext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telegram import Update

    from storage import User

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "stylegram"

LANGUAGES = {"en": "English", "ru": "Русский"}
"""What each language calls itself, by code."""


class Translator:
    """Translate into one language. To call it is to translate a sentence."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(DOMAIN, LOCALES, [language], fallback=language == "en")

    def __call__(self, sentence: str) -> str:
        return self._catalogue.gettext(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate the sentence for this `count`, in as many forms as the language has."""
        return self._catalogue.ngettext(one, many, count)


def translator(language: str | None) -> Translator:
    """Return the translator for a language code as Telegram gives it ("ru", "pt-br").

    English for any language the bot does not speak.
    """
    code = (language or "en").lower().replace("_", "-").partition("-")[0]
    return _translator(code if code in LANGUAGES else "en")


@cache
def _translator(language: str) -> Translator:
    return Translator(language)


def language_of(update: "Update", user: "User | None") -> str | None:
    """Return the user's choice in /settings, or else their Telegram's language."""
    if user and user.language:
        return user.language
    return update.effective_user.language_code if update.effective_user else None
