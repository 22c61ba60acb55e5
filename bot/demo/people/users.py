"""Simulate people: what somebody does and sees in a chat with the bot."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from bot.demo.people.contents import (
    PictureSource,
    bytes_of,
    caption_content,
    present,
    sticker_content,
    text_content,
    upload_of,
)
from bot.demo.people.seen_messages import Expectation, SeenMessage, transcript
from bot.demo.people.seen_offers import SeenOffer, SeenOffers
from bot.demo.telegram.chats import Message, new_long_id
from bot.demo.telegram.files import Upload
from bot.demo.telegram.poll import as_seen_by

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Person
    from bot.demo.telegram.journal import Event
    from bot.demo.telegram.world import World


class Where(TypedDict, total=False):
    """Where something is said: in the private chat, unless another is named."""

    chat: "Chat"
    thread: int  # a topic
    reply_to: SeenMessage


class SimulatedUser:
    """Somebody with a private chat with the bot. Sending returns the message as it now stands in the chat.

    What a user sees is kept for each chat: `expect` looks at what the bot did since the last message it
    returned, so each message is seen once, in order, and none that came early is missed.

    Args:
        world: where they live.
        person: who they are there.
        private: their chat with the bot.
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
        """Return their id at Telegram."""
        return self.person.id

    async def send_text(self, text: str, **where: Unpack[Where]) -> SeenMessage:
        """Write something."""
        return self.say(text_content(text), where)

    async def send_photo(
        self, picture: PictureSource, caption: str = "", *, spoiler: bool = False, **where: Unpack[Where]
    ) -> SeenMessage:
        """Send a photo as an application does: the server keeps it as JPEG, at most 1280 pixels long.

        With `spoiler` it is covered until it is tapped.
        """
        content = await self._photo(picture) | present(has_media_spoiler=spoiler)
        return self.say(content | caption_content(caption), where)

    async def send_document(
        self,
        file: PictureSource,
        caption: str = "",
        *,
        name: str = "picture.png",
        mime_type: str = "image/png",
        **where: Unpack[Where],
    ) -> SeenMessage:
        """Send a file, which is kept as it is."""
        content = await self._document(upload_of(file, name, mime_type))
        return self.say(content | caption_content(caption), where)

    async def send_sticker(self, picture: bytes | None = None, **where: Unpack[Where]) -> SeenMessage:
        """Send a sticker that stands still, of this WebP; without, one that moves."""
        return self.say(await sticker_content(self.world.files, picture), where)

    async def send_album(
        self,
        pictures: Sequence[PictureSource],
        caption: str = "",
        *,
        as_files: bool = False,
        spoiler: bool = False,
        **where: Unpack[Where],
    ) -> list[SeenMessage]:
        """Send pictures that belong together, a message each; the caption stands under the first."""
        contents = []
        for number, picture in enumerate(pictures, 1):
            if as_files:
                file = upload_of(picture, f"picture{number}.png", "image/png")
                contents.append(await self._document(file))
            else:
                contents.append(await self._photo(picture) | present(has_media_spoiler=spoiler))
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
        """Tap the button whose label has `label` in it, in `message` or in the newest that has such a button.

        Whole words come first: "Light" is not "Lighter". Returns the toast that answers it, which may be
        empty; at once and empty without `wait`.
        """
        chat = chat or self.private
        candidates = [self.message(message)] if message else list(reversed(chat.messages.values()))
        for whole_words in (True, False):
            for candidate in candidates:
                seen = self.seen(candidate.to_watchers())
                data = seen.callback_data(label, whole_words=whole_words)
                if data is not None:
                    return await self.tap_and_wait(candidate, data, label, timeout if wait else None)
        raise AssertionError(f"no button {label!r} to tap\n{transcript(chat, self.world.files)}")

    async def ask_inline(
        self,
        query: str,
        *,
        chat: "Chat | None" = None,
        offset: str = "",
        timeout: float = 30,  # noqa: ASYNC109
    ) -> SeenOffers:
        """Type `@bot query` into a chat, and wait for what the bot offers.

        Raises `ValueError` where the bot has no inline mode, and `AssertionError` where it does not answer.
        """
        queries = self.world.inline_queries
        query_id = queries.ask(self.person, chat or self.private, query, offset)
        try:
            answer = await queries.answer_to(query_id, timeout)
        except TimeoutError:
            words = f"the bot did not answer {self.person.first_name}'s {query!r} in {timeout:g} s"
            raise AssertionError(words) from None
        return SeenOffers.of(answer, query_id)

    async def choose(self, offer: SeenOffer, **where: Unpack[Where]) -> SeenMessage:
        """Send one of the things offered, by way of the bot. Raises `ValueError` if it no longer is."""
        result = self.world.inline_queries.offered(offer.query_id, offer.id)
        return self.say(result.content, where, {"via_bot": self.world.bot.to_json()})

    async def vote(self, message: SeenMessage, *options: int | str) -> SeenMessage:
        """Vote for these options of a poll, by number or by words, in place of the vote before.

        With none, take the vote back. Raises `ValueError` where that may not be.
        """
        voted = self.message(message)
        poll = message.poll
        if poll is None:
            raise ValueError("There is no poll to vote in")
        numbers = [poll.options.index(option) if isinstance(option, str) else option for option in options]
        self.world.vote(self.person, voted, numbers)
        return self.seen(voted.to_watchers())

    def leave(self, group: "Chat") -> None:
        """Leave a group, which is told."""
        self.world.leave(group, self.person)

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
        """Wait for the next message of the bot, new or edited, that is like this (see `Expectation`).

        It is one that came after the last one returned; those in between count as seen too.

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
        return self.seen(message.to_watchers())

    async def _photo(self, picture: PictureSource) -> dict[str, Any]:
        return dict((await self.world.files.add_photo(bytes_of(picture))).content)

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
        """Say whether an event is a message of the bot's in this chat, new or edited; votes edit nothing."""
        return (
            event.kind in ("message", "edited")
            and event.chat_id == chat.id
            and event.data["from"]["id"] == self.world.bot.id
            and "voted" not in event.data
        )

    def message(self, message: SeenMessage) -> Message:
        """Find the message that was seen, as it is now."""
        return self.world.chats[message.chat_id].messages[message.id]

    def seen(self, json: dict[str, Any]) -> SeenMessage:
        """Return a message as this person sees it."""
        return SeenMessage(as_seen_by(self.id, json), self.world.files)
