"""Answer the method with which the bot answers inline queries."""

import re
from typing import Any

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.files import Kind
from bot.demo.telegram.inline_queries import InlineAnswer, InlineResult
from bot.demo.telegram.methods.content import described_caption, text_of
from bot.demo.telegram.parameters import Parameters
from bot.demo.telegram.world import World

MAX_RESULTS = 50
MAX_ID = 64  # bytes, of a result's id and of an offset
CACHE_TIME, LONGEST_CACHE_TIME = 300, 24 * 60 * 60  # seconds
_FILES: dict[str, tuple[str, Kind]] = {
    "photo": ("photo_file_id", "Photo"),
    "sticker": ("sticker_file_id", "Sticker"),
}
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")

Fields = dict[str, Any]


async def answer_inline_query(world: World, given: Parameters) -> bool:
    """Results are articles, and photos and stickers that are at Telegram already; others are not emulated."""
    listed = given.parsed("results") or []
    if not isinstance(listed, list):
        raise bad_request("expected an Array of inline query results")
    if len(listed) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    results = tuple(_result(world, described) for described in listed)
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    next_offset = given.text("next_offset")
    if len(next_offset.encode()) > MAX_ID:
        raise bad_request("NEXT_OFFSET_INVALID")
    cache_time = given.integer("cache_time")
    answer = InlineAnswer(
        results,
        next_offset,
        _button(given.parsed("button")),
        CACHE_TIME if cache_time is None else min(max(cache_time, 0), LONGEST_CACHE_TIME),
        given.flag("is_personal"),
    )
    world.inline_queries.answer(given.text("inline_query_id"), answer)
    return True


def _result(world: World, described: Any) -> InlineResult:
    if not isinstance(described, dict):
        raise _unreadable("Inline query result must be an object")
    for name in ("type", "id"):
        if not isinstance(described.get(name), str):
            raise _unreadable(f'Can\'t find field "{name}"')
    if not 1 <= len(described["id"].encode()) <= MAX_ID:
        raise bad_request("RESULT_ID_INVALID")
    return InlineResult(described, _content(world, described))


def _content(world: World, described: Fields) -> Fields:
    """What is said when the result is chosen."""
    kind = described["type"]
    if kind == "article" and not described.get("title"):
        raise _unreadable('Can\'t find field "title"')
    file: Fields = {}
    if kind in _FILES:
        name, file_kind = _FILES[kind]
        if not described.get(name):
            raise _unreadable(f'Can\'t find field "{name}"')
        file = world.files.media(described[name], file_kind).content
    elif kind != "article":
        raise _unreadable(f'type "{kind}" is unsupported for the inline query result')
    said = described.get("input_message_content")
    if said:
        text, mode = said.get("message_text") or "", said.get("parse_mode") or ""
        return text_of(world, text, mode, said.get("entities"))
    if kind == "article":
        raise _unreadable('Can\'t find field "message_text"')
    return {**file, **described_caption(world, described)} if kind == "photo" else file


def _button(described: Any) -> Fields | None:
    if described is None:
        return None
    if not isinstance(described, dict) or not described.get("text"):
        raise bad_request("can't parse inline query results button: Can't find field \"text\"")
    if ("start_parameter" in described) == ("web_app" in described):
        raise bad_request(
            "can't parse inline query results button: "
            "InlineQueryResultsButton must have exactly one optional field"
        )
    if not _START_PARAMETER.fullmatch(described.get("start_parameter", "web_app")):
        raise bad_request("START_PARAM_INVALID")
    return described


def _unreadable(problem: str) -> ApiError:
    return bad_request(f"can't parse inline query result: {problem}")


METHODS = {"answerInlineQuery": answer_inline_query}
