"""What anybody may do with a result in a group: repaint it, or have a photo of their own in its style."""

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from telegram.error import BadRequest

from bot.chat import gallery
from bot.chat.button_router import JobTap, Toast
from bot.chat.command_subject import is_from_bot, pictures_of, said_after_command
from bot.chat.group_rights import say_what_is_not_let_in
from bot.chat.placing import place_as_usual
from bot.chat.request_context import RequestContext
from bot.chat.session_flow import ask_next, begin
from bot.chat.session_parts import is_complete, new_session
from bot.gallery.titles import each_title
from bot.wording.keyboards.strength_question import strength_keyboard
from bot.wording.keyboards.taps import Action, taps_in
from bot.wording.phrases import mention, out_of_date
from storage import Job, PictureRef, Session, State

if TYPE_CHECKING:
    from telegram import Message


async def remix(request: RequestContext) -> None:
    """Repaint the last result here, or the one replied to.

    In the style of the picture that was given, replied to or above the command, or of the painting that is
    named: at once, as it is plain what is meant. Else in the style of the last photo seen here, or of the
    last result, once that was shown and agreed to; where there is neither, the style is asked for.
    """
    pictures = await pictures_of(request)
    if pictures is None:
        return
    replied_to = request.message.reply_to_message if request.message else None
    last = await request.services.jobs.last_done(request.key.chat_id, request.key.thread_id)
    repainted = await _job_under(request, replied_to) or last
    result = _result_of(repainted)
    if repainted is None or result is None:
        await request.say(
            request.t("I haven't painted anything here yet: reply to a photo with /style to begin.")
        )
        return
    await say_what_is_not_let_in(request)
    is_ours = replied_to is not None and is_from_bot(replied_to)
    style = pictures.mine or (None if is_ours else pictures.theirs)
    if style:
        await place_as_usual(request, result, style.ref)
    elif words := said_after_command(request.message):
        await gallery.style_named(request, words, result)
    else:
        session = replace(new_session(request), content=result, command_message_id=request.message_id)
        await _offer(request, session, repainted, last)


async def repaint_mine(request: RequestContext, job: Job, _value: str) -> Toast:
    """Begin a request, of whoever tapped, in the style of this result. Their photo is asked for.

    Is there one already, in a request of theirs that lacks a style, it is that one.
    """
    if job.chat_id != request.key.chat_id or job.state is not State.DONE:
        return out_of_date(request.t, is_private=request.is_private)
    under_way = await request.session()
    is_same = under_way and under_way.content is None and under_way.styles == job.styles
    if under_way and is_same and not under_way.question_due:
        return request.t("Reply to my question with your photo.")
    content = under_way.content if under_way and not is_complete(under_way) else None
    session = replace(new_session(request), content=content, styles=job.styles)
    await say_what_is_not_let_in(request)
    await ask_next(request, await begin(request, session))
    return None


SHARED_TAPS: dict[Action, JobTap] = {Action.MINE: repaint_mine}


async def _job_under(request: RequestContext, message: "Message | None") -> Job | None:
    """Return the job whose result this message of the bot's shows, which its buttons tell."""
    if message is None or message.reply_markup is None or not is_from_bot(message):
        return None
    for tap in taps_in(message.reply_markup):
        if tap.action in (Action.REPAINT, Action.COLOURS, Action.MINE):
            job = await request.services.jobs.get(tap.id)
            return job if job and job.state is State.DONE else None
    return None


def _result_of(job: Job | None) -> PictureRef | None:
    """Return a job's result, to be painted on; covered if its own pictures were."""
    if job is None or not job.result_photo_file_id:
        return None
    return PictureRef(job.result_photo_file_id, job.result_thumbnail_id, spoiler=job.spoiler)


async def _offer(request: RequestContext, session: Session, repainted: Job, last: Job | None) -> None:
    """Show the style that may be meant, and ask. Where there is none, or it cannot be shown, ask for one."""
    seen = await request.services.chats.last_photo(request.key.chat_id, request.key.thread_id)
    known = {repainted.content.file_id, *(style.file_id for style in repainted.styles)}
    style = seen if seen and seen.file_id not in known else None
    if style is None and last is not None and last.id != repainted.id and not last.secret:
        style = last.styles[0]
    if style is not None:
        offered = await begin(request, replace(session, styles=(style,)))
        if prompt := await _show(request, offered, style):
            before = await request.services.sessions.asked(offered, prompt_message_id=prompt.message_id)
            await request.delete(before.prompt_message_id if before else prompt.message_id)
            return
    await ask_next(request, await begin(request, session))


async def _show(request: RequestContext, session: Session, style: PictureRef) -> "Message | None":
    """Ask whether this style is meant, and how strong it shall be: one tap answers both.

    Returns None where it can be shown neither as a picture, nor by its message, nor by its name.
    """
    t, keyboard = request.t, strength_keyboard(session, request.user, request.t)
    name = mention(request.person.id, request.person.full_name)
    if style.painting:
        [title] = each_title(session.styles, request.services.gallery, t)
        text = t("{name}, shall I repaint it in the style of {title}? If so, tap how strong.")
        return await request.say(text.format(name=name, title=escape(title, quote=False)), keyboard)
    this = t("{name}, shall I repaint it in the style of this picture? If so, tap how strong.")
    this = this.format(name=name)
    try:
        return await request.show(style.file_id, this, keyboard, covered=style.spoiler)
    except BadRequest:  # it is a file, or no photos are let in: its message shows it
        said = await request.say(this, keyboard, reply_to=style.message_id)
        if style.message_id and said.reply_to_message:
            return said
        await request.delete(said.message_id)
        return None
