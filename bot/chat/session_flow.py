"""Lead through a half-made request: store it, ask for what is missing, remind of what was asked."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from telegram import ForceReply, Message
from telegram.error import BadRequest

from bot.chat.picture_refs import SentPicture
from bot.chat.preview import preview, thumbnails
from bot.chat.request_context import RequestContext, request_of
from bot.chat.services import services
from bot.chat.session_parts import is_complete, new_session, with_picture
from bot.chat.strength_sheet import prepare
from bot.chat.style_sheet import asks_for_style, offer, send_sheet
from bot.chat.usual_strength import paint_unasked
from bot.gallery.titles import each_title
from bot.wording.keyboards.strength_question import strength_keyboard
from bot.wording.phrases import mention
from bot.wording.translation import Translator
from core.recipe import MOST_STYLES
from storage import Job, Session

if TYPE_CHECKING:
    from typing import Any

    from telegram.ext import Application

    from bot.gallery.painting import Painting

ALBUM_PAUSE = 0.7  # seconds without another picture of an album, after which that was all of it


async def begin(request: RequestContext, session: Session) -> Session:
    """Put this request in place of the one under way, if any. What is missing is to be asked for next."""
    earlier = await request.session()
    session = await request.services.sessions.put(replace(session, question_due=True))
    if earlier:
        await request.delete(earlier.prompt_message_id)
    return session


async def take(
    request: RequestContext,
    picture: SentPicture,
    part: Callable[[Session, SentPicture], Session] = with_picture,
) -> None:
    """Give this picture its part in the request under way, or begin one with it, and ask for what is missing.

    Nothing is asked of the rest of an album, or of what comes a second time and was answered.
    """

    def taken(before: Session | None) -> Session | None:
        session = before or new_session(request)
        after = part(session, picture)
        return None if after == session else replace(after, question_due=True, language=request.t.language)

    await request.services.sessions.change(request.key, taken)
    session = await request.session()
    if session and session.question_due:
        await ask_once_complete(request, session, picture)


async def ask_next(request: RequestContext, session: Session, note: str = "") -> None:
    """Ask for the picture that is missing, or else for the strength. A note, in HTML, is said before."""
    if is_complete(session):
        await _ask_strength(request, session)
        return
    if asks_for_style(session):
        last = await _last_in_group(request)
        or_tap = request.t("Or tap one of these:")
        text = f"{note} {_question(request, session)} {or_tap}".strip()
        question = await send_sheet(request, session, text, last=last)
    elif request.is_private:
        question = await request.say(next_step(session, request.t))
    else:
        question = await request.say(_question(request, session), ForceReply(selective=True))
    await request.services.sessions.asked(session, question_message_id=question.message_id)


async def ask_which(request: RequestContext, session: Session, paintings: "Sequence[Painting]") -> None:
    """Ask which of several paintings is meant, instead of asking for the style."""
    question = await offer(request, session, paintings, request.t("Which of these do you mean?"))
    await request.services.sessions.asked(session, question_message_id=question.message_id)


async def ask_once_complete(request: RequestContext, session: Session, picture: SentPicture | None) -> None:
    """Ask for what is missing now, or if the latest picture came in an album, once no more of that come."""
    await (ask_after_album if picture and picture.album_id else ask_next)(request, session)


async def ask_after_album(request: RequestContext, session: Session) -> None:
    """Ask once no more pictures of an album come.

    That the question is due stands in the session, so that a restart meanwhile does not lose it.
    """
    request.context.application.create_task(_ask_later(request, session))


async def ask_what_is_due(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Ask what the last process did not come to ask, unless an update that it left is answered with that."""
    for session in await services(application).sessions.due():
        application.create_task(_ask_due(application, session))


async def _ask_due(application: "Application[Any, Any, Any, Any, Any, Any]", session: Session) -> None:
    await _ask_later(await request_of(application, session), session)


async def _ask_later(request: RequestContext, session: Session) -> None:
    """Ask in a while, in this person's turn, if by then nothing else was said or asked."""
    await asyncio.sleep(ALBUM_PAUSE)
    async with request.services.order.turn(request.key.chat_id, request.key.user_id):
        now = await request.session()
        if now is None or not now.question_due or now.updated != session.updated:
            return
        await ask_next(request, now)
        if not now.pictures:  # there was no picture in the album
            await request.services.sessions.delete(request.key)


async def remind(request: RequestContext, session: Session) -> None:
    """Point to the question that is open, or ask it again where it never arrived or was deleted."""
    asked = session.prompt_message_id if is_complete(session) else session.question_message_id
    if asked is None and not is_complete(session):
        await ask_next(request, session)
        return
    is_to_be_sent = not request.is_private and not is_complete(session)
    words = _question(request, session) if is_to_be_sent else next_step(session, request.t)
    said = await request.say(words, reply_to=asked)
    if said.reply_to_message is None:
        await ask_next(request, session)


def next_step(session: Session | None, t: Translator) -> str:
    """Word what to send or tap next, in a private chat."""
    if session is None or not session.pictures:
        return t("Send me the photo you want repainted, as a photo or as a file.")
    if not session.styles:
        return t("Now send me the style: a painting, a pattern, any picture whose look you like.")
    if session.content is None:
        return t("Now send me the photo to repaint in this style.")
    if session.adding:
        return t("Now send me one more style.")
    return t("I have your pictures: tap how strong the style should be.")


async def _ask_strength(request: RequestContext, session: Session) -> None:
    """Ask in a message of its own, below the newest picture, and delete what was asked before.

    Where the pictures have changed while it was on its way, it is taken back: another one is asked.
    """
    if await paint_unasked(request, session):
        return
    parts = request.services
    files = await thumbnails(request.bot, session, parts.gallery)
    picture = await preview(session, files, parts.decoder, request.t) if files else None
    prompt = await _send_prompt(request, session, picture)
    before = await request.services.sessions.asked(session, prompt_message_id=prompt.message_id)
    await request.delete(before.prompt_message_id if before else prompt.message_id)
    if before:
        await prepare(request, session, prompt, files)


async def _send_prompt(request: RequestContext, session: Session, picture: bytes | None) -> Message:
    question = _words(request, session)
    keyboard = strength_keyboard(session, request.user, request.t)
    if picture:
        with suppress(BadRequest):  # a group may not let pictures in: then words will do
            covered = any(ref.spoiler for ref in session.pictures)
            return await request.show(picture, question, keyboard, covered=covered)
    return await request.say(question, keyboard)


def _words(request: RequestContext, session: Session) -> str:
    """Ask how strong, and before say which picture is what, where that is not plain to see."""
    t, lines = request.t, []
    named = [escape(title, quote=False) for title in each_title(session.styles, request.services.gallery, t)]
    if len(named) > 1:
        numbered = [f"{number}. {title}" for number, title in enumerate(named, 1)]
        lines.append(
            t.ngettext(
                "The photo, then {count} style:", "The photo, then {count} styles:", len(named)
            ).format(count=len(named))
        )
        lines += numbered
    elif session.styles[0].painting:
        lines.append(t("Style: {title}").format(title=named[0]))
    if session.left_out:
        lines.append(t("I can mix up to {most} styles, so I left out the rest.").format(most=MOST_STYLES))
    return "\n".join([*lines, t("How strong should the style be?")])


def _question(request: RequestContext, session: Session) -> str:
    """Ask for the picture that is missing. In groups bots are shown replies to them only."""
    if request.is_private:
        return next_step(session, request.t)
    name = mention(request.person.id, request.person.full_name)
    if session.content is None:
        return request.t("{name}, reply to this message with the photo to repaint.").format(name=name)
    if session.styles:
        return request.t("{name}, reply to this message with one more style picture.").format(name=name)
    return request.t("{name}, reply to this message with the style picture.").format(name=name)


async def _last_in_group(request: RequestContext) -> Job | None:
    """Return the job whose styles are offered once more, in a group; secret ones are not."""
    if request.is_private:
        return None
    last = await request.services.jobs.last_done(request.key.chat_id, request.key.thread_id)
    return None if last and last.secret else last
