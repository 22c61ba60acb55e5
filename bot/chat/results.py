"""Act on the buttons under results, under jobs in progress and under apologies."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.chat.button_router import JobTap, Toast
from bot.chat.placing import like, no_room, place_again
from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, begin
from bot.chat.session_parts import session_of
from bot.chat.sharing import sharing_query
from bot.chat.stickers import as_sticker
from bot.gallery.titles import titles_of
from bot.gateway.refusals import refusal_of
from bot.studio.file_requests import Filed
from bot.wording.keyboards.results import more_keyboard, result_keyboard
from bot.wording.keyboards.taps import Action
from bot.wording.phrases import out_of_date, strength_name, what_was_painted
from core.recipe import Strength
from storage import Job, NewJob, QueueFull, State


async def repaint(request: RequestContext, job: Job, strength: str) -> Toast:
    """Paint it lighter or stronger."""
    if strength not in list(Strength):
        return out_of_date(request.t, is_private=request.is_private)
    if strength == job.strength:
        name = strength_name(strength, request.t)
        return request.t("{strength} is what it is now: tap another strength.").format(strength=name)
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
        styles=(job.content, *job.styles[1:]),
        recipe=None,
    )
    return await _paint(request, job, new, "swap")


async def retry(request: RequestContext, job: Job, _value: str) -> Toast:
    """Try a job once more that failed or was cancelled, in the message that says so."""
    new = replace(
        like(request, job),
        recipe=job.recipe,
        as_file_of=job.as_file_of,
        reply_to_message_id=job.reply_to_message_id,
        progress_message_id=request.message_id,
    )
    return await _paint(request, job, new, "again")


async def other_style(request: RequestContext, job: Job, _value: str) -> Toast:
    """Begin a request with the same photo; the style is still to be sent."""
    await ask_next(request, await begin(request, replace(session_of(request, job), styles=())))
    return None


async def other_photo(request: RequestContext, job: Job, _value: str) -> Toast:
    """Begin a request with the same style; the photo is still to be sent."""
    await ask_next(request, await begin(request, replace(session_of(request, job), content=None)))
    return None


async def more(request: RequestContext, job: Job, _value: str) -> Toast:
    """Show the buttons behind More."""
    ended = await request.services.studio.ended(job.id) or job
    await _turn_to(request, more_keyboard(job, request.t, shared_by=sharing_query(request.bot, ended)))
    return None


async def less(request: RequestContext, job: Job, _value: str) -> Toast:
    """Show the buttons that were there at first."""
    await _turn_to(request, result_keyboard(job, request.t, among_others=not request.is_private))
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
        case Filed.SENT_PRIVATELY:
            return request.t("I'm not allowed to send files here, so it's coming to our private chat.")
        case Filed.NOT_ALLOWED:
            return request.t(
                "I'm not allowed to send files here. Open our private chat, tap Start there, and ask again."
            )
        case Filed.REPAINTING:
            return request.t("I no longer have that file, so I'm painting the picture again.")
        case Filed.GONE:
            return request.t("I can't find that picture any more.")


async def cancel(request: RequestContext, job: Job, _value: str) -> Toast:
    """Cancel the job."""
    if await request.services.studio.cancel(job.id, request.user.id) is None:
        return request.t("Too late: that picture is already done.")
    return request.t("Cancelled.")


JOB_TAPS: dict[Action, JobTap] = {
    Action.REPAINT: repaint,
    Action.COLOURS: toggle_colours,
    Action.SWAP: swap,
    Action.RETRY: retry,
    Action.OTHER_STYLE: other_style,
    Action.OTHER_PHOTO: other_photo,
    Action.AS_FILE: as_file,
    Action.AS_STICKER: as_sticker,
    Action.MORE: more,
    Action.LESS: less,
    Action.CANCEL: cancel,
}


def title(request: RequestContext, job: Job) -> str:
    """Say what was asked for, in a few words."""
    titles = "" if job.secret else titles_of(job.styles, request.services.gallery, request.t)
    return what_was_painted(job, titles, request.t)


async def show(request: RequestContext, job: Job) -> Toast:
    """Send the result again, by the id under which Telegram has it. Returns what there is to say else."""
    if not job.result_photo_file_id:  # Telegram never said how to send it again
        return await as_file(request, job, "")
    is_refused = False
    keyboard = None if job.secret else result_keyboard(job, request.t, among_others=not request.is_private)
    # A strip too narrow for a photo went out as a file, and its id opens nothing else.
    as_photo = partial(request.bot.send_photo, has_spoiler=job.spoiler)
    for send in (as_photo, request.bot.send_document):
        try:
            await send(
                request.key.chat_id,
                job.result_photo_file_id,
                caption=title(request, job),
                message_thread_id=request.key.thread_id or None,
                reply_parameters=request.quoting(),
                reply_markup=keyboard,
            )
        except BadRequest as error:
            is_refused = is_refused or refusal_of(error) is not None
            continue
        return None
    if is_refused:
        return request.t("I'm not allowed to send pictures here: ask me in our private chat.")
    return request.t("I can't find that picture any more.")


async def _turn_to(request: RequestContext, keyboard: InlineKeyboardMarkup) -> None:
    """Change the buttons under the message. They may be so already, after a tap that comes again."""
    with suppress(BadRequest):
        await request.bot.edit_message_reply_markup(
            request.key.chat_id, request.message_id, reply_markup=keyboard
        )


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
