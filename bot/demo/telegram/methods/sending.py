"""Answer the methods that send messages."""

from typing import Any

from bot.demo.telegram.chats import Chat, Message, new_long_id
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.methods.content import (
    input_media_content,
    kind_of,
    media_content,
    sticker_content,
    text_content,
)
from bot.demo.telegram.methods.markup import keyboard_for_new
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.poll import Poll
from bot.demo.telegram.rights import check_rights
from bot.demo.telegram.world import World

MAX_ALBUM = 10
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(world: World, given: Parameters) -> dict[str, Any]:
    chat = open_chat(world, given)
    return sent(world, given, chat, text_content(world, given))


async def send_photo(world: World, given: Parameters) -> dict[str, Any]:
    return await _send_media(world, given, "photo")


async def send_document(world: World, given: Parameters) -> dict[str, Any]:
    return await _send_media(world, given, "document")


async def send_animation(world: World, given: Parameters) -> dict[str, Any]:
    return await _send_media(world, given, "animation")


async def send_sticker(world: World, given: Parameters) -> dict[str, Any]:
    chat = open_chat(world, given)
    return sent(world, given, chat, await sticker_content(world, given))


async def send_media_group(world: World, given: Parameters) -> list[dict[str, Any]]:
    chat = open_chat(world, given)
    described = given.parsed("media") or []
    kinds = {item.get("type") for item in described}
    if not described:
        raise bad_request("there are no messages to send")
    if len(described) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    if "animation" in kinds:
        raise bad_request("can't use the media of the specified type in the album")
    if "document" in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    contents = [await input_media_content(world, given, item) for item in described]
    extra = {"media_group_id": new_long_id()}
    return [sent(world, given, chat, content, extra=extra) for content in contents]


async def copy_message(world: World, given: Parameters) -> dict[str, int]:
    """What somebody said once more, as if the bot had said it; only the new message's id is told."""
    chat = open_chat(world, given)
    source = world.chats.get(given.integer("from_chat_id") or 0)
    original = source.messages.get(given.integer("message_id") or 0) if source else None
    if original is None:
        raise bad_request("message to copy not found")
    if original.is_service:
        raise bad_request("message can't be copied")
    poll = original.poll.asked_again(new_long_id()) if original.poll else None
    return {"message_id": sent(world, given, chat, original.content, poll=poll)["message_id"]}


async def send_chat_action(world: World, given: Parameters) -> bool:
    chat = world.chat_for_bot(given.chat_id())
    action = given.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_id = _topic(chat, given)
    data = {"action": action} if thread_id is None else {"action": action, "message_thread_id": thread_id}
    world.journal.add("action", chat.id, data)
    return True


async def _send_media(world: World, given: Parameters, kind: str) -> dict[str, Any]:
    chat = open_chat(world, given)
    return sent(world, given, chat, await media_content(world, given, kind))


def open_chat(world: World, given: Parameters) -> Chat:
    """The chat to send to, where the bot may write now."""
    chat = world.chat_for_bot(given.chat_id())
    if world.flood:
        world.flood.pass_through(chat)
    return chat


def sent(
    world: World,
    given: Parameters,
    chat: Chat,
    content: dict[str, Any],
    *,
    extra: dict[str, Any] | None = None,
    poll: Poll | None = None,
) -> dict[str, Any]:
    """Sends this where and how the request says, and returns the message."""
    reply_to = _replied_to(chat, given)
    thread_id = _topic(chat, given)
    check_rights(chat, "poll" if poll else kind_of(content), thread_id)
    message = world.post(
        chat,
        world.bot,
        content,
        thread_id=thread_id,
        reply_to=reply_to,
        keyboard=keyboard_for_new(given),
        extra=extra,
        poll=poll,
    )
    return message.to_json()


def _topic(chat: Chat, given: Parameters) -> int | None:
    """Only topics can be written to: the threads that replies open elsewhere cannot."""
    thread_id = given.integer("message_thread_id")
    if thread_id is not None and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id


def _replied_to(chat: Chat, given: Parameters) -> Message | None:
    wanted = given.parsed("reply_parameters") or {
        "message_id": given.integer("reply_to_message_id"),
        "allow_sending_without_reply": given.flag("allow_sending_without_reply"),
    }
    if not wanted.get("message_id"):
        return None
    elsewhere = wanted.get("chat_id", chat.id) != chat.id
    found = None if elsewhere else chat.messages.get(int(wanted["message_id"]))
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


METHODS = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendAnimation": send_animation,
    "sendSticker": send_sticker,
    "sendMediaGroup": send_media_group,
    "copyMessage": copy_message,
    "sendChatAction": send_chat_action,
}
