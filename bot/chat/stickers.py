"""Answer the button that asks for a result as a sticker."""

from logging import getLogger

from bot.chat.button_router import Toast
from bot.chat.request_context import RequestContext
from bot.studio.job_message import ChatGone, NotAllowed
from bot.studio.stickers import PictureGone
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import PictureError
from storage import Job, State

log = getLogger(__name__)


async def as_sticker(request: RequestContext, job: Job, _value: str) -> Toast:
    """Send the result as a sticker, in reply to it.

    Where a group lets no stickers in, it goes to the private chat of whoever asked; so does that of a covered
    picture, as Telegram covers no stickers.
    """
    t = request.t
    ended = await request.services.studio.ended(job.id)
    if ended is None or ended.state is not State.DONE:
        return t("I can't find that picture any more.")
    try:
        return await _send(request, ended)
    except PictureGone:
        return t("I can't find that picture any more.")
    except (DecoderUnavailable, PictureError) as error:
        log.error("no sticker", extra={"reason": str(error)})
        return t("I can't make a sticker of that right now: please try again later.")


async def _send(request: RequestContext, job: Job) -> Toast:
    stickers, key, t = request.services.stickers, request.key, request.t
    would_uncover = job.spoiler and not request.is_private
    if not would_uncover:
        try:
            await stickers.send(job, key.chat_id, key.thread_id, request.message_id)
        except NotAllowed:
            pass
        else:
            return None
    try:
        await stickers.send(job, request.user.id)
    except (ChatGone, NotAllowed):
        if would_uncover:
            return t(
                "A sticker can't be hidden by a spoiler, so you get it in our private chat only: open that, "
                "tap Start there, and ask again."
            )
        return t(
            "I'm not allowed to send stickers here. Open our private chat, tap Start there, and ask again."
        )
    if would_uncover:
        return t("A sticker can't be hidden by a spoiler, so it's coming to our private chat.")
    return t("I'm not allowed to send stickers here, so it's coming to our private chat.")
