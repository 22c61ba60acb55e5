"""Formatted text, read as Telegram reads it."""

from typing import Any

import pytest

from bot.demo.telegram.entities import formatted, plain
from bot.demo.telegram.errors import ApiError


def _read(html: str) -> tuple[str, list[tuple[str, int, int]]]:
    users = {7: {"id": 7, "is_bot": False, "first_name": "Ann"}}
    said = formatted(html, "HTML", None, users.get)
    return said.text, [_brief(entity) for entity in said.entities]


def _brief(entity: dict[str, Any]) -> tuple[str, int, int]:
    return entity["type"], entity["offset"], entity["length"]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("  <s> x</s>", "x", [("strikethrough", 0, 1)]),
        ("a &lt;b&gt; &amp; &#233; &nbsp;", "a <b> & é &nbsp;", []),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ('<a href="https://a.org/?x=1&amp;y=2">link</a>', "link", [("text_link", 0, 4)]),
        ('<a href="tg://user?id=7">Ann</a>', "Ann", [("text_mention", 0, 3)]),
        ('<a href="tg://user?id=8">nobody</a>', "nobody", []),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        (
            "<blockquote expandable>x<b>y</b></blockquote>",
            "xy",
            [("expandable_blockquote", 0, 2), ("bold", 1, 1)],
        ),
        ("<code>/start</code> /help", "/start /help", [("code", 0, 6), ("bot_command", 7, 5)]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert _read(html) == (text, entities)


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_malformed_html(html: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        _read(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_other_parse_modes_are_not_spoken() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        formatted("*bold*", "MarkdownV2", None, {}.get)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start", [("bot_command", 0, 6)]),
        ("/style@a_bot now", [("bot_command", 0, 12)]),
        ("either/or and 1/2", []),
        ("mail ann@example.org", []),
        ("ask @someone at https://example.org/start", [("mention", 4, 8), ("url", 16, 25)]),
    ],
)
def test_what_is_found_in_plain_text(text: str, entities: list[tuple[str, int, int]]) -> None:
    assert [_brief(entity) for entity in plain(text).entities] == entities
