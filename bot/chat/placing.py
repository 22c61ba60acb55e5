"""Make jobs of requests, of commands and of earlier jobs, and say why when the queue is full."""

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from bot.studio.recipes import mix_alone
from storage import Job, NewJob, PictureRef, QueueFull, Scope, Session, State

if TYPE_CHECKING:
    from bot.chat.request_context import RequestContext
    from bot.studio.studio import Placed
    from bot.wording.translation import Translator


def like(request: "RequestContext", job: Job) -> NewJob:
    """Make a job like this one, in reply to this message. Its request key is still to be given."""
    return NewJob(
        request_key="",
        **request.key._asdict(),
        content=job.content,
        styles=job.styles,
        strength=job.strength,
        keep_colours=job.keep_colours,
        larger=job.larger,
        recipe=mix_alone(job),
        language=request.t.language,
        reply_to_message_id=request.message_id,
    )


def order_of(request: "RequestContext", session: Session, strength: str, request_key: str) -> NewJob:
    """Make a job of a request that is complete. The key says what it answers, so that twice makes one job."""
    assert session.content is not None  # as it is complete  # noqa: S101
    return NewJob(
        request_key=request_key,
        **request.key._asdict(),
        content=session.content,
        styles=session.styles,
        strength=strength,
        keep_colours=session.keep_colours,
        larger=session.larger,
        language=request.t.language,
        reply_to_message_id=session.content.message_id,
        command_message_id=session.command_message_id,
    )


def key_of_command(request: "RequestContext") -> str:
    """Return the request key of the one job that this message's command makes, however often it comes."""
    return f"message:{request.key.chat_id}:{request.message_id}"


def as_usual(request: "RequestContext", request_key: str, content: PictureRef, style: PictureRef) -> NewJob:
    """Make a job with the person's usual settings, asked for in this message."""
    return NewJob(
        request_key=request_key,
        **request.key._asdict(),
        content=content,
        styles=(style,),
        strength=request.user.strength,
        keep_colours=request.user.keep_colours,
        larger=request.user.larger,
        language=request.t.language,
        reply_to_message_id=request.message_id,
        command_message_id=request.message_id,
    )


async def place_as_usual(request: "RequestContext", content: PictureRef, style: PictureRef) -> bool:
    """Queue a painting with the person's usual settings, for the command in this message.

    Returns whether there was room; if not, that is said.
    """
    try:
        await request.services.studio.submit(as_usual(request, key_of_command(request), content, style))
    except QueueFull as full:
        await request.say(no_room(full, request.t))
        return False
    return True


async def place_again(request: "RequestContext", new: NewJob, key: str) -> "Placed":
    """Queue the job unless the same one, by `key`, waits, runs or is done.

    One that failed or was cancelled may be asked for again: each attempt is numbered. Raises `QueueFull`.
    """
    for number in count(1):
        placed = await request.services.studio.submit(replace(new, request_key=f"{key}:{number}"))
        if placed.is_new or placed.job.state not in (State.FAILED, State.CANCELLED):
            return placed
    raise AssertionError("counting has no end")


def no_room(full: QueueFull, t: "Translator") -> str:
    """Word whose limit a full queue has reached."""
    match full.scope:
        case Scope.USER:
            return t("You already have as many pictures waiting as I can take: please let one finish first.")
        case Scope.CHAT:
            return t(
                "This chat already has as many pictures waiting as I can take: please try again in a while."
            )
        case Scope.OVERALL:
            return t("My queue is full right now: please try again in a few minutes.")
