"""Keep people, the bot, chats with their topics, and messages."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bot.demo.telegram.id_counter import IdCounter
    from bot.demo.telegram.poll import Poll

Status = Literal["member", "administrator", "left", "kicked"]
PersonStatus = Literal["creator", "administrator", "member", "left"]
Sendable = Literal["text", "photo", "document", "animation", "sticker", "poll"]  # what a chat may not let in
TEXT_FIELDS = {"text", "entities"}
CAPTION_FIELDS = {"caption", "caption_entities"}
SERVICE_FIELDS = {
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_closed",
    "forum_topic_reopened",
}


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
    is "kicked" when blocked. What is `forbidden`, the closed topics and the slow mode hold for all but
    administrators; which `reactions` there are, for everybody.
    """

    id: int
    kind: Literal["private", "group", "supergroup"]
    members: list[Person]  # people, not the bot
    message_ids: "IdCounter"
    title: str = ""
    is_forum: bool = False
    bot_status: Status = "left"
    topics: dict[int, str] = field(default_factory=dict)  # titles by thread id
    messages: dict[int, "Message"] = field(default_factory=dict)
    migrated_to: "Chat | None" = None
    creator_id: int = 0  # who made the group; if not given, the first of its members
    administrator_ids: set[int] = field(default_factory=set)  # besides the creator, and the bot
    forbidden: set[Sendable] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)
    reactions: frozenset[str] | None = None  # the emoji that it lets in; None are all
    slow_mode: float = 0.0  # seconds between two messages of one sender
    bot_spoke: float = 0.0  # when the bot last did, in seconds since anything

    def __post_init__(self) -> None:
        if not self.creator_id and self.members:
            self.creator_id = self.members[0].id

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def status_of(self, person: Person) -> PersonStatus:
        """A person's standing in it, as the Bot API calls it."""
        if person not in self.members:
            return "left"
        if self.is_private:
            return "member"
        if person.id == self.creator_id:
            return "creator"
        return "administrator" if person.id in self.administrator_ids else "member"

    def allows_reaction(self, emoji: str) -> bool:
        return self.reactions is None or emoji in self.reactions

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


@dataclass(eq=False)
class Message:
    """`content` holds the Bot API's own fields for what is said: text and entities, a photo and its
    caption, or a service message. It is replaced when the message is edited, never changed in place, so
    whoever was handed it keeps what was there.
    """

    chat: Chat
    id: int
    sender: Person
    content: dict[str, Any]
    thread_id: int | None = None
    reply_to: "Message | None" = None
    keyboard: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict)  # fields that no edit changes
    date: int = field(default_factory=lambda: int(time.time()))
    edit_date: int | None = None
    reaction: str | None = None  # the bot's, an emoji, of which the Bot API's own Message says nothing
    poll: "Poll | None" = None

    @property
    def is_service(self) -> bool:
        return not SERVICE_FIELDS.isdisjoint(self.content)

    @property
    def text(self) -> str:
        """The text, or the caption under a picture."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def file_ids(self) -> Iterator[str]:
        """Of the files it shows."""
        for value in self.content.values():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict) and "file_id" in part:
                    yield part["file_id"]

    @property
    def in_topic(self) -> bool:
        """Replies have a thread too, in any supergroup; only some threads are topics."""
        return self.thread_id in self.chat.topics

    def to_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """As the Bot API describes it. The message replied to is told without what it replied to itself."""
        described: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.to_json(),
            "chat": self.chat.to_json(),
            "date": self.date,
            **self.extra,
            **self.content,
        }
        if self.poll:
            described["poll"] = self.poll.to_json()
        if self.edit_date:
            described["edit_date"] = self.edit_date
        if self.thread_id is not None:
            described["message_thread_id"] = self.thread_id
        if self.in_topic:
            described["is_topic_message"] = True
        if self.reply_to and with_reply:
            described["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        if self.keyboard:
            described["reply_markup"] = self.keyboard
        return described

    def to_watchers(self) -> dict[str, Any]:
        """The same, and what the Bot API's own Message does not tell but the applications show: the bot's
        `reaction`, and the `votes` in a poll, as numbers of options by the voter's id. What of a poll is not
        for everybody's eyes, the watchers leave out (see `poll.as_seen_by`).
        """
        described = self.to_json()
        if self.reaction:
            described["reaction"] = self.reaction
        if self.poll:
            described["votes"] = {str(voter): chosen for voter, chosen in self.poll.votes.items()}
        return described


def new_long_id() -> str:
    """An id that is only ever compared: an album's, or a poll's."""
    return str(13_000_000_000_000_000 + secrets.randbelow(10**15))
