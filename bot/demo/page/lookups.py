"""Find what the page names, or refuse: chats, people in them, messages."""

from typing import TYPE_CHECKING, Any

from bot.demo.page.refusal import Refusal
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.people.users import SimulatedUser, Where

if TYPE_CHECKING:
    from bot.demo.telegram.chats import Chat, Message
    from bot.demo.telegram.world import World


def chat_of(world: "World", given: Any) -> "Chat":
    """Return the chat of this id."""
    chat = world.chats.get(integer(given, "chat"))
    if chat is None:
        raise Refusal("not_found", "There is no such chat.")
    return chat


def speaker_in(world: "World", chat: "Chat", given: Any) -> SimulatedUser:
    """Return the member of the chat who has this id."""
    person = world.people.get(integer(given, "user"))
    if person is None or person not in chat.members:
        raise Refusal("forbidden", "There is no such person in this chat.")
    return SimulatedUser.of(person, world)


def message_in(chat: "Chat", given: Any) -> "Message":
    """Return the message of this id."""
    message = chat.messages.get(integer(given, "message"))
    if message is None:
        raise Refusal("not_found", "There is no such message.")
    return message


def place_in(world: "World", chat: "Chat", reply_to: Any) -> Where:
    """Return where something is said: in this chat, in reply to the message of this id, if there is one."""
    where = Where(chat=chat)
    if reply_to:
        where["reply_to"] = SeenMessage(message_in(chat, reply_to).to_json(), world.files)
    return where


def integer(given: Any, what: str) -> int:
    """Read the number of a `what`."""
    try:
        return int(given)
    except (TypeError, ValueError, OverflowError):
        raise Refusal("bad_request", f"There has to be the number of a {what}.") from None
