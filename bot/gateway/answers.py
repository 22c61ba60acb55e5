"""Check that an answer of the Bot API can be read, before python-telegram-bot tries to.

Between the bot and Telegram stand proxies, which answer with pages of HTML, with half of an answer or with
nothing. Such an answer says nothing about the token, the chat or the message, whatever its status is.
"""

import json
from http import HTTPStatus
from typing import Any, Final

from telegram import ChatMember, File, Message, TelegramObject, User, WebhookInfo
from telegram.error import NetworkError

LONGEST_WAIT = 10**9  # seconds; what Telegram never asks for, and no clock can add

# What is answered where it is no message (as to sendPhoto and editMessageText) and no plain true.
_RESULTS: Final[dict[str, type[TelegramObject]]] = {
    "getMe": User,
    "getFile": File,
    "getChatMember": ChatMember,
    "getWebhookInfo": WebhookInfo,
}
# What the library raises over what it cannot read.
_STUMBLES = (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError)
_NO_MESSAGE = {"sendChatAction", "sendMediaGroup"}
_ESSENTIAL = ("message_id", "date", "chat")  # of a message


class UnreadableAnswer(NetworkError):
    """An answer that is none. Its words are not in the message: they are not Telegram's, and may be long."""

    def __init__(self, status: int) -> None:
        super().__init__(f"unreadable answer (status {status})")


def readable(method: str, status: int, body: bytes) -> bytes:
    """Return the body of an answer as it can be read; that of a message without what the library cannot.

    (A message was sent, even if something new is in it, and to send it again would not help.)

    Args:
        method: of the Bot API, such as sendMessage.
        status: HTTP's.
        body: the answer.

    Raises `UnreadableAnswer`.
    """
    try:
        answer = json.loads(body)
        fits = _succeeded(answer, status) or _was_refused(answer, status)
        if fits and answer["ok"]:
            result = _result(method, answer["result"])
            return body if result is answer["result"] else json.dumps({"ok": True, "result": result}).encode()
    except (*_STUMBLES, RecursionError) as error:
        raise UnreadableAnswer(status) from error
    if not fits:
        raise UnreadableAnswer(status)
    return body


def _succeeded(answer: Any, status: int) -> bool:
    return answer["ok"] is True and answer["result"] is not None and HTTPStatus.OK <= status < 300


def _was_refused(answer: Any, status: int) -> bool:
    """Say whether this is a refusal in Telegram's own words."""
    if answer["ok"] is not False or answer["error_code"] != status or status < HTTPStatus.BAD_REQUEST:
        return False
    told = answer.get("parameters", {})
    wait, moved_to = told.get("retry_after", 0), told.get("migrate_to_chat_id", 0)
    is_sane = type(wait) is int and 0 <= wait <= LONGEST_WAIT and type(moved_to) is int
    return is_sane and isinstance(answer.get("description", ""), str)


def _result(method: str, result: Any) -> Any:
    """Return the result as far as the library can read it. Raises what the library does."""
    if method == "getUpdates":
        if not isinstance(result, list):
            raise TypeError
    elif kind := _RESULTS.get(method):
        if kind.de_json(result, None) is None:
            raise TypeError
    elif method.startswith(("send", "edit")) and method not in _NO_MESSAGE and result is not True:
        try:
            Message.de_json(result, None)
        except _STUMBLES:
            return _message(result)
    return result


def _message(result: dict[str, Any]) -> dict[str, Any]:
    """Return what the library can read of a message. Raises what it does if that is not even a message."""
    essential = {name: result[name] for name in _ESSENTIAL}
    Message.de_json(essential, None)
    legible = dict(essential)
    for name, value in result.items():
        try:
            Message.de_json({**essential, name: value}, None)
        except _STUMBLES:
            continue
        legible[name] = value
    return legible
