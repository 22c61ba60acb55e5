"""Every sentence of the page has its Russian, and no Russian is left over; names turn no text round."""

import re

from bot.demo.page.web_page import STATIC
from bot.wording.phrases import shown_name
from tests.kit.chat_page import Chat

STRING = r'"((?:[^"\\]|\\.)*)"'


def test_russian_is_complete() -> None:
    modules = {path.name: path.read_text("utf-8") for path in (STATIC / "js").glob("*.js")}
    russian = set(re.findall(rf"^  {STRING}:", modules.pop("russian.js"), re.MULTILINE))
    code = "\n".join(modules.values())
    page = (STATIC / "index.html").read_text("utf-8")
    said = {*re.findall(rf"\bt\(\s*{STRING}", code), *re.findall(rf"data-(?:text|label)={STRING}", page)}
    assert said
    assert said <= russian
    assert russian <= said | set(re.findall(STRING, code))


async def test_names_turn_no_text_round_on_the_page_either(chat: Chat) -> None:
    names = ["Ann", "Ольга", "אנה", "ليلى 42", "\u202eevE", "Ann\u2069\u2067\u202d", "\u202e", "名前"]
    shown = await chat.page.evaluate(
        "async (names) => names.map((await import('/static/js/language.js')).shownName)", names
    )
    assert shown == [shown_name(name) for name in names]
