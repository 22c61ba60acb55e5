"""The world the emulator serves: people, chats and messages, and what the bot gets to know of them.

Everything that happens goes through here. Whatever changes is written to the journal, for those who watch;
what a bot is told at Telegram is queued as an update.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.demo import membership
from bot.demo.chats import Chat, Person
from bot.demo.errors import ApiError, bad_request, forbidden
from bot.demo.faults import Faults
from bot.demo.files import FileStore
from bot.demo.flood import FloodGate
from bot.demo.journal import Event, Journal
from bot.demo.messages import Message
from bot.demo.numbers import Numbers
from bot.demo.profile import Profile
from bot.demo.taps import Taps
from bot.demo.updates import UpdateQueue
from bot.demo.users import User
from bot.demo.webhook import Webhook

FIRST_USER_ID = 500_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001


class World:
    """`privacy`: in groups the bot sees commands, replies to itself and service messages only, as bots do
    unless their makers ask BotFather for more. Files are kept in `folder`.
    """

    def __init__(
        self, bot: Person, folder: Path, *, privacy: bool = True, flood_limits: bool = False
    ) -> None:
        self.id = secrets.token_hex(8)  # for watchers, who may have seen another world here
        self.bot = bot
        self.privacy = privacy
        self.flood = FloodGate() if flood_limits else None
        self.changed = asyncio.Event()  # for whoever keeps all this; they clear it
        self.files = FileStore(folder, self._files_shown)
        self.journal = Journal(self.changed.set)
        self.faults = Faults()
        self.updates = UpdateQueue(self.faults.mangle, self.changed.set)
        self.webhook = Webhook(self.updates)
        self.profile = Profile(bot.first_name)
        self.taps = Taps(self.updates, self.journal)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.user_ids = Numbers(FIRST_USER_ID)
        self.group_ids = Numbers(FIRST_GROUP_ID, -1)
        self.supergroup_ids = Numbers(FIRST_SUPERGROUP_ID, -1)
        # Private chats and groups number their messages together, each supergroup its own: a message's
        # id means nothing without its chat.
        self.message_ids = Numbers(1)

    def user(self, name: str, language: str = "en", username: str | None = None) -> User:
        """A new person, with a private chat in which nothing was said yet."""
        person = Person(next(self.user_ids), name, username, language)
        self.people[person.id] = person
        private = self._add_chat(Chat(person.id, "private", [person], self.message_ids))
        return User(self, person, private)

    def group(self, title: str, users: Sequence[User], *, with_bot: bool = True) -> Chat:
        """A new group made by the first of `users`, who adds the bot."""
        members = [user.person for user in users]
        chat = Chat(next(self.group_ids), "group", members, self.message_ids, title)
        return self._founded(chat, with_bot)

    def supergroup(
        self, title: str, users: Sequence[User], *, forum: bool = False, with_bot: bool = True
    ) -> Chat:
        """A new supergroup; a `forum` can have topics."""
        members = [user.person for user in users]
        chat = Chat(next(self.supergroup_ids), "supergroup", members, Numbers(1), title, forum)
        return self._founded(chat, with_bot)

    def set_language(self, language: str) -> None:
        """What everybody's Telegram is set to from now on."""
        for person in self.people.values():
            person.language = language
        self.changed.set()

    async def wait_for(
        self,
        matches: Callable[[Event], bool],
        timeout: float = 30,  # noqa: ASYNC109
        after: int = 0,
    ) -> Event:
        """The first event in the journal past number `after` that matches; see `Journal.wait_for`."""
        return await self.journal.wait_for(matches, timeout, after)

    def chat_for_bot(self, chat_id: int) -> Chat:
        """The chat, where the bot may write to it; raises what Telegram answers where it may not."""
        chat = self.chats.get(chat_id)
        if chat is None or (chat.is_private and chat.bot_status == "left"):
            raise bad_request("chat not found")
        if chat.migrated_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to.id},
            )
        if chat.bot_status == "kicked" and chat.is_private:
            raise forbidden("bot was blocked by the user")
        if chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def post(
        self,
        chat: Chat,
        sender: Person,
        content: dict[str, Any],
        *,
        thread_id: int | None = None,
        reply_to: Message | None = None,
        keyboard: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Message:
        if reply_to and thread_id is None and chat.kind == "supergroup":
            # A reply opens a thread even where there are no topics; bots trip over it.
            thread_id = reply_to.thread_id or reply_to.id
        if thread_id in chat.topics and reply_to is None:
            # In a topic, what replies to nothing replies to the message that opened the topic.
            reply_to = chat.messages.get(thread_id)
        message = Message(
            chat, next(chat.message_ids), sender, content, thread_id, reply_to, keyboard, extra or {}
        )
        self._publish(message)
        return message

    def edit(self, message: Message, content: dict[str, Any], keyboard: dict[str, Any] | None) -> None:
        message.content = content
        message.keyboard = keyboard
        message.edit_date = int(time.time())
        self.journal.add("edited", message.chat.id, message.to_json())
        if self._bot_is_told_of(message):
            self.updates.add("edited_message", message.to_json())

    def delete(self, message: Message) -> None:
        del message.chat.messages[message.id]
        self.journal.add("deleted", message.chat.id, {"message_id": message.id})

    def upgrade(self, old: Chat, by: Person) -> Chat:
        """Makes a supergroup of a group: a new chat with a new id, where messages count from 1 again."""
        new = Chat(next(self.supergroup_ids), "supergroup", old.members, Numbers(1), old.title)
        new.bot_status = old.bot_status
        self._add_chat(new)
        old.migrated_to = new
        self.post(old, by, {"migrate_to_chat_id": new.id})
        self.post(new, by, {"migrate_from_chat_id": old.id})
        return new

    def open_topic(self, chat: Chat, title: str, by: Person) -> int:
        """A topic goes by the id of the message that opens it."""
        if not chat.is_forum:
            raise ValueError(f"{chat.title} is no forum")
        thread_id = next(chat.message_ids)
        chat.topics[thread_id] = title
        content = {"forum_topic_created": {"name": title, "icon_color": 0x6FB9F0}}
        self._publish(Message(chat, thread_id, by, content, thread_id))
        return thread_id

    def _publish(self, message: Message) -> None:
        message.chat.messages[message.id] = message
        self.journal.add("message", message.chat.id, message.to_json())
        if self._bot_is_told_of(message):
            self.updates.add("message", message.to_json())

    def _files_shown(self) -> set[str]:
        return {
            file_id
            for chat in self.chats.values()
            for message in chat.messages.values()
            for file_id in message.file_ids
        }

    def _founded(self, chat: Chat, with_bot: bool) -> Chat:
        self._add_chat(chat)
        if with_bot:
            membership.add_bot(self, chat, chat.members[0])
        return chat

    def _add_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        self.journal.add("chat", chat.id, chat.to_json())
        return chat

    def _bot_is_told_of(self, message: Message) -> bool:
        chat = message.chat
        if message.sender is self.bot or chat.bot_status in ("left", "kicked"):
            return False
        if chat.is_private or message.is_service or chat.bot_status == "administrator" or not self.privacy:
            return True
        replies_to_bot = message.reply_to is not None and message.reply_to.sender is self.bot
        return replies_to_bot or self._is_command_for_bot(message)

    def _is_command_for_bot(self, message: Message) -> bool:
        entities = message.content.get("entities") or message.content.get("caption_entities") or []
        if not any(entity["type"] == "bot_command" and entity["offset"] == 0 for entity in entities):
            return False
        _, addressed, whom = message.text.split()[0].partition("@")
        return not addressed or whom.lower() == str(self.bot.username).lower()
