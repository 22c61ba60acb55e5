"""Keep the world the emulator serves: people, chats and messages, and what the bot learns of them.

Everything that happens goes through here. Whatever changes is written to the journal, for those who watch;
what a bot is told at Telegram is queued as an update.
"""

import asyncio
import secrets
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.demo.telegram import membership
from bot.demo.telegram.bot_profile import BotProfile
from bot.demo.telegram.callback_queries import CallbackQueries
from bot.demo.telegram.chats import Chat, Message, Person, Sendable, Status
from bot.demo.telegram.errors import ApiError, bad_request, forbidden
from bot.demo.telegram.faults import Faults
from bot.demo.telegram.files import FileStore
from bot.demo.telegram.flood_limits import FloodLimits
from bot.demo.telegram.id_counter import IdCounter
from bot.demo.telegram.inline_queries import InlineQueries
from bot.demo.telegram.journal import Journal
from bot.demo.telegram.poll import Poll
from bot.demo.telegram.polls import Polls
from bot.demo.telegram.privacy import is_told_of
from bot.demo.telegram.update_queue import UpdateQueue
from bot.demo.telegram.webhook import WebhookDelivery

FIRST_USER_ID = 500_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001


class World:
    """Everything there is: people, chats, messages and files, and the bot's side of it.

    Args:
        bot: who answers.
        folder: where files are kept.
        privacy: in groups the bot sees only what concerns it, as bots do unless their makers ask BotFather
            for more.
        inline_mode: the bot may be asked from any chat, which is switched on at BotFather, too.
        flood_limits: who sends too much is refused for a time.
    """

    def __init__(
        self,
        bot: Person,
        folder: Path,
        *,
        privacy: bool = True,
        inline_mode: bool = False,
        flood_limits: bool = False,
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
        self.inline_queries = InlineQueries(self.updates, is_on=inline_mode)
        self.polls = Polls(self.updates, self.journal)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.user_ids = IdCounter(FIRST_USER_ID)
        self.group_ids = IdCounter(FIRST_GROUP_ID, -1)
        self.supergroup_ids = IdCounter(FIRST_SUPERGROUP_ID, -1)
        # Private chats and groups number their messages together, each supergroup its own: a message's
        # id means nothing without its chat.
        self.message_ids = IdCounter(1)

    def add_person(self, name: str, language: str = "en", username: str | None = None) -> Person:
        """Add a person, with a private chat in which nothing was said yet."""
        person = Person(next(self.user_ids), name, username, language)
        self.people[person.id] = person
        self._add_chat(Chat(person.id, "private", [person], self.message_ids))
        return person

    def add_group(self, title: str, members: Sequence[Person], *, with_bot: bool = True) -> Chat:
        """Add a group made by the first of `members`, who adds the bot."""
        chat = Chat(next(self.group_ids), "group", list(members), self.message_ids, title)
        return self._founded(chat, with_bot)

    def add_supergroup(
        self, title: str, members: Sequence[Person], *, forum: bool = False, with_bot: bool = True
    ) -> Chat:
        """Add a supergroup; a `forum` can have topics."""
        chat = Chat(next(self.supergroup_ids), "supergroup", list(members), IdCounter(1), title, forum)
        return self._founded(chat, with_bot)

    def add_bot(self, chat: Chat, by: Person) -> None:
        """Make the bot a member of a group."""
        self.set_bot_status(chat, "member", by)
        self.post(chat, by, {"new_chat_members": [self.bot.to_json()]})

    def remove_bot(self, chat: Chat, by: Person) -> None:
        """Put the bot out of a group."""
        self.set_bot_status(chat, "kicked", by)
        self.post(chat, by, {"left_chat_member": self.bot.to_json()})

    def set_bot_status(self, chat: Chat, status: Status, by: Person) -> None:
        """Change the bot's standing and tell it so, which is the one thing a removed bot still hears."""
        before, chat.bot_status = chat.bot_status, status
        if before == status:
            return
        self.updates.add("my_chat_member", membership.change(chat, self.bot, before, status, by))
        self.journal.add("chat", chat.id, {**chat.to_json(), "bot_status": status})

    def forbid(self, chat: Chat, *kinds: Sendable) -> None:
        """Let the members of a group send anything but this. At Telegram bots are not told."""
        chat.forbidden = set(kinds)

    def allow_reactions(self, chat: Chat, emoji: Iterable[str] | None) -> None:
        """Let no reactions but these into a group, or all. At Telegram bots are not told."""
        chat.reactions = None if emoji is None else frozenset(emoji)

    def close_topic(self, chat: Chat, thread_id: int, by: Person, *, closed: bool = True) -> None:
        """Let nobody but administrators write in a topic, or everybody again."""
        if closed:
            chat.closed_topics.add(thread_id)
        else:
            chat.closed_topics.discard(thread_id)
        said = "forum_topic_closed" if closed else "forum_topic_reopened"
        self.post(chat, by, {said: {}}, thread_id=thread_id)

    def chat_member(self, chat: Chat, user_id: int) -> dict[str, Any] | None:
        """Return a user's ChatMember object in this chat; None for somebody nobody knows."""
        if user_id == self.bot.id:
            return membership.member(self.bot, chat.bot_status)
        person = self.people.get(user_id)
        if person is None:
            return None
        return membership.member(person, chat.status_of(person))

    def promote(self, chat: Chat, person: Person, by: Person, *, administrator: bool = True) -> None:
        """Make a member of a group an administrator, or no longer."""
        before = chat.status_of(person)
        if before in ("creator", "left"):
            raise ValueError(f"{person.first_name} cannot be made an administrator of {chat.title}")
        if administrator:
            chat.administrator_ids.add(person.id)
        else:
            chat.administrator_ids.discard(person.id)
        self._tell_of_member(chat, person, before, by)

    def leave(self, chat: Chat, person: Person) -> None:
        """Have somebody leave a group, which has no creator any more if that was who made it."""
        before = chat.status_of(person)
        if chat.is_private or before == "left":
            raise ValueError(f"{person.first_name} is in no such group")
        self.post(chat, person, {"left_chat_member": person.to_json()})
        chat.members.remove(person)
        chat.administrator_ids.discard(person.id)
        self._tell_of_member(chat, person, before, person)

    def set_language(self, language: str) -> None:
        """Set everybody's Telegram to this language."""
        for person in self.people.values():
            person.language = language
        self.changed.set()

    def chat_for_bot(self, chat_id: int) -> Chat:
        """Return the chat, where the bot may write to it.

        Raises the `ApiError` that Telegram answers where it may not.
        """
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
        poll: Poll | None = None,
    ) -> Message:
        """Add a message to a chat, and tell the bot of it as far as it is told of such.

        Args:
            chat: where it is.
            sender: whose it is.
            content: what it shows, in the Bot API's own fields.
            thread_id: the topic.
            reply_to: what it replies to.
            keyboard: its inline buttons.
            extra: other fields of the Bot API's.
            poll: what may be voted on in it.
        """
        if reply_to and thread_id is None and chat.kind == "supergroup":
            # A reply opens a thread even where there are no topics; bots trip over it.
            thread_id = reply_to.thread_id or reply_to.id
        if thread_id in chat.topics and reply_to is None:
            # In a topic, what replies to nothing replies to the message that opened the topic.
            reply_to = chat.messages.get(thread_id)
        message = Message(
            chat,
            next(chat.message_ids),
            sender,
            content,
            thread_id,
            reply_to,
            keyboard,
            extra or {},
            poll=poll,
        )
        self._publish(message)
        self.polls.watch(message)
        return message

    def edit(self, message: Message, content: dict[str, Any], keyboard: dict[str, Any] | None) -> None:
        """Change what a message shows, and its inline buttons."""
        message.content = content
        message.keyboard = keyboard
        message.edit_date = int(time.time())
        self.journal.add("edited", message.chat.id, message.to_watchers())
        if is_told_of(message, self.bot, privacy=self.privacy):
            self.updates.add("edited_message", message.to_json())

    def vote(self, person: Person, message: Message, option_ids: Sequence[int]) -> None:
        """Have somebody vote in a poll, or with no options take the vote back. Raises `ValueError`."""
        self.polls.vote(person, message, option_ids)

    def react(self, message: Message, emoji: str | None) -> None:
        """Have the bot react to a message, or no longer."""
        if message.reaction != emoji:
            message.reaction = emoji
            self.journal.add("reacted", message.chat.id, {"message_id": message.id, "reaction": emoji})

    def delete(self, message: Message) -> None:
        """Take a message out of its chat."""
        del message.chat.messages[message.id]
        self.journal.add("deleted", message.chat.id, {"message_id": message.id})

    def upgrade(self, old: Chat, by: Person) -> Chat:
        """Make a supergroup of a group: a new chat with a new id, where messages count from 1 again."""
        new = Chat(
            next(self.supergroup_ids),
            "supergroup",
            old.members,
            IdCounter(1),
            old.title,
            creator_id=old.creator_id,
            administrator_ids=old.administrator_ids,
        )
        self._add_chat(new)
        old.migrated_to = new
        if old.bot_status not in ("left", "kicked"):  # bots are told of their joining before the move
            self.set_bot_status(new, old.bot_status, by)
        self.post(old, by, {"migrate_to_chat_id": new.id})
        self.post(new, by, {"migrate_from_chat_id": old.id})
        return new

    def open_topic(self, chat: Chat, title: str, by: Person) -> int:
        """Open a topic, and return its id, which is that of the message that opens it."""
        if not chat.is_forum:
            raise ValueError(f"{chat.title} is no forum")
        thread_id = next(chat.message_ids)
        chat.topics[thread_id] = title
        content = {"forum_topic_created": {"name": title, "icon_color": 0x6FB9F0}}
        self._publish(Message(chat, thread_id, by, content, thread_id))
        return thread_id

    def _publish(self, message: Message) -> None:
        message.chat.messages[message.id] = message
        self.journal.add("message", message.chat.id, message.to_watchers())
        if is_told_of(message, self.bot, privacy=self.privacy):
            self.updates.add("message", message.to_json())

    def _tell_of_member(self, chat: Chat, person: Person, before: str, by: Person) -> None:
        """Tell the bot that somebody's standing changed, if it is an administrator; others are not told."""
        after = chat.status_of(person)
        if before != after and chat.bot_status == "administrator":
            self.updates.add("chat_member", membership.change(chat, person, before, after, by))
        members = {"members": [member.id for member in chat.members]}
        self.journal.add("chat", chat.id, chat.to_json() | members)

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
