"""Keep how the bot presents itself: name, descriptions and command menus, in each language."""

import json
from dataclasses import dataclass, field
from typing import Any

Commands = list[dict[str, str]]


@dataclass
class BotProfile:
    """Texts are kept by (kind, language), "" for the language of those who have no own text."""

    name: str
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], Commands] = field(default_factory=dict)

    def set_text(self, kind: str, language: str, text: str) -> None:
        """An empty text takes back what was set."""
        self.texts[kind, language] = text

    def text(self, kind: str, language: str) -> str:
        own = self.texts.get((kind, language)) or self.texts.get((kind, ""))
        return own or (self.name if kind == "name" else "")

    def set_commands(self, scope: Any, language: str, commands: Commands) -> None:
        self.commands[_key(scope), language] = commands

    def menu_in(self, chat_kind: str, language: str) -> Commands:
        """What somebody of this language sees in such a chat: the first menu there is."""
        own = "all_private_chats" if chat_kind == "private" else "all_group_chats"
        menus = (self.menu({"type": scope}, code) for scope in (own, "default") for code in (language, ""))
        return next(filter(None, menus), [])

    def menu(self, scope: Any, language: str) -> Commands:
        """What was set for exactly this scope and language."""
        return self.commands.get((_key(scope), language), [])


def _key(scope: Any) -> str:
    return json.dumps(scope or {"type": "default"}, sort_keys=True)
