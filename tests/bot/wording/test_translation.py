"""What the bot says, in every language it speaks."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import bot
from bot.wording.command_menus import command_menus
from bot.wording.phrases import picture_problem, time_left
from bot.wording.translation import DOMAIN, LANGUAGES, LOCALES, translator
from core.decoding.picture import Reason

OTHERS = [language for language in LANGUAGES if language != "en"]  # English sentences are their own keys
LATIN = re.compile(r"[A-Za-z]")
CYRILLIC = re.compile(r"[А-яЁё]")
NAMES = re.compile(r"\{\w*\}|Europe/\w+|/\w+|Telegram|JPEG|PNG|WebP|GIF|HEIC")  # the same in any language


def catalogue(language: str) -> Catalog:
    with _file(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def said() -> set[str | tuple[str, str]]:
    """Every sentence in the sources."""
    keywords = {**DEFAULT_KEYWORDS, "t": None}
    found = extract_from_dir(Path(bot.__file__).parent, keywords=keywords)
    return {message if isinstance(message, str) else tuple(message[:2]) for _, _, message, *_ in found}


def translated(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_every_sentence_and_no_other(language: str) -> None:
    assert {message.id for message in translated(language)} == said()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_in_every_form(language: str) -> None:
    forms = catalogue(language).num_plurals
    for message in translated(language):
        strings = [message.string] if isinstance(message.id, str) else list(message.string)
        assert len(strings) == (1 if isinstance(message.id, str) else forms), message.id
        assert all(strings), f"not translated: {message.id}"
        assert not message.fuzzy, f"to be checked: {message.id}"


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_in_the_same_things(language: str) -> None:
    for message in translated(language):
        sentence = message.id if isinstance(message.id, str) else message.id[1]
        for string in [message.string] if isinstance(message.string, str) else message.string:
            assert sorted(re.findall(r"\{\w*\}", string)) == sorted(re.findall(r"\{\w*\}", sentence)), (
                sentence
            )
            assert set(re.findall(r"/[a-z]+", string)) == set(re.findall(r"/[a-z]+", sentence)), sentence
            assert string.count("\n") == sentence.count("\n"), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_said_is_mistaken_for_html(language: str) -> None:
    for message in translated(language):
        assert not set("<>&") & set("".join([*message.id, *message.string])), message.id


def test_russian_is_russian() -> None:
    for message in translated("ru"):
        for string in [message.string] if isinstance(message.string, str) else message.string:
            plain = NAMES.sub("", string)
            assert not LATIN.search(plain), string
            assert CYRILLIC.search(plain) or plain.strip(" :.,") == "", string


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_sources(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    assert _file(language, "mo").read_bytes() == compiled.getvalue(), (
        "run pybabel compile (see bot/wording/translation.py)"
    )


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0.5, "about 5 seconds left", "осталось примерно 5 секунд"),
        (22, "about 20 seconds left", "осталось примерно 20 секунд"),
        (60, "about 1 minute left", "осталась примерно 1 минута"),
        (130, "about 2 minutes left", "осталось примерно 2 минуты"),
        (11 * 60, "about 11 minutes left", "осталось примерно 11 минут"),
        (21 * 60, "about 21 minutes left", "осталась примерно 21 минута"),
        (2 * 3600, "about 2 hours left", "осталось примерно 2 часа"),
        (5 * 3600, "about 5 hours left", "осталось примерно 5 часов"),
    ],
)
def test_time_left_is_round_and_in_the_right_plural(seconds: float, english: str, russian: str) -> None:
    assert time_left(seconds, translator("en")) == english
    assert time_left(seconds, translator("ru")) == russian


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU", "ru"), ("en-GB", "en"), ("pt-br", "en"), ("", "en"), (None, "en")],
)
def test_the_language_is_the_users_where_we_speak_it(code: str | None, language: str) -> None:
    assert translator(code).language == language


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_against_a_picture_has_a_sentence(reason: Reason) -> None:
    sentences = {picture_problem(reason, translator(language)) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)
    assert not any("{" in sentence for sentence in sentences)


def test_the_menus_are_there_for_each_scope_and_language_and_fit_telegram() -> None:
    menus = command_menus()
    assert {(menu.scope.type, menu.language) for menu in menus} == {
        (scope, language) for scope in ("all_private_chats", "all_group_chats") for language in (None, "ru")
    }
    for menu in menus:
        assert all(1 <= len(command.description) <= 60 for command in menu.commands)
        assert all(re.fullmatch("[a-z]+", command.command) for command in menu.commands)


def _file(language: str, ending: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"
