"""The buttons under the two pictures: a strength, how to paint, or never mind."""

from contextlib import suppress
from dataclasses import replace

from telegram.error import BadRequest

from bot.chat.button_router import OwnTap, Toast
from bot.chat.placing import no_room
from bot.chat.request_context import Turn
from bot.chat.session_flow import is_complete
from bot.wording.keyboards import Action, strength_keyboard
from core.recipe import Strength
from storage import NewJob, QueueFull, Session


async def choose(turn: Turn, strength: str) -> Toast:
    """Queue the job. The question's message is its request key, so however many taps make one job."""
    session = await _asked(turn)
    if session is None:
        return await _settled(turn)
    if strength not in list(Strength):
        return turn.t("That button no longer works.")
    if session.content_file_id is None or session.style_file_id is None:
        return turn.t("One of the two pictures is still missing.")
    new = NewJob(
        request_key=f"prompt:{turn.key.chat_id}:{turn.message_id}",
        **turn.key._asdict(),
        content_file_id=session.content_file_id,
        content_thumbnail_id=session.content_thumbnail_id,
        style_file_id=session.style_file_id,
        style_thumbnail_id=session.style_thumbnail_id,
        strength=strength,
        keep_colors=session.keep_colors,
        larger=session.larger,
        language=turn.t.language,
        reply_to_message_id=session.content_message_id,
        progress_message_id=turn.message_id,  # the question becomes the progress, and at last the result
    )
    try:
        await turn.services.studio.submit(new)
    except QueueFull as full:
        return no_room(full, turn.t)
    await turn.services.sessions.delete(turn.key)
    return turn.t("Here we go!")


async def toggle_keep_colors(turn: Turn, _value: str) -> Toast:
    session = await _asked(turn)
    if session is None:
        return await _settled(turn)
    await _change(turn, replace(session, keep_colors=not session.keep_colors))
    return None


async def toggle_larger(turn: Turn, _value: str) -> Toast:
    session = await _asked(turn)
    if session is None:
        return await _settled(turn)
    await _change(turn, replace(session, larger=not session.larger))
    return None


async def abandon(turn: Turn, _value: str) -> Toast:
    session = await _asked(turn)
    if session is None:
        return await _settled(turn)
    await turn.services.sessions.delete(turn.key)
    await turn.delete(turn.message_id)
    await turn.say(turn.t("Cancelled. Whenever you like, send me another photo."))
    return None


OWN_TAPS: dict[Action, OwnTap] = {
    Action.STRENGTH: choose,
    Action.KEEP_COLORS: toggle_keep_colors,
    Action.LARGER: toggle_larger,
    Action.ABANDON: abandon,
}


async def _asked(turn: Turn) -> Session | None:
    """The session whose question was tapped, None if that question is over.

    A question asked just before a crash may not have been noted: any newer than the one noted counts.
    """
    session = await turn.session()
    if session is None or (is_complete(session) and turn.message_id < (session.prompt_message_id or 0)):
        return None
    return session


async def _settled(turn: Turn) -> str:
    """For a tap that came too late. The question of a job is the message that shows its progress."""
    jobs = await turn.services.jobs.of_user(turn.user.id)
    if any(job.progress_message_id == turn.message_id for job in jobs):
        return turn.t("I'm on it already.")
    return turn.t("That question is settled: send me a photo to begin anew.")


async def _change(turn: Turn, session: Session) -> None:
    await turn.services.sessions.put(session)
    keyboard = strength_keyboard(session, session.strength or turn.user.strength, turn.t)
    with suppress(BadRequest):  # deleted meanwhile, or changed so already
        await turn.bot.edit_message_reply_markup(turn.key.chat_id, turn.message_id, reply_markup=keyboard)
