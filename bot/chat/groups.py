"""Handle groups: /style in reply to a photo, /remix, and nothing unless the bot is spoken to.

Telegram shows a bot in a group only commands and replies to itself, unless it is an administrator there
or its maker asked for more. Everything here works with that little.
"""

from contextlib import suppress
from dataclasses import replace

from telegram import Message, MessageEntity, Update
from telegram import User as Person
from telegram.error import BadRequest
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.chat import commands, gallery, joining, shared_results
from bot.chat.arrival import looked_at, refuse
from bot.chat.button_router import OwnTap, Toast
from bot.chat.command_subject import (
    CommandPictures,
    is_from_bot,
    pictures_of,
    remember,
    said_after_command,
)
from bot.chat.games import handlers as games
from bot.chat.games.poll_updates import poll_handlers
from bot.chat.group_commands import by_people, command
from bot.chat.group_rights import say_what_is_not_let_in
from bot.chat.no_pictures import instead_of
from bot.chat.picture_refs import SentPicture, picture_in
from bot.chat.request_context import (
    Answer,
    Context,
    Handler,
    RequestContext,
    answering,
    member_of,
    thread_of,
)
from bot.chat.services import services
from bot.chat.session_flow import ask_next, ask_once_complete, begin, next_step, remind, take
from bot.chat.session_parts import (
    is_complete,
    new_session,
    with_answer,
    with_content,
    with_picture,
    with_style,
)
from bot.wording.keyboards.links import private_chat_keyboard
from bot.wording.keyboards.taps import Action, taps_in
from bot.wording.phrases import settled, still_secret
from bot.wording.translation import translator
from core.decoding.refusal import Reason
from storage import Session, SessionKey


async def style(request: RequestContext) -> None:
    """Begin a request for the photo replied to, or for the one the command is under.

    With both pictures there, the first is the photo and the second its style; with the name of a painting, it
    is painted in one step. Under a picture of an album it is about all that the bot sees of the album,
    wherever in it the command stands.
    """
    pictures = await pictures_of(request)
    if pictures is None:
        return
    await say_what_is_not_let_in(request)
    if words := said_after_command(request.message):
        photo = pictures.mine or pictures.theirs
        await gallery.style_named(request, words, photo.ref if photo else None)
    elif pictures.given:
        session = await begin(request, await _with_pictures(request, pictures))
        await ask_once_complete(request, session, pictures.mine)
    elif under_way := await request.session():
        await ask_next(request, under_way)
    else:
        await request.say(request.t("Reply to a photo with /style, or write it under a photo of your own."))


async def show_gallery(request: RequestContext) -> None:
    """Show the gallery, once it was said what the group does not let in."""
    await say_what_is_not_let_in(request)
    await gallery.show_gallery(request)


async def use_last_style(request: RequestContext, job_id: str) -> Toast:
    """Take the style of the last job here, instead of a picture in reply.

    A tap that comes again, as after a crash, finds its style taken and the strength still to be asked.
    """
    session = await request.session()
    if session is None or session.content is None:
        return settled(request.t, is_private=request.is_private)
    job = await request.services.jobs.get(int(job_id)) if job_id.isdecimal() and len(job_id) < 19 else None
    if job is not None and job.secret:
        return still_secret(request.t)
    if job is None or job.chat_id != request.key.chat_id:
        return request.t("I no longer have that style: please reply with a picture.")
    if not session.styles:
        session = replace(session, styles=job.styles, question_due=True)
        session = await request.services.sessions.put(session)
    if not session.question_due:
        return f"{request.t('That question is settled.')} {next_step(session, request.t)}"
    await ask_next(request, session)
    with suppress(BadRequest):
        await request.bot.edit_message_reply_markup(request.key.chat_id, request.message_id)
    return None


OWN_TAPS: dict[Action, OwnTap] = {Action.LAST_STYLE: use_last_style}

COMMANDS: dict[str, Answer] = {
    "style": style,
    "gallery": show_gallery,
    "remix": shared_results.remix,
    "cancel": commands.cancel,
    "status": commands.status,
    "swap": commands.swap,
    "help": commands.help_in_group,
    "start": commands.help_in_group,
}
UNDER_PICTURES = ("style", "remix")
PRIVATE_COMMANDS = ("history", "settings", "forget")


def handlers() -> list[Handler]:
    """List the handlers of groups."""
    here = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    picture = here & (filters.PHOTO | filters.Document.ALL)
    plain = {name: answer for name, answer in COMMANDS.items() if name not in UNDER_PICTURES}
    plain |= {name: _between_us(name) for name in PRIVATE_COMMANDS}
    of_pictures = {name: COMMANDS[name] for name in UNDER_PICTURES} | games.COMMANDS
    return [
        *joining.handlers(),
        *(CommandHandler(name, by_people(answer), here) for name, answer in plain.items()),
        *(handler for name, answer in of_pictures.items() for handler in command(name, answer, here)),
        *poll_handlers(),
        MessageHandler(here & ~filters.StatusUpdate.ALL & _ReplyToBot(), answering(_hear_reply)),
        MessageHandler(picture, _see),
    ]


async def _hear_reply(request: RequestContext) -> None:
    """Take a reply to the bot: the picture it asked for. Talk is left to the people."""
    message = request.message
    if message is None or await games.heard(request):
        return
    picture = await looked_at(request.context.application, request.key.chat_id, picture_in(message))
    instead = None if picture else instead_of(message, request.t)
    asked = await _as_asked(request, message) if picture or instead else request
    session = await asked.session()
    if isinstance(picture, SentPicture) and not picture.may_be_talk:
        await remember(request, picture, request.user.id)
    if session is None:
        if isinstance(picture, SentPicture) and not picture.may_be_talk:
            await request.say(request.t("Nice one! /remix repaints my last picture here in this style."))
    elif isinstance(picture, SentPicture):
        if not picture.may_be_talk or _is_answer(message, session):
            await take(asked, picture, with_answer)
    elif isinstance(picture, Reason):
        await refuse(replace(asked, t=request.t), message, picture)
    elif _is_answer(message, session):
        await _hear_words(request, session, message, instead)


async def _hear_words(
    request: RequestContext, session: Session, message: Message, instead: str | None
) -> None:
    """Take the name of a painting for it; else say `instead` of what to send, or what was asked for."""
    if instead:
        await request.say(instead)
    elif not (message.text and await gallery.said(request, session, message.text)):
        await remind(request, session)


async def _as_asked(request: RequestContext, message: Message) -> RequestContext:
    """Return the request as one of the person whose question is answered: anybody may answer it.

    The question is known by its message, and where that was not noted, as in a crash, by whom it speaks to.
    """
    question = message.reply_to_message
    if question is None:
        return request
    asked = await request.services.sessions.of_question(request.key.chat_id, question.message_id)
    mentioned = _spoken_to(question)
    owner = asked.user_id if asked else mentioned.id if mentioned else request.user.id
    user = await request.services.users.get(owner)
    if owner == request.user.id or user is None:
        return request
    key = asked.key if asked else request.key._replace(user_id=owner)
    session = await request.services.sessions.get(key)
    if session is None:
        return request
    person = mentioned if mentioned and mentioned.id == owner else None
    person = person or await member_of(request.bot, key.chat_id, owner) or request.person
    t = translator(user.language or session.language or request.t.language)
    return replace(request, person=person, user=user, key=key, t=t)


async def _see(update: Update, context: Context) -> None:
    """Remember a photo said to others, which only an administrator sees: it may be wanted for /remix."""
    message, person = update.message, update.effective_user
    picture = picture_in(message) if message else None
    if message is None or person is None or message.sender_chat or not isinstance(picture, SentPicture):
        return
    if picture.is_doubtful or picture.may_be_talk:
        return
    found, thread_id = services(context.application), thread_of(message)
    await found.chats.saw_photo(message.chat.id, thread_id, person.id, picture.ref, picture.album_id)
    session = await found.sessions.get(SessionKey(message.chat.id, thread_id, person.id))
    if session and picture.album_id and picture.album_id == session.album_id:
        await answering(_take_rest)(update, context)


async def _take_rest(request: RequestContext) -> None:
    """Give one more picture of an album its part."""
    message = request.message
    if message is None:
        return
    picture = await looked_at(request.context.application, request.key.chat_id, picture_in(message))
    if isinstance(picture, SentPicture):
        await take(request, picture, with_answer)
    elif isinstance(picture, Reason):
        await refuse(request, message, picture)


async def _with_pictures(request: RequestContext, pictures: CommandPictures) -> Session:
    """Make the session of a command with these pictures, and with what was seen before of their album.

    Where the picture replied to cannot be taken, the other one is its style nonetheless.
    """
    session, mine = replace(new_session(request), command_message_id=request.message_id), pictures.mine
    if pictures.theirs:
        session = with_content(session, pictures.theirs)
        return with_style(session, mine) if mine else session
    if mine and pictures.lacks_theirs:
        return with_style(session, mine)
    if mine:
        session = with_content(session, mine)
    if mine and mine.album_id:
        seen = await request.services.chats.album(request.key.chat_id, request.user.id, mine.album_id)
        for ref in seen:
            session = with_picture(session, SentPicture(ref, mine.album_id))
    return session


def _between_us(command: str) -> Answer:
    async def answer(request: RequestContext) -> None:
        keyboard = private_chat_keyboard(request.bot.username, command, request.t)
        await request.say(request.t("That's between the two of us: ask me in our private chat."), keyboard)

    return answer


def _is_reply_to_bot(message: Message | None) -> bool:
    replied_to = message.reply_to_message if message else None
    return replied_to is not None and is_from_bot(replied_to)


def _is_answer(message: Message, session: Session) -> bool:
    """Say whether a message answers the question for a picture, so that even a sticker is meant as one."""
    return not is_complete(session) and _is_reply_to_question(message)


def _spoken_to(question: Message) -> Person | None:
    """Return whom the bot's question in a group names first; None where it names nobody, or is none."""
    if question.photo and not _is_sheet(question):
        return None
    entities = question.entities or question.caption_entities
    first = entities[0] if entities else None
    return first.user if first and first.type == MessageEntity.TEXT_MENTION else None


def _is_reply_to_question(message: Message) -> bool:
    """Say whether a message answers a question, rather than remarks on a picture."""
    replied_to = message.reply_to_message
    return replied_to is not None and (not replied_to.photo or _is_sheet(replied_to))


def _is_sheet(message: Message) -> bool:
    """Say whether a message of the bot's shows the gallery, and asks for a style."""
    return any(tap.action is Action.GALLERY for tap in taps_in(message.reply_markup))


class _ReplyToBot(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return _is_reply_to_bot(message)
