"""Keep a half-made request: which part each picture plays, and what is asked for next."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TypeGuard

from telegram import ForceReply, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.chat.picture_refs import SentPicture
from bot.chat.preview import preview
from bot.chat.request_context import RequestContext
from bot.wording.keyboards import last_style_keyboard, strength_keyboard
from bot.wording.translation import Translator
from storage import Job, Session, SessionKey

ALBUM_PAUSE = 0.7  # seconds without another picture of an album, after which that was all of it


def is_complete(session: Session | None) -> TypeGuard[Session]:
    """Say whether both pictures are there."""
    return bool(session and session.content and session.style)


def new_session(request: RequestContext) -> Session:
    """Make a session with nothing but the user's own settings."""
    return Session(
        **request.key._asdict(), keep_colours=request.user.keep_colours, larger=request.user.larger
    )


def session_of(request: RequestContext, job: Job) -> Session:
    """Make a session with the pictures and settings of this job, to be changed."""
    return replace(
        new_session(request),
        content=job.content,
        style=job.styles[0],
        strength=job.strength,
        keep_colours=job.keep_colours,
        larger=job.larger,
    )


def with_content(session: Session, picture: SentPicture) -> Session:
    """Return the session with this picture as its photo."""
    return replace(session, content=picture.ref, album_id=picture.album_id)


def with_style(session: Session, picture: SentPicture) -> Session:
    """Return the session with this picture as its style."""
    return replace(session, style=picture.ref, album_id=picture.album_id)


def swapped(session: Session) -> Session:
    """Return the session with photo and style swapped."""
    return replace(session, content=session.style, style=session.content)


def with_picture(session: Session, picture: SentPicture) -> Session:
    """Return the session once this picture has its part in it.

    The first is the photo, the next its style, one more another style. An album is a request of its
    own, made of its first two pictures. What comes a second time, after a crash, changes nothing.
    """
    if picture.message_id in [ref.message_id for ref in (session.content, session.style) if ref]:
        return session
    same_album = picture.album_id is not None and picture.album_id == session.album_id
    if picture.album_id and not same_album:
        session = replace(session, content=None, style=None)
    if session.content is None:
        return with_content(session, picture)
    if session.style is None:
        # Updates may overtake one another on their way; in an album the order decides.
        overtaken = same_album and picture.message_id < (session.content.message_id or 0)
        session = with_style(session, picture)
        return swapped(session) if overtaken else session
    return session if same_album else with_style(session, picture)


async def begin(request: RequestContext, session: Session) -> Session:
    """Put this request in place of the one under way, if any."""
    earlier = await request.session()
    session = await request.services.sessions.put(session)
    if earlier:
        await request.delete(earlier.prompt_message_id)
    return session


async def ask_next(request: RequestContext, session: Session) -> None:
    """Ask for the picture that is missing, or else for the strength."""
    _waiting(request).pop(request.key, None)
    if is_complete(session):
        await _ask_strength(request, session)
    elif request.is_private:
        await request.say(next_step(session, request.t))
    else:
        await request.say(_request_to_reply(request, session), await _ways_to_reply(request, session))


async def ask_after_album(request: RequestContext, session: Session) -> None:
    """Ask once no more pictures of an album come, unless another update has asked by then.

    What waits is only the question; a restart meanwhile loses no more than that.
    """
    if is_complete(session):
        await ask_next(request, session)
        return
    waiting = _waiting(request)
    waiting[request.key] = request.message_id

    async def ask() -> None:
        await asyncio.sleep(ALBUM_PAUSE)
        if waiting.get(request.key) == request.message_id:
            await ask_next(request, await request.session() or session)

    request.context.application.create_task(ask())


async def remind(request: RequestContext, session: Session) -> None:
    """Point to the question for the strength, or ask it again where it never arrived or was deleted."""
    said = await request.say(next_step(session, request.t), reply_to=session.prompt_message_id)
    if said.reply_to_message is None:
        await ask_next(request, session)


def next_step(session: Session | None, t: Translator) -> str:
    """Word what to send or tap next, in a private chat."""
    if session is None or not (session.content or session.style):
        return t("Send me the photo you want repainted, as a photo or as a file.")
    if session.style is None:
        return t("Now send me the style: a painting, a pattern, any picture whose look you like.")
    if session.content is None:
        return t("Now send me the photo to repaint in this style.")
    return t("I have both pictures: tap how strong the style should be.")


def _waiting(request: RequestContext) -> dict[SessionKey, int]:
    """Return the last message of the album whose end each of these sessions waits for."""
    waiting: dict[SessionKey, int] = request.context.bot_data.setdefault("albums", {})
    return waiting


async def _ask_strength(request: RequestContext, session: Session) -> None:
    """Ask in a message of its own, below the newest picture, and delete what was asked before."""
    keyboard = strength_keyboard(session, session.strength or request.user.strength, request.t)
    prompt = await _send_prompt(request, request.t("How strong should the style be?"), keyboard, session)
    await request.services.sessions.put(replace(session, prompt_message_id=prompt.message_id))
    await request.delete(session.prompt_message_id)


async def _send_prompt(
    request: RequestContext, question: str, keyboard: InlineKeyboardMarkup, session: Session
) -> Message:
    picture = await preview(request.bot, session, request.services.decoder)
    if picture:
        with suppress(BadRequest):  # a group may not let pictures in: then words will do
            return await request.bot.send_photo(
                request.key.chat_id,
                picture,
                question,
                message_thread_id=request.key.thread_id or None,
                reply_parameters=request.quoting(),
                reply_markup=keyboard,
            )
    return await request.say(question, keyboard)


def _request_to_reply(request: RequestContext, session: Session) -> str:
    name = request.person.mention_html()
    if session.style is None:
        return request.t("{name}, reply to this message with the style picture.").format(name=name)
    return request.t("{name}, reply to this message with the photo to repaint.").format(name=name)


async def _ways_to_reply(request: RequestContext, session: Session) -> InlineKeyboardMarkup | ForceReply:
    """Open a reply field, or offer the style that is there. In groups bots are shown replies to them only."""
    if session.style is None:
        last = await request.services.jobs.last_done(request.key.chat_id, request.key.thread_id)
        if last:
            return last_style_keyboard(request.user.id, last, request.t)
    return ForceReply(selective=True)
