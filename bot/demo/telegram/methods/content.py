"""Make a message's content from a request's parameters, within Telegram's limits."""

import asyncio
from typing import Any

from bot.demo.telegram import photo_sizes
from bot.demo.telegram.chats import Sendable
from bot.demo.telegram.entities import Formatted, formatted
from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.files import Kind, Media, Upload
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PHOTO_UPLOAD = 10 << 20
MAX_UPLOAD = 50 << 20
MAX_STICKER = 512 << 10
STICKER_SIDE = 512  # of the longer side, exactly
_KINDS: dict[str, Kind] = {"photo": "Photo", "document": "Document", "animation": "Animation"}

Content = dict[str, Any]


def text_content(world: World, given: Parameters) -> Content:
    return text_of(world, given.text("text"), given.text("parse_mode"), given.parsed("entities"))


def text_of(world: World, text: str, parse_mode: str, entities: list[Content] | None) -> Content:
    """The content of a message that is only a text."""
    said = formatted_text(world, text, parse_mode, entities)
    if not said.text:
        raise bad_request("message text is empty")
    if len(said.text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Content = {"text": said.text}
    if said.entities:
        content["entities"] = said.entities
    return content


def caption_content(world: World, given: Parameters) -> Content:
    return _caption(world, given.text("caption"), given.text("parse_mode"), given.parsed("caption_entities"))


def kind_of(content: Content) -> Sendable:
    """What a chat has to let in, for this to be sent there."""
    kinds: tuple[Sendable, ...] = ("photo", "animation", "sticker", "document")
    return next((kind for kind in kinds if kind in content), "text")


async def media_content(world: World, given: Parameters, kind: str) -> Content:
    """The photo, document or animation given under its own name, with its caption."""
    caption = caption_content(world, given)
    measures = {name: given.integer(name) or 0 for name in ("width", "height", "duration")}
    media = await _media(world, kind, given.file(kind), measures)
    return {**media.content, **_covered(kind, given.flag("has_spoiler")), **caption}


async def input_media_content(world: World, given: Parameters, described: Any) -> Content:
    """The same from an InputMedia object, whose file may be attached beside it."""
    if not isinstance(described, dict) or "type" not in described:
        raise bad_request("can't parse InputMedia: Object expected")
    caption = described_caption(world, described)
    measures = {name: int(described.get(name) or 0) for name in ("width", "height", "duration")}
    file = given.referenced_file(str(described.get("media") or ""))
    media = await _media(world, described["type"], file, measures)
    return {**media.content, **_covered(described["type"], bool(described.get("has_spoiler"))), **caption}


def described_caption(world: World, described: Content) -> Content:
    """The caption in an object, as InputMedia objects and inline results have it."""
    return _caption(
        world,
        described.get("caption") or "",
        described.get("parse_mode") or "",
        described.get("caption_entities"),
    )


async def sticker_content(world: World, given: Parameters) -> Content:
    """A still sticker. A file that is none Telegram does not refuse: it sends it as a document."""
    file = given.file("sticker")
    if file is None:
        raise bad_request("there is no sticker in the request")
    if isinstance(file, str):
        return world.files.media(file, "Sticker").content
    _check_size(file)
    size = await asyncio.to_thread(photo_sizes.size, file.data)
    if size is None or not _is_sticker(file.data, size):
        return (await world.files.add_document(file, of_bot=True)).content
    emoji = {"emoji": given.text("emoji")} if given.text("emoji") else {}
    upload = Upload(file.data, "sticker.webp")
    media = await world.files.add(
        "Sticker",
        "sticker",
        upload,
        of_bot=True,
        type="regular",
        width=size[0],
        height=size[1],
        is_animated=False,
        is_video=False,
        **emoji,
    )
    return media.content


def _is_sticker(data: bytes, size: tuple[int, int]) -> bool:
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp and max(size) == STICKER_SIDE and len(data) <= MAX_STICKER


def _covered(kind: str, has_spoiler: bool) -> Content:
    """What says that a picture is covered until it is tapped. Files cannot be."""
    return {"has_media_spoiler": True} if has_spoiler and kind != "document" else {}


async def _media(world: World, kind: str, file: Upload | str | None, measures: dict[str, int]) -> Media:
    if kind not in _KINDS:
        raise bad_request(f"type {kind} is not known to the emulator")
    if file is None:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(file, str):
        return world.files.media(file, _KINDS[kind])
    _check_size(file)
    if kind == "document":
        return await world.files.add_document(file, of_bot=True)
    if kind == "animation":
        return await world.files.add_animation(file, of_bot=True, **measures)
    if len(file.data) > MAX_PHOTO_UPLOAD:
        raise bad_request(
            f"file of size {len(file.data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO_UPLOAD} bytes"
        )
    return await world.files.add_photo(file.data, of_bot=True)


def _check_size(file: Upload) -> None:
    if not file.data:
        raise bad_request("file must be non-empty")
    if len(file.data) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")


def _caption(world: World, text: str, parse_mode: str, entities: list[Content] | None) -> Content:
    said = formatted_text(world, text, parse_mode, entities)
    if len(said.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Content = {}
    if said.text:
        content["caption"] = said.text
    if said.entities:
        content["caption_entities"] = said.entities
    return content


def formatted_text(world: World, text: str, parse_mode: str, entities: list[Content] | None) -> Formatted:
    """The text without its mark-up, with entities in its place."""

    def find_user(user_id: int) -> Content | None:
        person = world.people.get(user_id)
        return person.to_json() if person else None

    return formatted(text, parse_mode, entities, find_user)
