"""Simulate people: what somebody does and sees in a chat with the bot."""

import asyncio
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from bot.demo.people import attachments
from bot.demo.people.seen_messages import Expectation, SeenMessage, transcript
from bot.demo.telegram import entities
from bot.demo.telegram.chats import CAPTION_FIELDS, Message, new_long_id
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
        self._seen_up_to: dict[int, int] = {}

    @classmethod
    def join(cls, world: "World", name: str, language: str = "en", username: str | None = None) -> Self:
        """Somebody new in this world, whose private chat with the bot is still empty."""
        return cls.of(world.add_person(name, language, username), world)

    @classmethod
    def of(cls, person: "Person", world: "World") -> Self:
        """Somebody who is there already."""
        return cls(world, person, world.chats[person.id])

    @property
    def id(self) -> int:
        return self.person.id

    async def send_text(self, text: str, **where: Unpack[Where]) -> SeenMessage:
        return self._send(_text(text), where)

    async def send_photo(
        self, picture: PictureSource, caption: str = "", **where: Unpack[Where]
    ) -> SeenMessage:
        """As an application sends it: the server keeps it as JPEG, at most 1280 pixels long."""
        return self._send(await self._photo(picture) | _caption(caption), where)

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
        return self._send(content | _caption(caption), where)

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
        contents[0] |= _caption(caption)
        album = {"media_group_id": new_long_id()}
        return [self._send(content, where, album) for content in contents]

    async def send_sticker(self, emoji: str = "🙂", **where: Unpack[Where]) -> SeenMessage:
        return self._send(await attachments.sticker(self.world.files, emoji), where)

    async def send_voice(self, data: bytes = b"a voice", **where: Unpack[Where]) -> SeenMessage:
        return self._send(await attachments.voice(self.world.files, data), where)

    async def send_video(
        self, data: bytes = b"a film", caption: str = "", **where: Unpack[Where]
    ) -> SeenMessage:
        return self._send(await attachments.video(self.world.files, data) | _caption(caption), where)

    async def send_location(
        self, latitude: float = 48.8606, longitude: float = 2.3376, **where: Unpack[Where]
    ) -> SeenMessage:
        return self._send(attachments.location(latitude, longitude), where)

    async def send_contact(
        self, phone_number: str = "+10000000000", first_name: str = "Vincent", **where: Unpack[Where]
    ) -> SeenMessage:
        return self._send(attachments.contact(phone_number, first_name), where)

    async def send_poll(self, question: str, options: Sequence[str], **where: Unpack[Where]) -> SeenMessage:
        return self._send(attachments.poll(new_long_id(), question, options), where)

    async def edit_text(self, message: SeenMessage, text: str) -> SeenMessage:
        """Changes the text or caption of a message of one's own."""
        kept = self._found(message)
        if "text" in kept.content:
            content = _text(text)
        else:
            media = {name: kept.content[name] for name in kept.content.keys() - CAPTION_FIELDS}
            content = media | _caption(text)
        self.world.edit(kept, content, kept.keyboard)
        return self._as_seen(kept.to_json())

    async def delete(self, message: SeenMessage) -> None:
        """At Telegram bots are not told."""
        self.world.delete(self._found(message))

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
        candidates = [self._found(message)] if message else list(reversed(chat.messages.values()))
        for whole_words in (True, False):
            for candidate in candidates:
                seen = self._as_seen(candidate.to_json())
                data = seen.callback_data(label, whole_words=whole_words)
                if data is not None:
                    return await self._tapped(candidate, data, label, timeout if wait else None)
        raise AssertionError(f"no button {label!r} to tap\n{transcript(chat, self.world.files)}")

    async def tap_data(
        self,
        message: SeenMessage,
        data: str,
        *,
        too_old: bool = False,
        timeout: float = 10,  # noqa: ASYNC109
    ) -> str:
        """Sends what a button of this message might send, whether or not it has such a button.

        Telegram's own applications send only what is there; others may send anything. Of a message that is
        `too_old` the bot is told hardly anything. Returns the toast.
        """
        return await self._tapped(self._found(message), data, f"[{data}]", timeout, too_old=too_old)

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
            return self._is_from_bot(event, chat) and wanted.met_by(self._as_seen(event.data))

        try:
            event = await self.world.journal.wait_for(is_wanted, timeout, self._seen_up_to.get(chat.id, 0))
        except TimeoutError:
            raise AssertionError(
                f"{self.person.first_name} waited {timeout:g} s for {wanted}\n"
                f"{transcript(chat, self.world.files)}"
            ) from None
        self._seen_up_to[chat.id] = event.number
        return self._as_seen(event.data)

    async def expect_silence(self, seconds: float = 0.5, *, chat: "Chat | None" = None) -> None:
        """The bot says and changes nothing more, for a while."""
        chat = chat or self.private
        await asyncio.sleep(seconds)
        seen_up_to = self._seen_up_to.get(chat.id, 0)
        said = [event for event in self.world.journal.after(seen_up_to) if self._is_from_bot(event, chat)]
        if said:
            raise AssertionError(f"the bot was not silent\n{transcript(chat, self.world.files)}")

    def block(self) -> None:
        self.world.set_bot_status(self.private, "kicked", self.person)

    def unblock(self) -> None:
        self.world.set_bot_status(self.private, "member", self.person)

    def add_bot(self, chat: "Chat") -> None:
        self.world.add_bot(chat, self.person)

    def remove_bot(self, chat: "Chat") -> None:
        self.world.remove_bot(chat, self.person)

    def promote_bot(self, chat: "Chat") -> None:
        """Makes the bot an administrator, who sees all messages whatever its privacy."""
        self.world.set_bot_status(chat, "administrator", self.person)

    def upgrade(self, chat: "Chat") -> "Chat":
        """Makes a supergroup of a group, and returns it: a chat of its own, under another id."""
        return self.world.upgrade(chat, self.person)

    def create_topic(self, chat: "Chat", title: str) -> int:
        """Returns the thread's id. It is the id of the message that opened it, too."""
        return self.world.open_topic(chat, title, self.person)

    def _send(
        self, content: dict[str, Any], where: Where, extra: dict[str, Any] | None = None
    ) -> SeenMessage:
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
            reply_to=self._found(replied_to) if replied_to else None,
            extra=extra,
        )
        return self._as_seen(message.to_json())

    async def _photo(self, picture: PictureSource) -> dict[str, Any]:
        return dict((await self.world.files.add_photo(_bytes(picture))).content)

    async def _document(self, upload: Upload) -> dict[str, Any]:
        return dict((await self.world.files.add_document(upload)).content)

    async def _tapped(
        self, message: Message, data: str, label: str, patience: float | None, *, too_old: bool = False
    ) -> str:
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

    def _is_from_bot(self, event: "Event", chat: "Chat") -> bool:
        return (
            event.kind in ("message", "edited")
            and event.chat_id == chat.id
            and event.data["from"]["id"] == self.world.bot.id
        )

    def _found(self, message: SeenMessage) -> Message:
        return self.world.chats[message.chat_id].messages[message.id]

    def _as_seen(self, json: dict[str, Any]) -> SeenMessage:
        return SeenMessage(json, self.world.files)


def _bytes(picture: PictureSource) -> bytes:
    if isinstance(picture, Upload):
        return picture.data
    return picture.read_bytes() if isinstance(picture, Path) else picture


def _upload(picture: PictureSource, name: str, mime_type: str) -> Upload:
    return picture if isinstance(picture, Upload) else Upload(_bytes(picture), name, mime_type)


def _text(text: str) -> dict[str, Any]:
    said = entities.plain(text)
    return {"text": said.text} | _present(entities=said.entities)


def _caption(text: str) -> dict[str, Any]:
    said = entities.plain(text)
    return _present(caption=said.text, caption_entities=said.entities)


def _present(**fields: Any) -> dict[str, Any]:
    """The fields that are not empty, as the Bot API leaves the empty ones out."""
    return {name: value for name, value in fields.items() if value}
