"""Make a message's content from a request's parameters, within Telegram's limits."""

from typing import Any

from bot.demo.telegram.entities import Formatted, formatted
from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.files import Kind, Media, Upload
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PHOTO_UPLOAD = 10 << 20
MAX_UPLOAD = 50 << 20
_KINDS: dict[str, Kind] = {"photo": "Photo", "document": "Document", "animation": "Animation"}

Content = dict[str, Any]


def text_content(world: World, given: Parameters) -> Content:
    said = _formatted(world, given.text("text"), given.text("parse_mode"), given.parsed("entities"))
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


async def media_content(world: World, given: Parameters, kind: str) -> Content:
    """The photo, document or animation given under its own name, with its caption."""
    caption = caption_content(world, given)
    measures = {name: given.integer(name) or 0 for name in ("width", "height", "duration")}
    media = await _media(world, kind, given.file(kind), measures)
    return {**media.content, **caption}


async def input_media_content(world: World, given: Parameters, described: Any) -> Content:
    """The same from an InputMedia object, whose file may be attached beside it."""
    if not isinstance(described, dict) or "type" not in described:
        raise bad_request("can't parse InputMedia: Object expected")
    caption = _caption(
        world,
        described.get("caption") or "",
        described.get("parse_mode") or "",
        described.get("caption_entities"),
    )
    measures = {name: int(described.get(name) or 0) for name in ("width", "height", "duration")}
    file = given.referenced_file(str(described.get("media") or ""))
    media = await _media(world, described["type"], file, measures)
    return {**media.content, **caption}


async def _media(world: World, kind: str, file: Upload | str | None, measures: dict[str, int]) -> Media:
    if kind not in _KINDS:
        raise bad_request(f"type {kind} is not known to the emulator")
    if file is None:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(file, str):
        return world.files.media(file, _KINDS[kind])
    if not file.data:
        raise bad_request("file must be non-empty")
    if len(file.data) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
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


def _caption(world: World, text: str, parse_mode: str, entities: list[Content] | None) -> Content:
    said = _formatted(world, text, parse_mode, entities)
    if len(said.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Content = {}
    if said.text:
        content["caption"] = said.text
    if said.entities:
        content["caption_entities"] = said.entities
    return content


def _formatted(world: World, text: str, parse_mode: str, entities: list[Content] | None) -> Formatted:
    def find_user(user_id: int) -> Content | None:
        person = world.people.get(user_id)
        return person.to_json() if person else None

    return formatted(text, parse_mode, entities, find_user)
