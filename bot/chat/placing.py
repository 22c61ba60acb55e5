"""Place jobs that repeat or vary an earlier one, and say why when the queue is full."""

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from bot.studio.recipes import mix_alone
from storage import Job, NewJob, QueueFull, Scope, State

if TYPE_CHECKING:
    from bot.chat.request_context import RequestContext
    from bot.studio.queue import Placed
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
            return t("You have as many pictures waiting as I can keep: please let one of them finish first.")
        case Scope.CHAT:
            return t("This chat has as many pictures waiting as I can keep: please try again in a while.")
        case Scope.OVERALL:
            return t("So many people are waiting that my queue is full: please try again in a few minutes.")
