"""Find what a command is about: pictures replied to or above it, and the words behind it."""

from typing import TYPE_CHECKING, NamedTuple

from bot.chat.arrival import looked_at
from bot.chat.no_pictures import instead_of
from bot.chat.picture_refs import SentPicture, picture_in, picture_quoted
from bot.wording.phrases import picture_problem
from core.decoding.refusal import Reason

if TYPE_CHECKING:
    from telegram import Message

    from bot.chat.request_context import RequestContext


class CommandPictures(NamedTuple):
    """The pictures of a command.

    Args:
        theirs: in the message replied to, whoever's it is, or quoted out of another chat.
        mine: which the command is written under.
        lacks_theirs: whether there was one replied to that cannot be taken, which was said.
    """

    theirs: SentPicture | None
    mine: SentPicture | None
    lacks_theirs: bool = False

    @property
    def given(self) -> list[SentPicture]:
        """List them, in this order."""
        return [picture for picture in (self.theirs, self.mine) if picture]


async def pictures_of(request: "RequestContext") -> CommandPictures | None:
    """Find the pictures of the command.

    Of one that cannot be taken that is said, in reply to it; the other one stays. Returns None where there
    was something, and nothing of it can be taken.
    """
    message = request.message
    if message is None:
        return None
    found: list[SentPicture | None] = []
    lacking: list[bool] = []
    for said in (message.reply_to_message, message):
        picture = await looked_at(
            request.context.application,
            request.key.chat_id,
            picture_in(said) if said else picture_quoted(message),
        )
        problem = None
        if isinstance(picture, Reason):
            problem, picture = picture_problem(picture, request.t), None
        elif picture is None:
            problem = instead_of(said or message, request.t)
        if problem:
            await request.say(problem, reply_to=(said or message).message_id)
        found.append(picture)
        lacking.append(problem is not None)
        if said and picture and not picture.may_be_talk and not is_from_bot(said):
            await remember(request, picture, said.from_user.id if said.from_user else request.user.id)
    if any(lacking) and not any(found):
        return None
    theirs, mine = found
    return CommandPictures(theirs, mine, lacks_theirs=lacking[0])


async def remember(request: "RequestContext", picture: SentPicture, owner: int) -> None:
    """Remember a picture as the last one seen here."""
    await request.services.chats.saw_photo(
        request.key.chat_id, request.key.thread_id, owner, picture.ref, picture.album_id
    )


def is_from_bot(message: "Message") -> bool:
    """Say whether the bot itself said this."""
    return message.from_user is not None and message.from_user.id == message.get_bot().id


def said_after_command(message: "Message | None") -> str:
    """Return the words behind the command that a message, or what is written under a picture, begins with."""
    said = (message.text or message.caption or "") if message else ""
    return said.partition(" ")[2].strip() if said.startswith("/") else ""
