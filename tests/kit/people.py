"""Simulate people who do what the demo's never do: send odd things, edit, block the bot, found groups."""

import asyncio
from collections.abc import Sequence
from typing import Unpack

from bot.demo.people.seen_messages import SeenMessage, transcript
from bot.demo.people.users import SimulatedUser, Where, caption_content, text_content
from bot.demo.telegram.chats import CAPTION_FIELDS, Chat, new_long_id
from tests.kit import attachments


class Actor(SimulatedUser):
    """A simulated user with everything that people do in the tests."""

    async def send_sticker(self, emoji: str = "🙂", **where: Unpack[Where]) -> SeenMessage:
        return self.say(await attachments.sticker(self.world.files, emoji), where)

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

    async def edit_text(self, message: SeenMessage, text: str) -> SeenMessage:
        """Changes the text or caption of a message of one's own."""
        kept = self.message(message)
        if "text" in kept.content:
            content = text_content(text)
        else:
            media = {name: kept.content[name] for name in kept.content.keys() - CAPTION_FIELDS}
            content = media | caption_content(text)
        self.world.edit(kept, content, kept.keyboard)
        return self.seen(kept.to_json())

    async def delete(self, message: SeenMessage) -> None:
        """At Telegram bots are not told."""
        self.world.delete(self.message(message))

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
        return await self.tap_and_wait(self.message(message), data, f"[{data}]", timeout, too_old=too_old)

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

    def upgrade(self, chat: "Chat") -> "Chat":
        """Makes a supergroup of a group, and returns it: a chat of its own, under another id."""
        return self.world.upgrade(chat, self.person)

    def create_topic(self, chat: "Chat", title: str) -> int:
        """Returns the thread's id. It is the id of the message that opened it, too."""
        return self.world.open_topic(chat, title, self.person)
