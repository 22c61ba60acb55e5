"""Act on the buttons under the two pictures: a strength, how to paint, or cancel.

A question may have been asked twice, as by a bot that was killed before it had noted it, or over a connection
that lost the answer. The buttons name the two pictures that they are about, so either copy works.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from telegram.error import BadRequest

from bot.chat.button_router import OwnTap, Toast
from bot.chat.placing import no_room, order_of
from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, next_step
from bot.chat.session_parts import is_complete, swapped
from bot.chat.strength_sheet import prepare
from bot.wording.keyboards.strength_question import strength_keyboard
from bot.wording.keyboards.taps import Action
from bot.wording.phrases import cancelled, settled, strength_name
from core.recipe import MOST_STYLES, Strength
from storage import QueueFull, Session, User, name_of_question


async def choose(request: RequestContext, session: Session, strength: str) -> Toast:
    """Queue the job. The question's message is its request key, so however many taps make one job."""
    if strength not in list(Strength):
        return request.t("That button no longer works.")
    if session.content is None or not session.styles:
        return request.t("One of the two pictures is still missing.")
    if gone := _gone(request, session):
        return gone
    await request.services.studio.samples.drop(request.key)
    new = replace(
        order_of(request, session, strength, f"prompt:{request.key.chat_id}:{request.message_id}"),
        progress_message_id=request.message_id,  # the question becomes the progress, and at last the result
    )
    try:
        await request.services.studio.submit(new)
    except QueueFull as full:
        return no_room(full, request.t)
    await request.services.sessions.delete(request.key)
    await _delete_copy(request, session)
    return request.t("Here we go!")


async def toggle_keep_colours(request: RequestContext, session: Session) -> Toast:
    """Change whether the photo keeps its colours."""
    await request.services.studio.samples.drop(request.key)
    changed = replace(session, keep_colours=not session.keep_colours)
    await _change(request, changed, request.user)
    await prepare(request, changed, request.message)
    return None


async def toggle_larger(request: RequestContext, session: Session) -> Toast:
    """Change whether the picture is painted larger."""
    async with request.services.studio.samples.put_off(request.key):
        await _change(request, replace(session, larger=not session.larger), request.user)
    return None


async def set_always_usual(request: RequestContext, session: Session, wanted: str) -> Toast:
    """Change whether the usual strength is taken unasked from the next time on: `wanted` is "yes" or "no"."""
    t, user = request.t, replace(request.user, always_usual=wanted == "yes")
    await request.services.users.save(user)
    async with request.services.studio.samples.put_off(request.key):
        await _change(request, session, user)
    if not user.always_usual:
        return t("From now on I'll ask you each time.")
    said = t(
        "From the next picture on I won't ask, I'll just start: {strength}. You can change that in /settings."
    )
    return said.format(strength=strength_name(user.strength, t))


async def abandon(request: RequestContext, session: Session) -> Toast:
    """Drop the request."""
    await request.services.studio.samples.drop(request.key)
    await request.delete(request.message_id)
    await _delete_copy(request, session)
    await request.say(cancelled(request.t, in_group=not request.is_private))
    await request.services.sessions.delete(request.key)  # at last: a tap that comes again is answered again
    return None


async def add_style(request: RequestContext, session: Session) -> Toast:
    """Ask for one more style. What comes next is added, and replaces none."""
    if len(session.styles) >= MOST_STYLES:
        return request.t("I can mix up to {most} styles.").format(most=MOST_STYLES)
    return await _ask_anew(request, replace(session, adding=True))


async def swap_parts(request: RequestContext, session: Session) -> Toast:
    """Swap the photo and the first style."""
    return await _ask_anew(request, swapped(session))


async def leave_out(request: RequestContext, session: Session, number: str) -> Toast:
    """Leave out one of several styles."""
    places = {str(place + 1): place for place in range(len(session.styles))}
    if number not in places or len(session.styles) < 2:
        return request.t("That button no longer works.")
    place = places[number]
    styles = session.styles[:place] + session.styles[place + 1 :]
    return await _ask_anew(request, replace(session, styles=styles, adding=False, left_out=False))


def _of_question(act: Callable[[RequestContext, Session], Awaitable[Toast]]) -> OwnTap:
    """Have a tap whose value names a question act on the session asked about, as long as that stands."""

    async def tapped(request: RequestContext, question: str) -> Toast:
        session = await _asked(request, question)
        return await act(request, session) if session else await _settled(request, question)

    return tapped


def _of_question_and(act: Callable[[RequestContext, Session, str], Awaitable[Toast]]) -> OwnTap:
    """Do the same for a tap whose value is a choice and, after a dot, the question; `act` gets the choice."""

    async def tapped(request: RequestContext, value: str) -> Toast:
        chosen, _, question = value.partition(".")
        session = await _asked(request, question)
        return await act(request, session, chosen) if session else await _settled(request, question)

    return tapped


OWN_TAPS: dict[Action, OwnTap] = {
    Action.STRENGTH: _of_question_and(choose),
    Action.KEEP_COLOURS: _of_question(toggle_keep_colours),
    Action.LARGER: _of_question(toggle_larger),
    Action.ALWAYS_USUAL: _of_question_and(set_always_usual),
    Action.ABANDON: _of_question(abandon),
    Action.ADD_STYLE: _of_question(add_style),
    Action.SWAP_PARTS: _of_question(swap_parts),
    Action.WITHOUT: _of_question_and(leave_out),
}


async def _asked(request: RequestContext, question: str) -> Session | None:
    """Return the session whose question was tapped; None if that question is over.

    A button of an earlier version does not name its question: then any newer than the one noted counts, as
    one asked just before a crash may not have been noted.
    """
    session = await request.session()
    if session is None:
        return None
    if question:
        return session if session.question == question else None
    if is_complete(session) and request.message_id < (session.prompt_message_id or 0):
        return None
    return session


async def _settled(request: RequestContext, question: str) -> str:
    """Answer a tap that came too late, with what to do now.

    The question of a job is the message that shows its progress, or a copy of that.
    """
    for job in await request.services.jobs.of_user(request.user.id):
        is_copy = job.chat_id == request.key.chat_id and question == name_of_question(job.content, job.styles)
        if is_copy or job.progress_message_id == request.message_id:
            return request.t("I'm on it already.")
    if session := await request.session():
        return f"{request.t('That question is settled.')} {next_step(session, request.t)}"
    return settled(request.t, is_private=request.is_private)


async def _ask_anew(request: RequestContext, session: Session) -> Toast:
    """Store what was changed, and ask what comes next."""
    await ask_next(request, await request.services.sessions.put(replace(session, question_due=True)))
    return None


def _gone(request: RequestContext, session: Session) -> Toast:
    """Say so where a painting is no longer in the gallery; None where all are there."""
    gallery = request.services.gallery
    if all(picture.painting is None or gallery.get(picture.painting) for picture in session.pictures):
        return None
    return request.t("That painting is no longer in my gallery: please choose another style.")


async def _delete_copy(request: RequestContext, session: Session) -> None:
    """Delete the copy of the question that was noted, where another was tapped."""
    if session.prompt_message_id != request.message_id:
        await request.delete(session.prompt_message_id)


async def _change(request: RequestContext, session: Session, user: User) -> None:
    """Show a change under each copy of the question, and store it.

    In this order, so that a tap that comes again, as after a crash between the two, does not change it back.
    """
    keyboard = strength_keyboard(session, user, request.t)
    for message_id in dict.fromkeys((request.message_id, session.prompt_message_id)):
        if message_id:
            with suppress(BadRequest):  # deleted meanwhile, or changed so already
                await request.bot.edit_message_reply_markup(
                    request.key.chat_id, message_id, reply_markup=keyboard
                )

    def changed(now: Session | None) -> Session | None:
        return now and replace(now, keep_colours=session.keep_colours, larger=session.larger)

    await request.services.sessions.change(request.key, changed)
