"""List the commands in Telegram's menus, in every language."""

from typing import NamedTuple

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.wording.translation import LANGUAGES, Translator, translator


class Menu(NamedTuple):
    """A command menu, as `setMyCommands` takes it; the menu without a language is everybody else's."""

    scope: BotCommandScope
    language: str | None
    commands: list[BotCommand]


def command_menus() -> list[Menu]:
    """List the menus of everybody, for private chats and for groups."""
    menus = []
    for language in LANGUAGES:
        t = translator(language)
        code = None if language == "en" else language
        menus.append(Menu(BotCommandScopeAllPrivateChats(), code, _private_commands(t)))
        menus.append(Menu(BotCommandScopeAllGroupChats(), code, _group_commands(t)))
    return menus


def admin_menus(admin_id: int) -> list[Menu]:
    """List the menus of this administrator's own chat: what everybody has, and then their own."""
    menus = []
    for language in LANGUAGES:
        t = translator(language)
        commands = [*_private_commands(t), *_admin_commands(t)]
        menus.append(Menu(BotCommandScopeChat(admin_id), None if language == "en" else language, commands))
    return menus


def _private_commands(t: Translator) -> list[BotCommand]:
    return [
        BotCommand("start", t("What I do, in three lines")),
        BotCommand("gallery", t("Paintings to choose a style from")),
        BotCommand("swap", t("Swap the photo and the style")),
        BotCommand("cancel", t("Cancel what is under way")),
        BotCommand("status", t("Your place in the queue")),
        BotCommand("history", t("Your last ten results")),
        BotCommand("settings", t("Strength, size, colours, language")),
        BotCommand("forget", t("Delete everything I know about you")),
        BotCommand("help", t("How it all works")),
    ]


def _group_commands(t: Translator) -> list[BotCommand]:
    return [
        BotCommand("style", t("In reply to a photo: repaint it")),
        BotCommand("gallery", t("Paintings to choose a style from")),
        BotCommand("remix", t("Repaint the last picture in another style")),
        BotCommand("duel", t("In reply to a photo: a duel of styles")),
        BotCommand("guess", t("In reply to a photo: guess the painter")),
        BotCommand("top", t("Who guesses painters best here")),
        BotCommand("chain", t("Pass a picture on from style to style")),
        BotCommand("daily", t("A painting of the day for this group")),
        BotCommand("games", t("What we can play here")),
        BotCommand("cancel", t("Cancel what is under way")),
        BotCommand("status", t("Your place in the queue")),
        BotCommand("help", t("How it all works")),
    ]


def _admin_commands(t: Translator) -> list[BotCommand]:
    return [
        BotCommand("stats", t("The last 24 hours in figures")),
        BotCommand("broadcast", t("Write to everybody")),
        BotCommand("ban", t("Ban somebody")),
        BotCommand("unban", t("Unban somebody")),
    ]
