"""Simulate people who do what the demo's never do: send odd things, edit, block the bot, found groups."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from bot.demo.people.contents import caption_content, text_content
from bot.demo.people.seen_messages import SeenMessage, transcript
from bot.demo.people.users import SimulatedUser, Where
from bot.demo.telegram.chats import CAPTION_FIELDS, Chat, Sendable, new_long_id
from bot.demo.telegram.files import Upload
from tests.kit import attachments

if TYPE_CHECKING:
    from bot.demo.telegram.journal import Event

MEDIA = {"photo", "document", "animation", "sticker", "video", "has_media_spoiler"}


class Actor(SimulatedUser):
    """A simulated user with everything that people do in the tests."""

    async def tap_more(
        self, label: str, *, message: SeenMessage | None = None, chat: Chat | None = None
    ) -> str:
        """Taps a button behind More…, which is tapped first where it is not open. Returns the toast."""
        messages = [self.message(message)] if message else (chat or self.private).messages.values()
        if not any(self.seen(one.to_watchers()).callback_data(label) for one in messages):
            await self.tap("More…", message=message, chat=chat)
        return await self.tap(label, message=message, chat=chat)

    async def send_animation(self, gif: bytes, **where: Unpack[Where]) -> SeenMessage:
        media = await self.world.files.add_animation(Upload(gif, "a.gif", "video/mp4"), 0, 0, 1)
        return self.say(dict(media.content), where)

    async def quote(self, quoted: SeenMessage, text: str, **where: Unpack[Where]) -> SeenMessage:
        """Replies in this chat to a message of another, of which the bot is told what was in it."""
        media = {name: quoted.json[name] for name in MEDIA & quoted.json.keys()}
        origin = {"type": "user", "date": quoted.json["date"], "sender_user": quoted.json["from"]}
        external_reply = {"origin": origin, "message_id": quoted.id, "chat": quoted.json["chat"], **media}
        return self.say(text_content(text), where, {"external_reply": external_reply})

    async def replace_photo(self, message: SeenMessage, picture: bytes) -> SeenMessage:
        """Edits a message of one's own, which shows this photo from now on, under the same words."""
        kept = self.message(message)
        caption = {name: kept.content[name] for name in kept.content.keys() & CAPTION_FIELDS}
        self.world.edit(kept, await self._photo(picture) | caption, kept.keyboard)
        return self.seen(kept.to_watchers())

    async def replace_document(self, message: SeenMessage, data: bytes) -> SeenMessage:
        """Edits a message of one's own, which shows this file from now on."""
        kept = self.message(message)
        self.world.edit(kept, await self._document(Upload(data, "a.png", "image/png")), kept.keyboard)
        return self.seen(kept.to_watchers())

    async def send_voice(self, data: bytes = b"a voice", **where: Unpack[Where]) -> SeenMessage:
        return self.say(await attachments.voice(self.world.files, data), where)

    async def send_video(
        self, data: bytes = b"a film", caption: str = "", **where: Unpack[Where]
    ) -> SeenMessage:
        return self.say(await attachments.video(self.world.files, data) | caption_content(caption), where)

    async def send_location(
        self, latitude: float = 48.8606, longitude: float = 2.3376, **where: Unpack[Where]
    ) -> SeenMessage:
        return self.say(attachments.location(latitude, longitude), where)

    async def send_contact(
        self, phone_number: str = "+10000000000", first_name: str = "Vincent", **where: Unpack[Where]
    ) -> SeenMessage:
        return self.say(attachments.contact(phone_number, first_name), where)

    async def send_poll(self, question: str, options: Sequence[str], **where: Unpack[Where]) -> SeenMessage:
        return self.say(attachments.poll(new_long_id(), question, options), where)

    async def send_video_note(self, data: bytes = b"a film", **where: Unpack[Where]) -> SeenMessage:
        return self.say(await attachments.video_note(self.world.files, data), where)

    async def send_audio(self, data: bytes = b"music", **where: Unpack[Where]) -> SeenMessage:
        return self.say(await attachments.audio(self.world.files, data), where)

    async def send_venue(self, **where: Unpack[Where]) -> SeenMessage:
        return self.say(attachments.venue("Louvre", "Paris"), where)

    async def send_story(self, **where: Unpack[Where]) -> SeenMessage:
        return self.say(attachments.story(self.private.to_json()), where)

    async def send_dice(self, **where: Unpack[Where]) -> SeenMessage:
        return self.say(attachments.dice(), where)

    async def send_paid_photo(self, **where: Unpack[Where]) -> SeenMessage:
        return self.say(attachments.paid_photo(), where)

    async def edit_text(self, message: SeenMessage, text: str) -> SeenMessage:
        """Changes the text or caption of a message of one's own."""
        kept = self.message(message)
        if "text" in kept.content:
            content = text_content(text)
        else:
            media = {name: kept.content[name] for name in kept.content.keys() - CAPTION_FIELDS}
            content = media | caption_content(text)
        self.world.edit(kept, content, kept.keyboard)
        return self.seen(kept.to_watchers())

    async def delete(self, message: SeenMessage) -> None:
        """At Telegram bots are not told."""
        self.world.delete(self.message(message))

    async def tap_data(
        self,
        message: SeenMessage,
        data: str,
        *,
        too_old: bool = False,
        timeout: float = 30,  # noqa: ASYNC109
    ) -> str:
        """Sends what a button of this message might send, whether or not it has such a button.

        Telegram's own applications send only what is there; others may send anything. Of a message that is
        `too_old` the bot is told hardly anything. Returns the toast.
        """
        return await self.tap_and_wait(self.message(message), data, f"[{data}]", timeout, too_old=too_old)

    async def expect_reaction(self, message: SeenMessage, emoji: str | None, timeout: float = 30) -> None:  # noqa: ASYNC109
        """The bot reacts to this message so, or has done; None is for a reaction that was taken away."""
        wanted = {"message_id": message.id, "reaction": emoji}

        def is_wanted(event: "Event") -> bool:
            return event.kind == "reacted" and event.chat_id == message.chat_id and event.data == wanted

        try:
            await self.world.journal.wait_for(is_wanted, timeout)
        except TimeoutError:
            seen = transcript(self.world.chats[message.chat_id], self.world.files)
            raise AssertionError(f"no reaction {emoji} to #{message.id} in {timeout:g} s\n{seen}") from None

    async def expect_silence(self, seconds: float = 0.5, *, chat: "Chat | None" = None) -> None:
        """The bot says and changes nothing more, for a while."""
        chat = chat or self.private
        await asyncio.sleep(seconds)
        seen_up_to = self.seen_up_to.get(chat.id, 0)
        said = [event for event in self.world.journal.after(seen_up_to) if self.is_from_bot(event, chat)]
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

    def promote(self, chat: "Chat", other: SimulatedUser) -> None:
        """Makes another member an administrator of a group."""
        self.world.promote(chat, other.person, self.person)

    def demote(self, chat: "Chat", other: SimulatedUser) -> None:
        """Makes another an ordinary member again."""
        self.world.promote(chat, other.person, self.person, administrator=False)

    def upgrade(self, chat: "Chat") -> "Chat":
        """Makes a supergroup of a group, and returns it: a chat of its own, under another id."""
        return self.world.upgrade(chat, self.person)

    def forbid(self, chat: "Chat", *kinds: Sendable) -> None:
        """Lets the members of a group, the bot among them, send anything but this."""
        self.world.forbid(chat, *kinds)

    def allow_reactions(self, chat: "Chat", *emoji: str) -> None:
        """Lets no reactions but these into a group."""
        self.world.allow_reactions(chat, emoji)

    def close_topic(self, chat: "Chat", thread: int, *, closed: bool = True) -> None:
        self.world.close_topic(chat, thread, self.person, closed=closed)

    def create_topic(self, chat: "Chat", title: str) -> int:
        """Returns the thread's id. It is the id of the message that opened it, too."""
        return self.world.open_topic(chat, title, self.person)
