"""Act on the buttons under results, under jobs in progress and under apologies."""

from dataclasses import replace

from telegram.error import BadRequest

from bot.chat.button_router import JobTap, Toast
from bot.chat.placing import like, no_room, place_again
from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, begin, session_of
from bot.studio.queue import Filed
from bot.wording.keyboards import Action, result_keyboard
from bot.wording.phrases import strength_name
from bot.wording.translation import Translator
from core.recipe import Strength
from storage import Job, NewJob, QueueFull, State


async def repaint(request: RequestContext, job: Job, strength: str) -> Toast:
    """Paint it lighter or stronger."""
    if strength not in list(Strength):
        return request.t("That button no longer works.")
    return await _paint(request, job, replace(like(request, job), strength=strength), strength)


async def toggle_colours(request: RequestContext, job: Job, _value: str) -> Toast:
    """Paint it the other way: with the photo's colours, or with the style's."""
    return await _paint(
        request, job, replace(like(request, job), keep_colours=not job.keep_colours), "colours"
    )


async def swap(request: RequestContext, job: Job, _value: str) -> Toast:
    """Paint it with photo and style swapped."""
    new = replace(
        like(request, job),
        content=job.styles[0],
        styles=(job.content,),
        recipe=None,
    )
    return await _paint(request, job, new, "swap")


async def retry(request: RequestContext, job: Job, _value: str) -> Toast:
    """Try a failed job once more, in the message with the apology."""
    new = replace(
        like(request, job),
        recipe=job.recipe,
        reply_to_message_id=job.reply_to_message_id,
        progress_message_id=request.message_id,
    )
    return await _paint(request, job, new, "again")


async def other_style(request: RequestContext, job: Job, _value: str) -> Toast:
    """Begin a request with the same photo; the style is still to be sent."""
    await ask_next(request, await begin(request, replace(session_of(request, job), style=None)))
    return None


async def other_photo(request: RequestContext, job: Job, _value: str) -> Toast:
    """Begin a request with the same style; the photo is still to be sent."""
    await ask_next(request, await begin(request, replace(session_of(request, job), content=None)))
    return None


async def as_file(request: RequestContext, job: Job, _value: str) -> Toast:
    """Send the result as a file in full size."""
    try:
        filed = await request.services.studio.send_file(
            job.id, request.user.id, request.key.chat_id, request.key.thread_id
        )
    except QueueFull as full:
        return no_room(full, request.t)
    match filed:
        case Filed.SENT:
            return None
        case Filed.REPAINTING:
            return request.t("I no longer have that file, so I paint the picture once more.")
        case Filed.GONE:
            return request.t("I can't find that picture any more.")


async def cancel(request: RequestContext, job: Job, _value: str) -> Toast:
    """Cancel the job."""
    if await request.services.studio.cancel(job.id, request.user.id) is None:
        return request.t("Too late: that picture is finished.")
    return request.t("Cancelled.")


JOB_TAPS: dict[Action, JobTap] = {
    Action.REPAINT: repaint,
    Action.COLOURS: toggle_colours,
    Action.SWAP: swap,
    Action.RETRY: retry,
    Action.OTHER_STYLE: other_style,
    Action.OTHER_PHOTO: other_photo,
    Action.AS_FILE: as_file,
    Action.CANCEL: cancel,
}


def title(job: Job, t: Translator) -> str:
    """Say what was asked for, in a word or two."""
    strength = strength_name(job.strength, t)
    return t("{strength}, colours kept").format(strength=strength) if job.keep_colours else strength


async def show(request: RequestContext, job: Job) -> Toast:
    """Send the result again, by the id under which Telegram has it. Returns what there is to say else."""
    if job.result_photo_file_id is None:
        return request.t("I can't find that picture any more.")
    # A strip too narrow for a photo went out as a file, and its id opens nothing else.
    for send in (request.bot.send_photo, request.bot.send_document):
        try:
            await send(
                request.key.chat_id,
                job.result_photo_file_id,
                caption=title(job, request.t),
                message_thread_id=request.key.thread_id or None,
                reply_parameters=request.quoting(),
                reply_markup=result_keyboard(job, request.t),
            )
        except BadRequest:
            continue
        return None
    return request.t("I can't find that picture any more.")


async def _paint(request: RequestContext, job: Job, new: NewJob, what: str) -> Toast:
    """Queue a variation of a job; what was painted so before is shown instead."""
    try:
        placed = await place_again(request, new, f"job:{job.id}:{what}")
    except QueueFull as full:
        return no_room(full, request.t)
    if placed.is_new:
        return request.t("Here we go!")
    if placed.job.state is State.DONE:
        return await show(request, placed.job)
    return request.t("I'm on it already.")
