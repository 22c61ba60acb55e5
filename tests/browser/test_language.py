"""Every sentence of the page has its Russian, and no Russian is left over."""

import re

from bot.demo.page.web_page import STATIC

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
