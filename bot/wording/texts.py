"""Translate what the bot says, and word what several rooms say.

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
from typing import TYPE_CHECKING, NamedTuple

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from core.decoding.refusal import DEFAULT_LIMITS, Reason
from core.recipe import Strength

if TYPE_CHECKING:
    from telegram import Update

    from storage import User

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "stylegram"

LANGUAGES = {"en": "English", "ru": "Русский"}
"""What each language calls itself, by code."""


class Translator:
    """One language. To call it is to translate a sentence."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(DOMAIN, LOCALES, [language], fallback=language == "en")

    def __call__(self, sentence: str) -> str:
        return self._catalogue.gettext(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The sentence for this `count`, in as many forms as the language has."""
        return self._catalogue.ngettext(one, many, count)


def translator(language: str | None) -> Translator:
    """For a language code as Telegram gives it ("ru", "pt-br"); English for any we do not speak."""
    code = (language or "en").lower().replace("_", "-").partition("-")[0]
    return _translator(code if code in LANGUAGES else "en")


@cache
def _translator(language: str) -> Translator:
    return Translator(language)


def language_of(update: "Update", user: "User | None") -> str | None:
    """The user's choice in /settings, or else their Telegram's language."""
    if user and user.language:
        return user.language
    return update.effective_user.language_code if update.effective_user else None


def strength_name(strength: str, t: Translator) -> str:
    match Strength(strength):
        case Strength.LIGHT:
            return t("Light")
        case Strength.BALANCED:
            return t("Balanced")
        case Strength.STRONG:
            return t("Strong")
        case Strength.WILD:
            return t("Wild")
        case Strength.CLASSIC:
            return t("Classic")


def picture_problem(reason: Reason, t: Translator) -> str:
    """Why a picture cannot be taken, and what would help."""
    match reason:
        case Reason.NOT_A_PICTURE:
            return t("That file is not a picture I can open: send me a JPEG, PNG, WebP, GIF or HEIC.")
        case Reason.UNSUPPORTED:
            return t("I can't read that kind of picture: send me a JPEG, PNG, WebP, GIF or HEIC.")
        case Reason.TRUNCATED:
            return t("That picture is damaged or cut short: please send it again, or another one.")
        case Reason.TOO_LARGE:
            return t(
                "That file is too large: I can take pictures of up to {megabytes} MB. "
                "Sent as a photo rather than as a file, it will fit."
            ).format(megabytes=f"{DEFAULT_LIMITS.max_bytes / 1e6:g}")
        case Reason.TOO_MANY_PIXELS:
            return t(
                "That picture has more than {megapixels} million pixels: please send it smaller. "
                "Sent as a photo rather than as a file, it will fit."
            ).format(megapixels=f"{DEFAULT_LIMITS.max_pixels / 1e6:g}")
        case Reason.TOO_SMALL:
            return t("That picture is too tiny: each side needs at least {pixels} pixels.").format(
                pixels=DEFAULT_LIMITS.min_side
            )
        case Reason.TOO_LONG:
            return t("That picture is too long: no side may have more than {pixels} pixels.").format(
                pixels=DEFAULT_LIMITS.max_side
            )
        case Reason.TOO_NARROW:
            return t("That picture is too narrow: please send one that is less of a strip.")
        case Reason.TOO_HEAVY:
            return t(
                "That picture takes too much memory or time to open: please send another one. "
                "Sent as a photo rather than as a file, it may do."
            )


def time_left(seconds: float, t: Translator) -> str:
    """A guess in words, no more precise than it is: steps of five seconds, then minutes, then hours."""
    if seconds < 60:
        count = max(5, 5 * round(seconds / 5))
        return t.ngettext("about {count} second left", "about {count} seconds left", count).format(
            count=count
        )
    if seconds < 90 * 60:
        count = round(seconds / 60)
        return t.ngettext("about {count} minute left", "about {count} minutes left", count).format(
            count=count
        )
    count = round(seconds / 3600)
    return t.ngettext("about {count} hour left", "about {count} hours left", count).format(count=count)


class Menu(NamedTuple):
    """A command menu, as `setMyCommands` takes it; the menu without a language is everybody else's."""

    scope: BotCommandScope
    language: str | None
    commands: list[BotCommand]


def command_menus() -> list[Menu]:
    menus = []
    for language in LANGUAGES:
        t = translator(language)
        code = None if language == "en" else language
        menus.append(Menu(BotCommandScopeAllPrivateChats(), code, _private_commands(t)))
        menus.append(Menu(BotCommandScopeAllGroupChats(), code, _group_commands(t)))
    return menus


def admin_menus(admin_id: int) -> list[Menu]:
    """In this administrator's own chat: what everybody has, and then their own."""
    menus = []
    for language in LANGUAGES:
        t = translator(language)
        commands = [*_private_commands(t), *_admin_commands(t)]
        menus.append(Menu(BotCommandScopeChat(admin_id), None if language == "en" else language, commands))
    return menus


def _private_commands(t: Translator) -> list[BotCommand]:
    return [
        BotCommand("start", t("What I do, in three lines")),
        BotCommand("swap", t("Swap the photo and the style")),
        BotCommand("cancel", t("Stop what you asked for")),
        BotCommand("status", t("Your place in the queue")),
        BotCommand("history", t("Your last ten results")),
        BotCommand("settings", t("Strength, size, colours, language")),
        BotCommand("forget", t("Delete everything I know about you")),
        BotCommand("help", t("How it all works")),
    ]


def _group_commands(t: Translator) -> list[BotCommand]:
    return [
        BotCommand("style", t("In reply to a photo: repaint it")),
        BotCommand("remix", t("Repaint my last picture in the style of the last photo")),
        BotCommand("cancel", t("Stop what you asked for")),
        BotCommand("status", t("Your place in the queue")),
        BotCommand("help", t("How it all works")),
    ]


def _admin_commands(t: Translator) -> list[BotCommand]:
    return [
        BotCommand("stats", t("The last 24 hours in figures")),
        BotCommand("broadcast", t("Write to everybody")),
        BotCommand("ban", t("Shut somebody out")),
        BotCommand("unban", t("Let somebody in again")),
    ]
