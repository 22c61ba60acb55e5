"""Who there is and where they talk: people, the bot, private chats, groups, supergroups and their topics."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bot.demo.messages import Message
    from bot.demo.numbers import Numbers

Status = Literal["member", "administrator", "left", "kicked"]


@dataclass(eq=False)
class Person:
    """Anyone who can write: a user, or the bot."""

    id: int
    first_name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False

    def to_json(self) -> dict[str, Any]:
        described = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language,
        }
        return {key: value for key, value in described.items() if value is not None}


@dataclass(eq=False)
class Chat:
    """`bot_status` is the bot's standing: in a private chat it has "left" until the user writes to it, and
    is "kicked" when blocked.
    """

    id: int
    kind: Literal["private", "group", "supergroup"]
    members: list[Person]  # people, not the bot; who made the group comes first
    message_ids: "Numbers"
    title: str = ""
    is_forum: bool = False
    bot_status: Status = "left"
    topics: dict[int, str] = field(default_factory=dict)  # titles by thread id
    messages: dict[int, "Message"] = field(default_factory=dict)
    migrated_to: "Chat | None" = None

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.is_private:
            described["first_name"] = self.members[0].first_name
            if self.members[0].username:
                described["username"] = self.members[0].username
        else:
            described["title"] = self.title
        if self.is_forum:
            described["is_forum"] = True
        return described
