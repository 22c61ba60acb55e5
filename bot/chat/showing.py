"""Show an earlier result once more."""

from telegram.error import BadRequest

from bot.chat.button_router import Toast
from bot.chat.request_context import RequestContext
from bot.wording.keyboards import result_keyboard
from bot.wording.texts import Translator, strength_name
from storage import Job


def title(job: Job, t: Translator) -> str:
    """What was asked for, in a word or two."""
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
