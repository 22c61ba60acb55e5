"""Keep the world the emulator serves: people, chats and messages, and what the bot learns of them.

Everything that happens goes through here. Whatever changes is written to the journal, for those who watch;
what a bot is told at Telegram is queued as an update.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.demo.telegram import membership
from bot.demo.telegram.bot_profile import BotProfile
from bot.demo.telegram.callback_queries import CallbackQueries
from bot.demo.telegram.chats import Chat, Message, Person, Status
from bot.demo.telegram.errors import ApiError, bad_request, forbidden
from bot.demo.telegram.faults import Faults
from bot.demo.telegram.files import FileStore
from bot.demo.telegram.flood_limits import FloodLimits
from bot.demo.telegram.id_counter import IdCounter
from bot.demo.telegram.journal import Journal
from bot.demo.telegram.update_queue import UpdateQueue
from bot.demo.telegram.webhook import WebhookDelivery

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
        self.flood = FloodLimits() if flood_limits else None
        self.changed = asyncio.Event()  # for whoever keeps all this; they clear it
        self.files = FileStore(folder, self._files_shown)
        self.journal = Journal(self.changed.set)
        self.faults = Faults()
        self.updates = UpdateQueue(self.faults.mangle, self.changed.set)
        self.webhook = WebhookDelivery(self.updates)
        self.profile = BotProfile(bot.first_name)
        self.callback_queries = CallbackQueries(self.updates, self.journal)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.user_ids = IdCounter(FIRST_USER_ID)
        self.group_ids = IdCounter(FIRST_GROUP_ID, -1)
        self.supergroup_ids = IdCounter(FIRST_SUPERGROUP_ID, -1)
        # Private chats and groups number their messages together, each supergroup its own: a message's
        # id means nothing without its chat.
        self.message_ids = IdCounter(1)

    def add_person(self, name: str, language: str = "en", username: str | None = None) -> Person:
        """A new person, with a private chat in which nothing was said yet."""
        person = Person(next(self.user_ids), name, username, language)
        self.people[person.id] = person
        self._add_chat(Chat(person.id, "private", [person], self.message_ids))
        return person

    def add_group(self, title: str, members: Sequence[Person], *, with_bot: bool = True) -> Chat:
        """A new group made by the first of `members`, who adds the bot."""
        chat = Chat(next(self.group_ids), "group", list(members), self.message_ids, title)
        return self._founded(chat, with_bot)

    def add_supergroup(
        self, title: str, members: Sequence[Person], *, forum: bool = False, with_bot: bool = True
    ) -> Chat:
        """A new supergroup; a `forum` can have topics."""
        chat = Chat(next(self.supergroup_ids), "supergroup", list(members), IdCounter(1), title, forum)
        return self._founded(chat, with_bot)

    def add_bot(self, chat: Chat, by: Person) -> None:
        """Makes the bot a member of a group."""
        self.set_bot_status(chat, "member", by)
        self.post(chat, by, {"new_chat_members": [self.bot.to_json()]})

    def remove_bot(self, chat: Chat, by: Person) -> None:
        """Puts the bot out of a group."""
        self.set_bot_status(chat, "kicked", by)
        self.post(chat, by, {"left_chat_member": self.bot.to_json()})

    def set_bot_status(self, chat: Chat, status: Status, by: Person) -> None:
        """Changes the bot's standing and tells it so, which is the one thing a removed bot still hears."""
        before, chat.bot_status = chat.bot_status, status
        if before == status:
            return
        self.updates.add(
            "my_chat_member",
            {
                "chat": chat.to_json(),
                "from": by.to_json(),
                "date": int(time.time()),
                "old_chat_member": membership.member(self.bot, before),
                "new_chat_member": membership.member(self.bot, status),
            },
        )
        self.journal.add("chat", chat.id, {**chat.to_json(), "bot_status": status})

    def chat_member(self, chat: Chat, user_id: int) -> dict[str, Any] | None:
        """A user's ChatMember object in this chat, or None for somebody nobody knows."""
        if user_id == self.bot.id:
            return membership.member(self.bot, chat.bot_status)
        person = self.people.get(user_id)
        if person is None:
            return None
        if person not in chat.members:
            return membership.member(person, "left")
        is_creator = not chat.is_private and person is chat.members[0]
        return membership.member(person, "creator" if is_creator else "member")

    def set_language(self, language: str) -> None:
        """What everybody's Telegram is set to from now on."""
        for person in self.people.values():
            person.language = language
        self.changed.set()

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
        new = Chat(next(self.supergroup_ids), "supergroup", old.members, IdCounter(1), old.title)
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
            self.add_bot(chat, chat.members[0])
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
