"""Simulate people: what somebody does and sees in a chat with the bot."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from bot.demo.people.seen_messages import Expectation, SeenMessage, transcript
from bot.demo.telegram import entities
from bot.demo.telegram.chats import Message, new_long_id
from bot.demo.telegram.files import Upload

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Person
    from bot.demo.telegram.journal import Event
    from bot.demo.telegram.world import World

PictureSource = bytes | Path | Upload
"""What is sent; an upload brings its own name and type."""


class Where(TypedDict, total=False):
    """Where something is said: in the private chat, unless another is named."""

    chat: "Chat"
    thread: int  # a topic
    reply_to: SeenMessage


class SimulatedUser:
    """Somebody with a private chat with the bot. Sending returns the message as it now stands in the chat.

    What a user sees is kept for each chat: `expect` looks at what the bot did since the last message it
    returned, so each message is seen once, in order, and none that came early is missed.
    """

    def __init__(self, world: "World", person: "Person", private: "Chat") -> None:
        self.world = world
        self.person = person
        self.private = private
        self.seen_up_to: dict[int, int] = {}

    @classmethod
    def join(cls, world: "World", name: str, language: str = "en", username: str | None = None) -> Self:
        """Let somebody new into this world, whose private chat with the bot is still empty."""
        return cls.of(world.add_person(name, language, username), world)

    @classmethod
    def of(cls, person: "Person", world: "World") -> Self:
        """Speak for somebody who is there already."""
        return cls(world, person, world.chats[person.id])

    @property
    def id(self) -> int:
        return self.person.id

    async def send_text(self, text: str, **where: Unpack[Where]) -> SeenMessage:
        return self.say(text_content(text), where)

    async def send_photo(
        self, picture: PictureSource, caption: str = "", **where: Unpack[Where]
    ) -> SeenMessage:
        """As an application sends it: the server keeps it as JPEG, at most 1280 pixels long."""
        return self.say(await self._photo(picture) | caption_content(caption), where)

    async def send_document(
        self,
        file: PictureSource,
        caption: str = "",
        *,
        name: str = "picture.png",
        mime_type: str = "image/png",
        **where: Unpack[Where],
    ) -> SeenMessage:
        """A file, kept as it is."""
        content = await self._document(_upload(file, name, mime_type))
        return self.say(content | caption_content(caption), where)

    async def send_album(
        self,
        pictures: Sequence[PictureSource],
        caption: str = "",
        *,
        as_files: bool = False,
        **where: Unpack[Where],
    ) -> list[SeenMessage]:
        """Messages that belong together; the caption stands under the first."""
        contents = []
        for number, picture in enumerate(pictures, 1):
            if as_files:
                file = _upload(picture, f"picture{number}.png", "image/png")
                contents.append(await self._document(file))
            else:
                contents.append(await self._photo(picture))
        contents[0] |= caption_content(caption)
        album = {"media_group_id": new_long_id()}
        return [self.say(content, where, album) for content in contents]

    async def tap(
        self,
        label: str,
        *,
        chat: "Chat | None" = None,
        message: SeenMessage | None = None,
        wait: bool = True,
        timeout: float = 30,  # noqa: ASYNC109
    ) -> str:
        """Taps the button whose label has `label` in it, in the newest message that has such a button, or
        in `message`. Whole words come first: "Light" is not "Lighter".

        Returns the toast that answers it, which may be empty; at once and empty without `wait`.
        """
        chat = chat or self.private
        candidates = [self.message(message)] if message else list(reversed(chat.messages.values()))
        for whole_words in (True, False):
            for candidate in candidates:
                seen = self.seen(candidate.to_json())
                data = seen.callback_data(label, whole_words=whole_words)
                if data is not None:
                    return await self.tap_and_wait(candidate, data, label, timeout if wait else None)
        raise AssertionError(f"no button {label!r} to tap\n{transcript(chat, self.world.files)}")

    async def expect(
        self,
        *,
        text: str | re.Pattern[str] | None = None,
        photo: bool | None = None,
        document: bool | None = None,
        buttons: Sequence[str] | None = None,
        thread: int | None = None,
        where: Callable[[SeenMessage], bool] | None = None,
        chat: "Chat | None" = None,
        timeout: float = 30,  # noqa: ASYNC109
    ) -> SeenMessage:
        """The next message of the bot, new or edited, that is like this (see `Expectation`), among those
        that came after the last one returned. Those in between count as seen too.

        Raises `AssertionError`, with the chat as it is, if none comes in `timeout` seconds.
        """
        chat = chat or self.private
        wanted = Expectation(text, photo, document, buttons, thread, where)

        def is_wanted(event: "Event") -> bool:
            return self.is_from_bot(event, chat) and wanted.met_by(self.seen(event.data))

        try:
            event = await self.world.journal.wait_for(is_wanted, timeout, self.seen_up_to.get(chat.id, 0))
        except TimeoutError:
            raise AssertionError(
                f"{self.person.first_name} waited {timeout:g} s for {wanted}\n"
                f"{transcript(chat, self.world.files)}"
            ) from None
        self.seen_up_to[chat.id] = event.number
        return self.seen(event.data)

    def say(self, content: dict[str, Any], where: Where, extra: dict[str, Any] | None = None) -> SeenMessage:
        """Say this, in the Bot API's own fields. Raises `ValueError` where this person may not."""
        chat = where.get("chat", self.private)
        if self.person not in chat.members:
            raise ValueError(f"{self.person.first_name} is not in {chat.title}")
        if chat.migrated_to:
            raise ValueError(f"{chat.title} is a supergroup now; write there")
        if chat.is_private and chat.bot_status == "kicked":
            raise ValueError(f"{self.person.first_name} has to unblock the bot first")
        if chat.is_private:
            chat.bot_status = "member"
        replied_to = where.get("reply_to")
        message = self.world.post(
            chat,
            self.person,
            content,
            thread_id=where.get("thread"),
            reply_to=self.message(replied_to) if replied_to else None,
            extra=extra,
        )
        return self.seen(message.to_json())

    async def _photo(self, picture: PictureSource) -> dict[str, Any]:
        return dict((await self.world.files.add_photo(_bytes(picture))).content)

    async def _document(self, upload: Upload) -> dict[str, Any]:
        return dict((await self.world.files.add_document(upload)).content)

    async def tap_and_wait(
        self, message: Message, data: str, label: str, patience: float | None, *, too_old: bool = False
    ) -> str:
        """Send a tap and wait for the toast, `patience` seconds; None does not wait.

        Of a message `too_old` the bot is told hardly anything.
        """
        before = self.world.journal.newest
        query_id = self.world.callback_queries.tap(self.person, message, data, too_old=too_old)
        if patience is None:
            return ""

        def is_answer(event: "Event") -> bool:
            return event.kind == "answered" and event.data["callback_query_id"] == query_id

        try:
            answer = await self.world.journal.wait_for(is_answer, patience, before)
        except TimeoutError:
            raise AssertionError(
                f"the bot did not answer the tap on {label!r} in {patience:g} s\n"
                f"{transcript(message.chat, self.world.files)}"
            ) from None
        return str(answer.data["text"])

    def is_from_bot(self, event: "Event", chat: "Chat") -> bool:
        """Say whether an event is a message of the bot's in this chat, new or edited."""
        return (
            event.kind in ("message", "edited")
            and event.chat_id == chat.id
            and event.data["from"]["id"] == self.world.bot.id
        )

    def message(self, message: SeenMessage) -> Message:
        """Find the message that was seen, as it is now."""
        return self.world.chats[message.chat_id].messages[message.id]

    def seen(self, json: dict[str, Any]) -> SeenMessage:
        """Return a message as people see it."""
        return SeenMessage(json, self.world.files)


def _bytes(picture: PictureSource) -> bytes:
    if isinstance(picture, Upload):
        return picture.data
    return picture.read_bytes() if isinstance(picture, Path) else picture


def _upload(picture: PictureSource, name: str, mime_type: str) -> Upload:
    return picture if isinstance(picture, Upload) else Upload(_bytes(picture), name, mime_type)


def text_content(text: str) -> dict[str, Any]:
    """Make a message of a text, as a person types it."""
    said = entities.plain(text)
    return {"text": said.text} | _present(entities=said.entities)


def caption_content(text: str) -> dict[str, Any]:
    """Make the caption below a picture, as a person types it."""
    said = entities.plain(text)
    return _present(caption=said.text, caption_entities=said.entities)


def _present(**fields: Any) -> dict[str, Any]:
    """The fields that are not empty, as the Bot API leaves the empty ones out."""
    return {name: value for name, value in fields.items() if value}
