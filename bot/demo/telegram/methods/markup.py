"""Read keyboards: inline ones stay with their message, others leave no trace."""

from typing import Any

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.parameters import Parameters

MAX_CALLBACK_DATA = 64
MAX_BUTTONS = 100
_ACTIONS = {
    "callback_data",
    "url",
    "login_url",
    "web_app",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
_OTHER_MARKUPS = {"keyboard", "remove_keyboard", "force_reply"}


def keyboard_for_new(given: Parameters) -> dict[str, Any] | None:
    """The inline keyboard of a message to send. Other kinds of markup are accepted, and leave no trace."""
    markup = given.parsed("reply_markup")
    if isinstance(markup, dict) and not _OTHER_MARKUPS.isdisjoint(markup):
        return None
    return _inline_keyboard(markup)


def keyboard_for_edit(given: Parameters) -> dict[str, Any] | None:
    """The inline keyboard an edit leaves. An edit that names none takes the keyboard away."""
    markup = given.parsed("reply_markup")
    if isinstance(markup, dict) and not _OTHER_MARKUPS.isdisjoint(markup):
        raise bad_request("inline keyboard expected")
    return _inline_keyboard(markup)


def _inline_keyboard(markup: Any) -> dict[str, Any] | None:
    if not markup:
        return None
    if not isinstance(markup, dict) or not isinstance(markup.get("inline_keyboard"), list):
        raise bad_request("object expected as reply markup")
    rows = [row for row in markup["inline_keyboard"] if row]
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check(button)
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if rows else None


def _check(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if _ACTIONS.isdisjoint(button):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
