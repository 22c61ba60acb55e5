"""Read whom an administrator means: by number, or by a message forwarded from them."""

import re
from dataclasses import dataclass

from telegram import Message, MessageOriginUser

from bot.chat.request_context import RequestContext
from bot.wording.translation import Translator

LIKE_AN_ID = 6  # digits; people have that many for years, and a reason seldom begins with such a number


@dataclass(frozen=True)
class Meant:
    """Somebody, and what else the command says."""

    user_id: int
    reason: str | None


async def whom(request: RequestContext) -> Meant | str:
    """Read whom a command is about, and what else it says. Returns what to answer where it is not clear.

    In reply to a forwarded message its author is meant, and a number may begin the reason: "2 many cats". A
    number that may be somebody else's id is asked about, so that nobody is shut out by mistake.
    """
    message = request.message
    said = (message.text or "").partition(" ")[2].strip() if message else ""
    found = re.fullmatch(r"([0-9]{1,15})\b\s*(.*)", said, re.DOTALL)
    number, rest = (int(found[1]), found[2] or None) if found else (None, None)
    replied_to = message.reply_to_message if message else None
    origin = replied_to.forward_origin if isinstance(replied_to, Message) else None
    if origin is None:
        return Meant(number, rest) if number is not None else _how(request.t)
    is_id = number is not None and await _may_be_an_id(request, number, rest)
    if not isinstance(origin, MessageOriginUser):
        return Meant(number, rest) if number is not None and is_id else _how(request.t)
    author = origin.sender_user.id
    if number == author:
        return Meant(author, rest)
    if is_id:
        text = request.t(
            "That message is from {author}, but you wrote {number}: reply without a number to mean "
            "{author}, or send the number without replying."
        )
        return text.format(author=author, number=number)
    return Meant(author, said or None)


async def _may_be_an_id(request: RequestContext, number: int, rest: str | None) -> bool:
    if rest is None or number >= 10 ** (LIKE_AN_ID - 1):
        return True
    return await request.services.users.get(number) is not None


def _how(t: Translator) -> str:
    return t(
        "Write the person's number after the command, or reply with it to a message forwarded from them. "
        "Some people hide who they are when forwarded: for them you need the number."
    )
