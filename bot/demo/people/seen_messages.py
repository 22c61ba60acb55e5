"""Describe messages as people see them, and the messages they expect to see."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.demo.people.seen_poll import SeenPoll

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat
    from bot.demo.telegram.files import FileStore


class SeenMessage:
    """A message at one moment: it stays as it was seen when it is edited later. `json` is the Bot API's
    Message.
    """

    def __init__(self, json: dict[str, Any], files: "FileStore") -> None:
        self.json = json
        self._files = files

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.json["chat"]["id"])

    @property
    def thread(self) -> int | None:
        return self.json.get("message_thread_id")

    @property
    def text(self) -> str:
        """The text, or the caption under a picture."""
        return str(self.json.get("text") or self.json.get("caption") or "")

    @property
    def has_photo(self) -> bool:
        return "photo" in self.json

    @property
    def has_document(self) -> bool:
        return "document" in self.json and "animation" not in self.json

    @property
    def poll(self) -> SeenPoll | None:
        return SeenPoll(self.json["poll"]) if "poll" in self.json else None

    @property
    def sticker(self) -> dict[str, Any] | None:
        return self.json.get("sticker")

    @property
    def animation(self) -> dict[str, Any] | None:
        return self.json.get("animation")

    @property
    def album(self) -> str | None:
        """The messages of one album have the same."""
        return self.json.get("media_group_id")

    @property
    def is_covered(self) -> bool:
        """Whether its picture is under a spoiler."""
        return bool(self.json.get("has_media_spoiler"))

    @property
    def buttons(self) -> list[str]:
        """The labels, row by row."""
        return [button["text"] for button in _buttons(self.json)]

    @property
    def rows(self) -> list[list[str]]:
        """The labels of each row."""
        keyboard = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return [[button["text"] for button in row] for row in keyboard]

    @property
    def reply_to_id(self) -> int | None:
        replied_to = self.json.get("reply_to_message")
        return replied_to["message_id"] if replied_to else None

    def photo_bytes(self) -> bytes:
        """The photo in its largest size, a JPEG."""
        return self._files.find(self.json["photo"][-1]["file_id"]).read()

    def animation_bytes(self) -> bytes:
        return self._files.find(self.json["animation"]["file_id"]).read()

    def sticker_bytes(self) -> bytes:
        return self._files.find(self.json["sticker"]["file_id"]).read()

    def document_bytes(self) -> bytes:
        return self._files.find(self.json["document"]["file_id"]).read()

    def label_of(self, data: object) -> str | None:
        """Of the button that sends this, or None where there is none."""
        labels = (button["text"] for button in _buttons(self.json) if button.get("callback_data") == data)
        return next(labels, None) if data is not None else None

    def callback_data(self, label: str, *, whole_words: bool = True) -> str | None:
        """What the first button with `label` in its text sends, or None where there is none."""
        pattern = rf"(?<!\w){re.escape(label)}(?!\w)" if whole_words else re.escape(label)
        for button in _buttons(self.json):
            if "callback_data" in button and re.search(pattern, button["text"]):
                return str(button["callback_data"])
        return None

    def __str__(self) -> str:
        """A line of a transcript."""
        parts = [f"#{self.id} {self.json['from']['first_name']}:"]
        if self.reply_to_id:
            parts.append(f"(to #{self.reply_to_id})")
        parts += [f"[{name}]" for name in sorted(self.json.keys() & _ATTACHMENTS)]
        parts.append(repr(self.text) if self.text else "")
        parts.append(str(self.poll) if self.poll else "")
        if self.buttons:
            parts.append("<" + " | ".join(self.buttons) + ">")
        return " ".join(filter(None, parts))


_ATTACHMENTS = {
    *("photo", "document", "animation", "sticker", "voice", "video", "location", "contact", "poll"),
    *("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"),
    "forum_topic_created",
}


@dataclass(frozen=True)
class Expectation:
    """What a message has to be like. What is None does not matter.

    Args:
        text: found in the text or caption, or a pattern that is.
        photo: whether there is one.
        document: whether there is one.
        buttons: each found in the label of some button; an empty list means no buttons.
        thread: the topic it is in.
        where: anything else.
    """

    text: str | re.Pattern[str] | None = None
    photo: bool | None = None
    document: bool | None = None
    buttons: Sequence[str] | None = None
    thread: int | None = None
    where: Callable[[SeenMessage], bool] | None = None

    def met_by(self, message: SeenMessage) -> bool:
        return (
            self._text_is_right(message.text)
            and self.photo in (None, message.has_photo)
            and self.document in (None, message.has_document)
            and self._buttons_are_right(message.buttons)
            and self.thread in (None, message.thread)
            and (self.where is None or self.where(message))
        )

    def _text_is_right(self, text: str) -> bool:
        if isinstance(self.text, re.Pattern):
            return bool(self.text.search(text))
        return self.text is None or self.text in text

    def _buttons_are_right(self, labels: list[str]) -> bool:
        if self.buttons is None:
            return True
        if not self.buttons:
            return not labels
        return all(any(wanted in label for label in labels) for wanted in self.buttons)

    def __str__(self) -> str:
        wishes = {name: value for name, value in vars(self).items() if value is not None}
        return ", ".join(f"{name}={value!r}" for name, value in wishes.items()) or "any message"


def transcript(chat: "Chat", files: "FileStore", last: int = 20) -> str:
    """What the chat looks like now, for those who wonder why a message did not come."""
    messages = list(chat.messages.values())
    lines = [f"  {SeenMessage(message.to_watchers(), files)}" for message in messages[-last:]]
    if len(messages) > last:
        lines.insert(0, f"  … {len(messages) - last} more")
    title = chat.title or f"private chat with {chat.members[0].first_name}"
    return "\n".join([f"{title}:", *(lines or ["  (empty)"])])


def _buttons(json: dict[str, Any]) -> list[dict[str, Any]]:
    rows = json.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
