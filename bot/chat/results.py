"""The buttons under results, under jobs on their way, and under apologies."""

from dataclasses import replace

from bot.chat.button_router import JobTap, Toast
from bot.chat.placing import like, no_room, place_again
from bot.chat.request_context import Turn
from bot.chat.session_flow import ask_next, begin, session_of, without_content, without_style
from bot.chat.showing import show
from bot.studio.queue import Filed
from bot.wording.keyboards import Action
from core.recipe import Strength
from storage import Job, NewJob, QueueFull, State


async def repaint(turn: Turn, job: Job, strength: str) -> Toast:
    """Lighter or Stronger."""
    if strength not in list(Strength):
        return turn.t("That button no longer works.")
    return await _paint(turn, job, replace(like(turn, job), strength=strength), strength)


async def toggle_colors(turn: Turn, job: Job, _value: str) -> Toast:
    return await _paint(turn, job, replace(like(turn, job), keep_colors=not job.keep_colors), "colours")


async def swap(turn: Turn, job: Job, _value: str) -> Toast:
    new = replace(
        like(turn, job),
        content_file_id=job.style_file_id,
        content_thumbnail_id=job.style_thumbnail_id,
        style_file_id=job.content_file_id,
        style_thumbnail_id=job.content_thumbnail_id,
        more_style_file_ids=(),
        recipe=None,
    )
    return await _paint(turn, job, new, "swap")


async def retry(turn: Turn, job: Job, _value: str) -> Toast:
    """Once more what failed, in the message with the apology."""
    new = replace(
        like(turn, job),
        recipe=job.recipe,
        reply_to_message_id=job.reply_to_message_id,
        progress_message_id=turn.message_id,
    )
    return await _paint(turn, job, new, "again")


async def other_style(turn: Turn, job: Job, _value: str) -> Toast:
    """The same photo, with a style still to be sent."""
    await ask_next(turn, await begin(turn, without_style(session_of(turn, job))))
    return None


async def other_photo(turn: Turn, job: Job, _value: str) -> Toast:
    """The same style, for a photo still to be sent."""
    await ask_next(turn, await begin(turn, without_content(session_of(turn, job))))
    return None


async def as_file(turn: Turn, job: Job, _value: str) -> Toast:
    try:
        filed = await turn.services.studio.send_file(
            job.id, turn.user.id, turn.key.chat_id, turn.key.thread_id
        )
    except QueueFull as full:
        return no_room(full, turn.t)
    match filed:
        case Filed.SENT:
            return None
        case Filed.REPAINTING:
            return turn.t("I no longer have that file, so I paint the picture once more.")
        case Filed.GONE:
            return turn.t("I can't find that picture any more.")


async def cancel(turn: Turn, job: Job, _value: str) -> Toast:
    if await turn.services.studio.cancel(job.id, turn.user.id) is None:
        return turn.t("Too late: that picture is finished.")
    return turn.t("Cancelled.")


JOB_TAPS: dict[Action, JobTap] = {
    Action.REPAINT: repaint,
    Action.COLORS: toggle_colors,
    Action.SWAP: swap,
    Action.RETRY: retry,
    Action.OTHER_STYLE: other_style,
    Action.OTHER_PHOTO: other_photo,
    Action.AS_FILE: as_file,
    Action.CANCEL: cancel,
}


async def _paint(turn: Turn, job: Job, new: NewJob, what: str) -> Toast:
    """Queue a variation of a job; what was painted so before is shown instead."""
    try:
        placed = await place_again(turn, new, f"job:{job.id}:{what}")
    except QueueFull as full:
        return no_room(full, turn.t)
    if placed.is_new:
        return turn.t("Here we go!")
    if placed.job.state is State.DONE:
        return await show(turn, placed.job)
    return turn.t("I'm on it already.")
