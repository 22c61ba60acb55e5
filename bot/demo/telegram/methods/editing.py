"""Answer the methods that change messages, and those that answer taps."""

from typing import Any

from bot.demo.telegram.chats import CAPTION_FIELDS, TEXT_FIELDS, Message
from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.methods.content import (
    caption_content,
    input_media_content,
    kind_of,
    text_content,
)
from bot.demo.telegram.methods.markup import keyboard_for_edit
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.rights import check_rights_to_edit
from bot.demo.telegram.world import World

MAX_TOAST = 200


async def edit_message_text(world: World, given: Parameters) -> dict[str, Any]:
    message = _message(world, given, "edit")
    check_rights_to_edit(message.chat, "text")
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, given, message, text_content(world, given))


async def edit_message_caption(world: World, given: Parameters) -> dict[str, Any]:
    message = _message(world, given, "edit")
    check_rights_to_edit(message.chat, "text")
    if "text" in message.content or "sticker" in message.content or message.poll:
        raise bad_request("there is no caption in the message to edit")
    media = {key: value for key, value in message.content.items() if key not in CAPTION_FIELDS}
    return _edited(world, given, message, {**media, **caption_content(world, given)})


async def edit_message_media(world: World, given: Parameters) -> dict[str, Any]:
    message = _message(world, given, "edit")
    if "sticker" in message.content or message.poll:
        raise bad_request("message media can't be edited")
    content = await input_media_content(world, given, given.parsed("media"))
    check_rights_to_edit(message.chat, kind_of(content))
    _message(world, given, "edit")  # it may have been deleted while the picture was read
    return _edited(world, given, message, content)


async def edit_message_reply_markup(world: World, given: Parameters) -> dict[str, Any]:
    message = _message(world, given, "edit")
    return _edited(world, given, message, message.content)


async def delete_message(world: World, given: Parameters) -> bool:
    message = _message(world, given, "delete")
    chat = message.chat
    if message.sender is not world.bot and not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")
    world.delete(message)
    return True


async def answer_callback_query(world: World, given: Parameters) -> bool:
    text = given.text("text")
    if len(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": given.flag("show_alert"), "url": given.text("url")}
    world.callback_queries.answer(given.text("callback_query_id"), answer)
    return True


def _message(world: World, given: Parameters, purpose: str) -> Message:
    """The message to edit or to delete."""
    chat = world.chat_for_bot(given.chat_id())
    message_id = given.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    if purpose == "edit" and message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, given: Parameters, message: Message, content: dict[str, Any]) -> dict[str, Any]:
    keyboard = keyboard_for_edit(given)
    if keyboard == message.keyboard and _essence(content) == _essence(message.content):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    if world.flood:
        world.flood.pass_through(message.chat)
    world.edit(message, content, keyboard)
    return message.to_json()


def _essence(content: dict[str, Any]) -> dict[str, Any]:
    """Content with files by what is in them: the same picture sent again under a new id is no change."""
    essence: dict[str, Any] = {}
    for field, value in content.items():
        if field in TEXT_FIELDS | CAPTION_FIELDS | {"has_media_spoiler"}:
            essence[field] = value
        else:
            files = value if isinstance(value, list) else [value]
            essence[field] = [file["file_unique_id"] for file in files]
    return essence


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
}
