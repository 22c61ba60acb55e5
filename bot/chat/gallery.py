"""Take a painting of the gallery as the style: by a tap under its sheet, or by name after /style."""

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from bot.chat.button_router import OwnTap, Toast
from bot.chat.placing import key_of_command, place_as_usual
from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, ask_which, begin, next_step
from bot.chat.session_parts import new_session, session_of, with_painting
from bot.chat.style_sheet import asks_for_style, marked, send_sheet, turn_to
from bot.gallery.search import find, says_something
from bot.wording.keyboards.gallery_sheet import Pick
from bot.wording.keyboards.taps import Action
from bot.wording.phrases import settled
from storage import PictureRef, Session, name_of_question

if TYPE_CHECKING:
    from bot.gallery.painting import Painting

BY_LOT = {"🎲", "random", "surprise me", "наугад", "случайно", "случайная", "случайный", "рандом"}
NO_PICTURES = name_of_question(None, ())  # the question of a sheet that was asked for without a photo
LATEST = 10  # jobs in which a photo is looked for that a late tap is about

_random = Random()  # noqa: S311  (nothing is to be kept secret)


async def show_gallery(request: RequestContext) -> None:
    """Show the sheet: for the photo under way, or to begin with the style."""
    session = await request.session()
    if session and asks_for_style(session):
        await ask_next(request, session)
        return
    tap = request.t("Tap the painting whose style you like:")
    await send_sheet(request, session or new_session(request), tap)


async def choose(request: RequestContext, value: str) -> Toast:
    """Take the painting of the button, or one by lot, or show another page."""
    what, _, question = value.partition(".")
    gallery, kind, detail = request.services.gallery, what[:1], what[1:]
    if kind == Pick.PAGE and detail.isdecimal() and len(detail) < 4 and int(detail) < len(gallery.pages):
        await turn_to(request, question, int(detail))
        return None
    if kind == Pick.BY_LOT:
        return await _take(request, question, None)
    if kind != Pick.PAINTING:
        return request.t("That button no longer works.")
    painting = marked(detail, gallery)
    if painting is None:
        return request.t("That painting is no longer in my gallery: please choose another style.")
    return await _take(request, question, painting)


OWN_TAPS: dict[Action, OwnTap] = {Action.GALLERY: choose}


async def style_named(request: RequestContext, words: str, photo: PictureRef | None) -> None:
    """Paint the photo, or else that of the request under way, in the style that the words name, in one step.

    Where no photo is there, the style is kept, and the photo asked for. Where the words name several
    paintings or none, the style is asked for.
    """
    if await _is_painted(request):
        return
    paintings = named(request, words)
    session = await request.session()
    content = photo or (session.content if session else None)
    if len(paintings) == 1 and content:
        await _paint(request, content, paintings[0], session if photo is None else None)
        return
    if photo or session is None:
        session = replace(new_session(request), content=content, command_message_id=request.message_id)
    session = replace(session, styles=(), adding=False)
    if len(paintings) == 1:
        session = with_painting(session, PictureRef.of_painting(paintings[0].name))
        await ask_next(request, await begin(request, session))
    elif paintings:
        await ask_which(request, await begin(request, session), paintings)
    elif content:
        await ask_next(request, await begin(request, session), _unknown(request, words))
    else:
        tap = request.t("Tap the painting whose style you like:")
        await send_sheet(request, session, f"{_unknown(request, words)} {tap}".strip())


async def said(request: RequestContext, session: Session, words: str) -> bool:
    """Take words in answer to the question for a style as the name of a painting. Return whether they are."""
    paintings = named(request, words) if asks_for_style(session) else []
    if len(paintings) > 1:
        await ask_which(request, session, paintings)
    elif paintings:
        session = with_painting(session, PictureRef.of_painting(paintings[0].name))
        session = replace(session, question_due=True)
        await ask_next(request, await request.services.sessions.put(session))
    return bool(paintings)


def named(request: RequestContext, words: str) -> "list[Painting]":
    """Find the paintings that words name; by lot one, where they say so."""
    gallery = request.services.gallery
    if " ".join(words.casefold().split()) in BY_LOT:
        return [gallery.by_lot(_random)]
    return find(words, gallery)


def _unknown(request: RequestContext, words: str) -> str:
    """Say that no painting is called so; nothing of words such as please."""
    return request.t("I have no painting of that name.") if says_something(words) else ""


async def _take(request: RequestContext, question: str, painting: "Painting | None") -> Toast:
    """Make this painting, or one by lot, the style that the question asks for, and go on to the next.

    Of a question that was answered, it takes the answer's place: people change their minds. A tap that comes
    again, as after a crash, finds its style taken and the next question still to be asked.
    """
    is_lot = painting is None
    taken = painting

    def answered(before: Session | None) -> Session | None:
        nonlocal taken
        session = before or (new_session(request) if question == NO_PICTURES else None)
        if session is None:
            return None
        if question == name_of_question(session.content, session.styles):
            asked = replace(session, adding=True)  # what there is stays
        elif session.styles and question == name_of_question(session.content, session.styles[:-1]):
            asked = replace(session, adding=False)
        else:
            return None
        taken = painting or _lot(request, asked)
        after = with_painting(asked, PictureRef.of_painting(taken.name))
        if after == session:
            return None
        return replace(after, question_due=True, language=request.t.language)

    changed = await request.services.sessions.change(request.key, answered)
    session = await request.session()
    if session is None:
        taken = taken or _lot(request, None)
        session = await _again(request, question, taken)
    elif not changed and (taken is None or not session.question_due):
        return f"{request.t('That question is settled.')} {next_step(session, request.t)}"
    if session is None or taken is None:
        return settled(request.t, is_private=request.is_private)
    await _go_on(request, session)
    if is_lot:
        return f"🎲 {taken.label(request.t.language)}"
    return taken.label(request.t.language).short


async def _go_on(request: RequestContext, session: Session) -> None:
    """Ask what comes next. In a group, where others look on, the sheet has served its purpose."""
    if request.is_private:
        await ask_next(request, session)
        return
    photo = session.content.message_id if session.content else None
    await ask_next(replace(request, message_id=photo or request.message_id), session)
    await request.delete(request.message_id)
    if session.question_message_id != request.message_id:
        await request.delete(session.question_message_id)


async def _again(request: RequestContext, question: str, painting: "Painting") -> Session | None:
    """Begin anew with the photo of a painting that was asked for before, if the question was about it."""
    for job in await request.services.jobs.latest(None, request.user.id, LATEST):
        is_here = (job.chat_id, job.thread_id) == (request.key.chat_id, request.key.thread_id)
        if is_here and question == name_of_question(job.content, job.styles[:-1]):
            session = with_painting(session_of(request, job), PictureRef.of_painting(painting.name))
            return await begin(request, session)
    return None


def _lot(request: RequestContext, session: Session | None) -> "Painting":
    """Draw lots: what was drawn and is still to be asked about stays, else it is another one than before."""
    gallery = request.services.gallery
    before = session.styles[-1].painting if session and session.styles else None
    if session and session.question_due and before and not session.adding:
        there = gallery.get(before)
        if there:
            return there
    others = [painting for painting in gallery if painting.name != before]
    return _random.choice(others or list(gallery))


async def _is_painted(request: RequestContext) -> bool:
    """Say whether this very command made a job before, and comes again after a crash."""
    key = key_of_command(request)
    return any(
        job.request_key == key for job in await request.services.jobs.latest(None, request.user.id, LATEST)
    )


async def _paint(
    request: RequestContext, content: PictureRef, painting: "Painting", under_way: Session | None
) -> None:
    """Queue it with the person's usual settings. The request that it was under way as is over then."""
    if not await place_as_usual(request, content, PictureRef.of_painting(painting.name)):
        return
    if under_way:
        await request.services.sessions.delete(request.key)
        await request.delete(under_way.prompt_message_id)
