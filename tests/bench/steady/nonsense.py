"""Answers and updates that make no sense, as proxies, new versions and broken servers send them."""

import json
import time
from typing import Any

from bot.demo.telegram.chats import Person
from bot.demo.telegram.faults import RawAnswer

MARK = "Quagga"  # in all that people are made to say here: none of it may be in the log
HUGE = 2**70
HTML = f"<html><body><h1>{MARK}</h1></body></html>".encode()

METHODS = (
    *("getMe", "deleteWebhook", "setWebhook", "getWebhookInfo", "setMyCommands", "getUpdates"),
    *("sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageMedia"),
    *("editMessageCaption", "deleteMessage", "answerCallbackQuery", "getFile", "download"),
)
AT_START = ("getMe", "deleteWebhook", "setWebhook", "getWebhookInfo", "setMyCommands")
REFUSALS = (400, 403, 404)


def answers() -> dict[str, RawAnswer]:
    """Bodies that are no answer of the Bot API, by name."""

    def said(status: int, content: Any) -> RawAnswer:
        return RawAnswer(json.dumps(content).encode(), status)

    return {
        "HTML, 200": RawAnswer(HTML, media_type="text/html"),
        **{f"HTML, {status}": RawAnswer(HTML, status, "text/html") for status in (*REFUSALS, 500, 502)},
        "cut JSON": RawAnswer(f'{{"ok":true,"result":{{"message_id":7,"text":"{MARK}'.encode()),
        "nothing": RawAnswer(b""),
        "no UTF-8": RawAnswer(b'{"ok":true,"result":"\xff\xfe"}'),
        "null": said(200, None),
        "a list": said(200, [MARK]),
        "a word": said(200, MARK),
        "{}": said(200, {}),
        "ok alone": said(200, {"ok": True}),
        "null result": said(200, {"ok": True, "result": None}),
        "empty result": said(200, {"ok": True, "result": {}}),
        "a word as result": said(200, {"ok": True, "result": MARK}),
        "a number as result": said(200, {"ok": True, "result": 7}),
        "a list as result": said(200, {"ok": True, "result": [MARK, None, 7]}),
        "a refusal without words": said(400, {"ok": False}),
        "a refusal with 200": said(200, {"ok": False, "error_code": 500, "description": MARK}),
        "a refusal of odd kinds": said(400, {"ok": False, "error_code": "x", "description": 5}),
        "429 without a time": said(429, {"ok": False, "error_code": 429, "description": "Too Many Requests"}),
        "429 of an odd time": said(429, {"ok": False, "parameters": {"retry_after": "soon"}}),
    }


def updates(person: Person) -> dict[str, Any]:
    """Updates that are none, or almost, from this person, by name."""
    said = {
        "message_id": 1,
        "date": int(time.time()),
        "chat": {"id": person.id, "type": "private", "first_name": MARK},
        "from": {"id": person.id, "is_bot": False, "first_name": MARK},
        "text": MARK,
    }
    poll = {"id": "1", "question": MARK, "options": [], "total_voter_count": 0, "is_closed": False}
    tap = {"id": "7", "from": said["from"], "chat_instance": "1", "data": "s:1:light", "message": said}
    command = {"type": "bot_command", "offset": 0, "length": 0}
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 9, "height": 9}]

    def message(**changed: Any) -> dict[str, Any]:
        return {"message": said | changed}

    def without(name: str) -> dict[str, Any]:
        return {"message": {key: value for key, value in said.items() if key != name}}

    deep: Any = said
    for _ in range(400):
        deep = said | {"reply_to_message": deep}
    return {
        "a word": MARK,
        "a number": 7,
        "null": None,
        "a list": [MARK],
        "no kind": {},
        "an unknown kind": {"telepathy": {"thought": MARK}},
        "an id that is a word": {"update_id": MARK, **message()},
        "an id that is null": {"update_id": None, **message()},
        "an id beyond 64 bits": {"update_id": HUGE, **message()},
        "an id below 0": {"update_id": -5, **message()},
        "message: null": {"message": None},
        "message: a word": {"message": MARK},
        "message: a list": {"message": [said]},
        "message: {}": {"message": {}},
        **{f"a message without {name}": without(name) for name in sorted(said)},
        "a date far off": message(date=HUGE),
        "a date below 0": message(date=-(10**15)),
        "a date in words": message(date=MARK),
        "a chat without a kind": message(chat={"id": person.id}),
        "a chat of an unknown kind": message(chat={"id": person.id, "type": "dream"}),
        "a chat beyond 64 bits": message(chat={"id": HUGE, "type": "private"}),
        "a person beyond 64 bits": message(**{"from": {"id": HUGE, "is_bot": False, "first_name": MARK}}),
        "a person who is a word": message(**{"from": MARK}),
        "a message beyond 64 bits": message(message_id=HUGE),
        "a text that is a number": message(text=7),
        "a text that is a list": message(text=[MARK]),
        "a text of nulls": message(text="\0" * 9),
        "entities out of range": message(entities=[{"type": "bot_command", "offset": -5, "length": HUGE}]),
        "entities of an unknown kind": message(entities=[{"type": "dream", "offset": 0, "length": 3}]),
        "entities that are a word": message(entities=MARK),
        "a command without its end": message(text="/", entities=[command]),
        "a photo of no sizes": message(photo=[]),
        "a photo of an empty size": message(photo=[{}]),
        "a photo without its area": message(photo=[{"file_id": "a", "file_unique_id": "a"}]),
        "a photo nobody has": message(photo=photo),
        "a file without anything": message(document={}),
        "a file of odd kinds": message(
            document={
                "file_id": "a",
                "file_unique_id": "a",
                "file_size": MARK,
                "mime_type": 7,
                "file_name": [],
            }
        ),
        "a sticker that lacks fields": message(sticker={"file_id": "a"}),
        "an album's number that is a list": message(photo=photo, media_group_id=[MARK]),
        "a reply to nothing": message(reply_to_message={}),
        "replies to replies": {"message": deep},
        "a forward of an unknown kind": message(forward_origin={"type": "dream", "date": 1}),
        "a poll that lacks a new field": {"poll": poll},
        "a poll in a message": message(poll=poll),
        "a tap without a person": {"callback_query": {"id": "7", "data": MARK, "chat_instance": "1"}},
        "a tap on nothing": {"callback_query": {key: tap[key] for key in tap.keys() - {"message", "data"}}},
        "a tap of an odd message": {"callback_query": tap | {"message": {"message_id": MARK}}},
        "a tap beyond 64 bits": {"callback_query": tap | {"data": f"c:{HUGE}:"}},
        "a new standing of an unknown kind": {
            "my_chat_member": {
                "chat": said["chat"],
                "from": said["from"],
                "date": 1,
                "old_chat_member": {"status": "dreaming", "user": said["from"]},
                "new_chat_member": {"status": "awake"},
            }
        },
        "a new standing of nobody": {"my_chat_member": {}},
        "an edit of nothing": {"edited_message": {}},
    }


def posts() -> dict[str, bytes]:
    """What may be posted to a webhook instead of an update."""
    return {
        "HTML": HTML,
        "nothing": b"",
        "cut JSON": f'{{"update_id":1,"message":{{"text":"{MARK}'.encode(),
        "no UTF-8": b'{"update_id":1,"message":{"text":"\xff\xfe"}}',
        "null": b"null",
        "a word": f'"{MARK}"'.encode(),
        "a list": b"[]",
        "{}": b"{}",
        "NaN": b'{"update_id":NaN}',
        "a number of digits without end": b'{"update_id":' + b"9" * 5000 + b"}",
        "brackets without end": b"[" * 100_000,
    }
