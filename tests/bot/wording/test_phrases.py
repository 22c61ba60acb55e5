"""People's names in a text of the bot's."""

import pytest

from bot.wording.phrases import mention, shown_name


@pytest.mark.parametrize("name", ["Ann", "Ольга", "Ann O'Hara", "名前", "👩‍👩‍👧 & co", "Zoë"])
def test_a_name_without_directions_stands_as_it_is(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202eevE", "evE"),
        ("Ann\u2069\u2067\u202d", "Ann"),
        ("\u200fAnn\u200e\u061c", "Ann"),
        ("אנה", "אנה"),
        ("ليلى 42", "ليلى 42"),
        ("An\nn\t", "An n"),
        ("\u202e", "…"),
    ],
)
def test_a_name_with_directions_keeps_them_to_itself(name: str, shown: str) -> None:
    assert shown_name(name) == f"\u2068{shown}\u2069"


def test_a_mention_is_html() -> None:
    assert mention(7, "<Ann>") == '<a href="tg://user?id=7">&lt;Ann&gt;</a>'
