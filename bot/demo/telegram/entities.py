"""Turn Telegram's HTML into text and entities, and find the entities in plain text.

Offsets and lengths count UTF-16 units, as everywhere at Telegram: an emoji counts two.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.telegram.errors import bad_request

Entity = dict[str, Any]
FindUser = Callable[[int], dict[str, Any] | None]

_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-zA-Z-]*)(?P<attributes>[^<>]*)(?P<closed>>?)"
    r"|(?P<escape>&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)"
)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_MENTION_LINK = re.compile(r"tg://user\?id=(\d+)")

_EXPANDABLE = "blockquote expandable"  # what shows three lines until it is tapped
_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    _EXPANDABLE: "expandable_blockquote",
}

_FOUND_IN_TEXT = {
    "bot_command": re.compile(r"(?<![\w/@<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/@<>])"),
    "mention": re.compile(r"(?<![\w/@])@[a-zA-Z0-9_]{4,32}\b"),
    "url": re.compile(r"\bhttps?://[^\s<>\"]+"),
}
_NOTHING_FOUND_INSIDE = {"code", "pre", "text_link"}


@dataclass(frozen=True)
class Formatted:
    text: str
    entities: list[Entity] = field(default_factory=list)


def plain(text: str) -> Formatted:
    """What a person typed: trimmed, with commands, mentions and links found."""
    return _finished(Formatted(text))


def formatted(
    text: str, parse_mode: str | None, entities: list[Entity] | None, find_user: FindUser
) -> Formatted:
    """What a bot sent: by a parse mode, or with entities of its own."""
    if not parse_mode:
        return _finished(Formatted(text, list(entities or [])))
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return _finished(_HtmlReader(text, find_user).read())


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int


class _HtmlReader:
    def __init__(self, source: str, find_user: FindUser) -> None:
        self.source = source
        self.find_user = find_user
        self.text = ""
        self.entities: list[Entity] = []
        self.open: list[_OpenTag] = []

    def read(self) -> Formatted:
        position = 0
        for token in _TOKEN.finditer(self.source):
            self.text += self.source[position : token.start()]
            position = token.end()
            where = f"at byte offset {len(self.source[: token.start()].encode())}"
            if token["escape"]:
                self.text += html.unescape(token["escape"])
            elif not token["closed"]:
                raise _unreadable(f"Unclosed start tag {where}")
            elif token["end"]:
                self._close(token["tag"].lower(), where)
            else:
                self._open(token["tag"].lower(), token["attributes"], where)
        self.text += self.source[position:]
        if self.open:
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return Formatted(self.text, self.entities)

    def _open(self, name: str, attributes: str, where: str) -> None:
        found = {key: a or b or c for key, a, b, c in _ATTRIBUTE.findall(attributes)}
        if name == "blockquote" and "expandable" in attributes.split():
            name = _EXPANDABLE
        if name == "span" and found.get("class") != "tg-spoiler":
            raise _unreadable(f'Tag "span" must have class "tg-spoiler" {where}')
        if name not in _STYLES and name not in ("a", "span"):
            raise _unreadable(f'Unsupported start tag "{name}" {where}')
        self.open.append(_OpenTag(name, found, utf16_length(self.text)))

    def _close(self, name: str, where: str) -> None:
        if not self.open:
            raise _unreadable(f"Unexpected end tag {where}")
        tag = self.open.pop()
        if name not in ("", tag.name.partition(" ")[0]):
            raise _unreadable(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
        length = utf16_length(self.text) - tag.offset
        entity = self._entity(tag)
        if length and entity:
            self.entities.append({"offset": tag.offset, "length": length, **entity})

    def _entity(self, tag: _OpenTag) -> Entity | None:
        if tag.name == "span":
            return {"type": "spoiler"}
        if tag.name != "a":
            return {"type": _STYLES[tag.name]}
        link = html.unescape(tag.attributes.get("href", ""))
        if mention := _MENTION_LINK.fullmatch(link):
            user = self.find_user(int(mention[1]))
            return {"type": "text_mention", "user": user} if user else None
        return {"type": "text_link", "url": link} if link else None


def _unreadable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _finished(given: Formatted) -> Formatted:
    """Trimmed, with the entities found in the text added, in Telegram's order."""
    text = given.text.strip()
    skipped = utf16_length(given.text) - utf16_length(given.text.lstrip())
    length = utf16_length(text)
    entities = []
    for entity in given.entities:
        start = max(entity["offset"] - skipped, 0)
        end = min(entity["offset"] + entity["length"] - skipped, length)
        if start < end:
            entities.append({**entity, "offset": start, "length": end - start})
    entities += _found(text, [entity for entity in entities if entity["type"] in _NOTHING_FOUND_INSIDE])
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"], entity["type"]))
    return Formatted(text, entities)


def _found(text: str, closed: list[Entity]) -> list[Entity]:
    found: list[Entity] = []
    for kind, pattern in _FOUND_IN_TEXT.items():
        for match in pattern.finditer(text):
            entity = {
                "type": kind,
                "offset": utf16_length(text[: match.start()]),
                "length": utf16_length(match[0]),
            }
            if not any(_overlap(entity, other) for other in [*closed, *found]):
                found.append(entity)
    return found


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )
