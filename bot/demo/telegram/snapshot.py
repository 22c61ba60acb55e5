"""Write a world as JSON, and read it back, but for the journal's events and taps in progress."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.demo.telegram.chats import Chat, Message, Person
from bot.demo.telegram.files import FileStore, Media, StoredFile
from bot.demo.telegram.id_counter import IdCounter
from bot.demo.telegram.poll import Poll

if TYPE_CHECKING:
    from bot.demo.telegram.world import World

LOST_AT_MOST = 1000
"""Ids of each kind, given out between the last snapshot and a sudden end. The bot may remember them, so
nothing else may ever be called by them.
"""


def describe(world: "World") -> dict[str, Any]:
    """Only what is replaced when it changes is handed on as it is: another thread may write this down."""
    return {
        "id": world.id,
        "event": world.journal.newest,
        "numbers": {name: numbers.upcoming for name, numbers in _numbers(world).items()},
        "people": [asdict(person) for person in world.people.values()],
        "chats": [_describe_chat(chat, world) for chat in world.chats.values()],
        "pending": list(world.updates.pending),
        "allowed": world.updates.allowed,
        "texts": [[*key, text] for key, text in world.profile.texts.items()],
        "commands": [[*key, commands] for key, commands in world.profile.commands.items()],
        "files": [_describe_media(media) for media in world.files.all],
    }


def restore(world: "World", kept: dict[str, Any], *, whole: bool) -> None:
    """Into a world where nothing has happened. Without `whole`, something may have followed this snapshot."""
    world.journal.newest = kept["event"]
    for name, numbers in _numbers(world).items():
        numbers.upcoming = kept["numbers"].get(name, numbers.upcoming)  # older states know fewer kinds
    for fields in kept["people"]:
        world.people[fields["id"]] = Person(**fields)
    for fields in kept["chats"]:
        world.chats[fields["id"]] = _chat(fields, world)
    for fields in kept["chats"]:
        world.chats[fields["id"]].migrated_to = world.chats.get(fields["migrated_to"])
    world.updates.pending = kept["pending"]
    world.updates.allowed = kept["allowed"]
    world.profile.texts = {(kind, language): text for kind, language, text in kept["texts"]}
    world.profile.commands = {(scope, language): menu for scope, language, menu in kept["commands"]}
    for fields in kept["files"]:
        world.files.remember(_media(fields, world.files))
    if whole:
        world.id = kept["id"]
        return
    for numbers in [*_numbers(world).values(), *(chat.message_ids for chat in _supergroups(world))]:
        numbers.skip(LOST_AT_MOST)


def _numbers(world: "World") -> dict[str, IdCounter]:
    return {
        "users": world.user_ids,
        "groups": world.group_ids,
        "supergroups": world.supergroup_ids,
        "messages": world.message_ids,
        "updates": world.updates.ids,
        "taps": world.callback_queries.ids,
        "inline_queries": world.inline_queries.ids,
        "files": world.files.numbers,
    }


def _supergroups(world: "World") -> list[Chat]:
    return [chat for chat in world.chats.values() if chat.kind == "supergroup"]


def _describe_chat(chat: Chat, world: "World") -> dict[str, Any]:
    return {
        "id": chat.id,
        "kind": chat.kind,
        "members": [person.id for person in chat.members],
        "message_ids": None if chat.message_ids is world.message_ids else chat.message_ids.upcoming,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "bot_status": chat.bot_status,
        "creator": chat.creator_id,
        "administrators": list(chat.administrator_ids),
        "topics": list(chat.topics.items()),
        "migrated_to": chat.migrated_to.id if chat.migrated_to else None,
        "messages": [_describe_message(message) for message in chat.messages.values()],
    }


def _chat(fields: dict[str, Any], world: "World") -> Chat:
    own_numbers = fields["message_ids"]
    chat = Chat(
        id=fields["id"],
        kind=fields["kind"],
        members=[world.people[number] for number in fields["members"]],
        message_ids=world.message_ids if own_numbers is None else IdCounter(own_numbers),
        title=fields["title"],
        is_forum=fields["is_forum"],
        bot_status=fields["bot_status"],
        topics=dict(fields["topics"]),
        creator_id=fields.get("creator", 0),
        administrator_ids=set(fields.get("administrators", ())),
    )
    for said in fields["messages"]:
        chat.messages[said["id"]] = _message(said, chat, world)
    return chat


def _describe_message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "sender": message.sender.id,
        "content": message.content,
        "thread_id": message.thread_id,
        "reply_to": message.reply_to.id if message.reply_to else None,
        "keyboard": message.keyboard,
        "extra": message.extra,
        "date": message.date,
        "edit_date": message.edit_date,
        "reaction": message.reaction,
        "poll": asdict(message.poll) if message.poll else None,
    }


def _message(fields: dict[str, Any], chat: Chat, world: "World") -> Message:
    sender = world.bot if fields["sender"] == world.bot.id else world.people[fields["sender"]]
    reply_to = chat.messages.get(fields["reply_to"])  # gone, if it was deleted meanwhile
    asked = fields.get("poll")
    poll = (
        Poll(**asked | {"votes": {int(voter): own for voter, own in asked["votes"].items()}})
        if asked
        else None
    )
    message = Message(**(fields | {"chat": chat, "sender": sender, "reply_to": reply_to, "poll": poll}))
    world.polls.watch(message)
    return message


def _describe_media(media: Media) -> dict[str, Any]:
    return {
        "kind": media.kind,
        "content": media.content,
        "of_bot": media.of_bot,
        "files": [
            [file.file_id, file.unique_id, file.path, file.size, int(file.place.name)] for file in media.files
        ],
    }


def _media(fields: dict[str, Any], store: FileStore) -> Media:
    files = tuple(
        StoredFile(file_id, unique_id, path, size, store.place(number))
        for file_id, unique_id, path, size, number in fields["files"]
    )
    return Media(fields["kind"], fields["content"], files, fields["of_bot"])
