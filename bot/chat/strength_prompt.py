"""Act on the buttons under the two pictures: a strength, how to paint, or cancel."""

from contextlib import suppress
from dataclasses import replace

from telegram.error import BadRequest

from bot.chat.button_router import OwnTap, Toast
from bot.chat.placing import no_room
from bot.chat.request_context import RequestContext
from bot.chat.session_flow import is_complete
from bot.wording.keyboards import Action, strength_keyboard
from core.recipe import Strength
from storage import NewJob, QueueFull, Session


async def choose(request: RequestContext, strength: str) -> Toast:
    """Queue the job. The question's message is its request key, so however many taps make one job."""
    session = await _asked(request)
    if session is None:
        return await _settled(request)
    if strength not in list(Strength):
        return request.t("That button no longer works.")
    if session.content is None or session.style is None:
        return request.t("One of the two pictures is still missing.")
    new = NewJob(
        request_key=f"prompt:{request.key.chat_id}:{request.message_id}",
        **request.key._asdict(),
        content=session.content,
        styles=(session.style,),
        strength=strength,
        keep_colours=session.keep_colours,
        larger=session.larger,
        language=request.t.language,
        reply_to_message_id=session.content.message_id,
        progress_message_id=request.message_id,  # the question becomes the progress, and at last the result
    )
    try:
        await request.services.studio.submit(new)
    except QueueFull as full:
        return no_room(full, request.t)
    await request.services.sessions.delete(request.key)
    return request.t("Here we go!")


async def toggle_keep_colours(request: RequestContext, _value: str) -> Toast:
    """Change whether the photo keeps its colours."""
    session = await _asked(request)
    if session is None:
        return await _settled(request)
    await _change(request, replace(session, keep_colours=not session.keep_colours))
    return None


async def toggle_larger(request: RequestContext, _value: str) -> Toast:
    """Change whether the picture is painted larger."""
    session = await _asked(request)
    if session is None:
        return await _settled(request)
    await _change(request, replace(session, larger=not session.larger))
    return None


async def abandon(request: RequestContext, _value: str) -> Toast:
    """Drop the request."""
    session = await _asked(request)
    if session is None:
        return await _settled(request)
    await request.services.sessions.delete(request.key)
    await request.delete(request.message_id)
    await request.say(request.t("Cancelled. Whenever you like, send me another photo."))
    return None


OWN_TAPS: dict[Action, OwnTap] = {
    Action.STRENGTH: choose,
    Action.KEEP_COLOURS: toggle_keep_colours,
    Action.LARGER: toggle_larger,
    Action.ABANDON: abandon,
}


async def _asked(request: RequestContext) -> Session | None:
    """Return the session whose question was tapped; None if that question is over.

    A question asked just before a crash may not have been noted: any newer than the one noted counts.
    """
    session = await request.session()
    if session is None or (is_complete(session) and request.message_id < (session.prompt_message_id or 0)):
        return None
    return session


async def _settled(request: RequestContext) -> str:
    """Answer a tap that came too late. The question of a job is the message that shows its progress."""
    jobs = await request.services.jobs.of_user(request.user.id)
    if any(job.progress_message_id == request.message_id for job in jobs):
        return request.t("I'm on it already.")
    return request.t("That question is settled: send me a photo to begin anew.")


async def _change(request: RequestContext, session: Session) -> None:
    await request.services.sessions.put(session)
    keyboard = strength_keyboard(session, session.strength or request.user.strength, request.t)
    with suppress(BadRequest):  # deleted meanwhile, or changed so already
        await request.bot.edit_message_reply_markup(
            request.key.chat_id, request.message_id, reply_markup=keyboard
        )
