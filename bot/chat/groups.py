"""Handle groups: /style in reply to a photo, /remix, and nothing unless the bot is spoken to.

Telegram shows a bot in a group only commands and replies to itself, unless it is an administrator there
or its maker asked for more. Everything here works with that little.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from telegram import ChatMember, ChatMemberRestricted, Message, MessageEntity, Update
from telegram.error import BadRequest
from telegram.ext import ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot.chat import commands
from bot.chat.button_router import OwnTap, Toast
from bot.chat.picture_refs import SentPicture, picture_in
from bot.chat.placing import no_room
from bot.chat.request_context import Callback, Context, Handler, RequestContext, answering, thread_of
from bot.chat.services import services
from bot.chat.session_flow import (
    ask_after_album,
    ask_next,
    begin,
    is_complete,
    new_session,
    with_content,
    with_picture,
    with_style,
)
from bot.wording.keyboards import Action, private_chat_keyboard
from bot.wording.phrases import picture_problem
from bot.wording.translation import language_of, translator
from core.decoding.refusal import Reason
from storage import NewJob, PictureRef, QueueFull, SessionKey


async def style(request: RequestContext) -> None:
    """Begin a request for the photo replied to, or for the one the command is under.

    With both pictures there, the first is the photo and the second its style.
    """
    pictures = await _pictures(request)
    if pictures is None:
        return
    given = [picture for picture in pictures if picture]
    if given:
        session = with_content(new_session(request), given[0])
        for picture in given[1:]:
            session = with_style(session, picture)
        session = await begin(request, session)
        await (ask_after_album if pictures.mine and pictures.mine.album_id else ask_next)(request, session)
    elif under_way := await request.session():
        await ask_next(request, under_way)
    else:
        await request.say(request.t("Reply to a photo with /style, or write it under a photo of your own."))


async def remix(request: RequestContext) -> None:
    """Repaint the last result here, or the one replied to.

    The style is the photo given, or else the one seen last.
    """
    pictures = await _pictures(request)
    if pictures is None:
        return
    last = await request.services.jobs.last_done(request.key.chat_id, request.key.thread_id)
    result = last.result_photo_file_id if last else None
    style = pictures.mine or pictures.theirs
    if pictures.theirs and _is_reply_to_bot(request.message):
        result, style = pictures.theirs.ref.file_id, pictures.mine
    seen = await request.services.chats.last_photo(request.key.chat_id, request.key.thread_id)
    style_ref = style.ref if style else (PictureRef(seen) if seen else None)
    if result is None or style_ref is None:
        await request.say(
            request.t("I have painted nothing here yet: reply to a photo with /style to begin.")
        )
        return
    new = NewJob(
        request_key=f"message:{request.key.chat_id}:{request.message_id}",
        **request.key._asdict(),
        content=PictureRef(result),
        styles=(style_ref,),
        strength=request.user.strength,
        keep_colours=request.user.keep_colours,
        larger=request.user.larger,
        language=request.t.language,
        reply_to_message_id=request.message_id,
    )
    try:
        await request.services.studio.submit(new)
    except QueueFull as full:
        await request.say(no_room(full, request.t))


async def use_last_style(request: RequestContext, job_id: str) -> Toast:
    """Take the style of the last job here, instead of a picture in reply."""
    session = await request.session()
    if session is None or session.content is None or session.style:
        return request.t("That question is settled: send me a photo to begin anew.")
    job = await request.services.jobs.get(int(job_id)) if job_id.isdecimal() else None
    if job is None or job.chat_id != request.key.chat_id:
        return request.t("I have forgotten that style: please reply with a picture.")
    session = await request.services.sessions.put(replace(session, style=job.styles[0]))
    await ask_next(request, session)
    with suppress(BadRequest):
        await request.bot.edit_message_reply_markup(request.key.chat_id, request.message_id)
    return None


OWN_TAPS: dict[Action, OwnTap] = {Action.LAST_STYLE: use_last_style}

COMMANDS = {
    "style": style,
    "remix": remix,
    "cancel": commands.cancel,
    "status": commands.status,
    "swap": commands.swap,
    "help": commands.help_in_group,
    "start": commands.help_in_group,
}
PRIVATE_COMMANDS = ("history", "settings", "forget")


def handlers() -> list[Handler]:
    """List the handlers of groups."""
    here = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    picture = here & (filters.PHOTO | filters.Document.ALL)
    return [
        ChatMemberHandler(_come_or_gone, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(here & filters.StatusUpdate.MIGRATE, _move),
        *(CommandHandler(name, _asked(answer), here) for name, answer in COMMANDS.items()),
        *(CommandHandler(name, _asked(_between_us(name)), here) for name in PRIVATE_COMMANDS),
        MessageHandler(picture & _UnderPicture("style"), _asked(style)),
        MessageHandler(picture & _UnderPicture("remix"), _asked(remix)),
        MessageHandler(here & ~filters.StatusUpdate.ALL & _ReplyToBot(), answering(_hear_reply)),
        MessageHandler(picture, _see),
    ]


async def _hear_reply(request: RequestContext) -> None:
    """Take a reply to the bot: the picture it asked for. Talk is left to the people."""
    message, session = request.message, await request.session()
    picture = picture_in(message) if message else None
    if isinstance(picture, SentPicture):
        await _remember(request, picture, request.user.id)
    if session is None:
        if isinstance(picture, SentPicture):
            await request.say(request.t("Nice one! /remix repaints my last picture here in its style."))
    elif isinstance(picture, SentPicture):
        await _take(request, picture)
    elif isinstance(picture, Reason):
        await request.say(picture_problem(picture, request.t))
    elif not is_complete(session) and _is_reply_to_words(message):
        await ask_next(request, session)


async def _take(request: RequestContext, picture: SentPicture) -> None:
    """Give one picture the part that is free. The rest of its album, if any, does not replace it."""
    session = await request.session() or new_session(request)
    if picture.album_id and picture.album_id == session.album_id and is_complete(session):
        return
    taken = replace(with_picture(session, replace(picture, album_id=None)), album_id=picture.album_id)
    await ask_next(request, await request.services.sessions.put(taken))


async def _see(update: Update, context: Context) -> None:
    """Remember a photo said to others, which only an administrator sees: it may be wanted for /remix."""
    message, person = update.message, update.effective_user
    picture = picture_in(message) if message else None
    if message is None or person is None or message.sender_chat or not isinstance(picture, SentPicture):
        return
    found, thread_id = services(context.application), thread_of(message)
    await found.chats.saw_photo(message.chat.id, thread_id, person.id, picture.ref.file_id)
    session = await found.sessions.get(SessionKey(message.chat.id, thread_id, person.id))
    if session and picture.album_id and picture.album_id == session.album_id:
        await answering(lambda request: _take(request, picture))(update, context)


async def _come_or_gone(update: Update, context: Context) -> None:
    """Cancel the jobs of a chat that the bot was removed from or blocked in: nobody waits for them."""
    change = update.my_chat_member
    if change is None:
        return
    now = change.new_chat_member
    left = isinstance(now, ChatMemberRestricted) and not now.is_member
    if left or now.status in (ChatMember.LEFT, ChatMember.BANNED):
        await services(context.application).studio.cancel_chat(change.chat.id)


async def _move(update: Update, context: Context) -> None:
    """Follow a group that became a supergroup. Both chats say so, and either may come first."""
    message, chats = update.message, services(context.application).chats
    if message and message.migrate_to_chat_id:
        await chats.move(message.chat.id, message.migrate_to_chat_id)
    elif message and message.migrate_from_chat_id:
        await chats.move(message.migrate_from_chat_id, message.chat.id)


class _Pictures(NamedTuple):
    theirs: SentPicture | None  # in the message replied to, whoever's it is
    mine: SentPicture | None  # which the command is written under


async def _pictures(request: RequestContext) -> _Pictures | None:
    """Find the pictures a command is about. Returns None where one cannot be taken, which is said then."""
    message = request.message
    if message is None:
        return None
    found: list[SentPicture | None] = []
    for said in (message.reply_to_message, message):
        picture = picture_in(said) if said else None
        if isinstance(picture, Reason):
            await request.say(picture_problem(picture, request.t))
            return None
        found.append(picture)
        if said and picture and not _is_from_bot(said):
            await _remember(request, picture, said.from_user.id if said.from_user else request.user.id)
    return _Pictures(*found)


async def _remember(request: RequestContext, picture: SentPicture, owner: int) -> None:
    await request.services.chats.saw_photo(
        request.key.chat_id, request.key.thread_id, owner, picture.ref.file_id
    )


def _asked(answer: Callable[[RequestContext], Awaitable[None]]) -> Callback:
    """Make the callback for a command.

    Who speaks as the group or as a channel learns why that cannot work.
    """
    by_person = answering(answer)

    async def callback(update: Update, context: Context) -> None:
        message = update.message
        if message is None or not message.sender_chat:
            await by_person(update, context)
        elif not message.is_automatic_forward:
            t = translator(language_of(update, None))
            text = t("I paint for people: please write as yourself, so that I know who is asking.")
            await message.reply_text(text, do_quote=True)

    return callback


def _between_us(command: str) -> Callable[[RequestContext], Awaitable[None]]:
    async def answer(request: RequestContext) -> None:
        keyboard = private_chat_keyboard(request.bot.username, command, request.t)
        await request.say(request.t("That is between the two of us: ask me in our own chat."), keyboard)

    return answer


def _is_from_bot(message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == message.get_bot().id


def _is_reply_to_bot(message: Message | None) -> bool:
    replied_to = message.reply_to_message if message else None
    return replied_to is not None and _is_from_bot(replied_to)


def _is_reply_to_words(message: Message | None) -> bool:
    """Say whether a message answers a question, rather than remarks on a picture."""
    replied_to = message.reply_to_message if message else None
    return replied_to is not None and not replied_to.photo


class _ReplyToBot(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return _is_reply_to_bot(message)


class _UnderPicture(filters.MessageFilter):
    """Find a command written under a picture, where python-telegram-bot does not look for any."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = command

    def filter(self, message: Message) -> bool:
        first = message.caption_entities[0] if message.caption_entities else None
        if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
            return False
        name, _, whom = message.parse_caption_entity(first)[1:].lower().partition("@")
        username: str = message.get_bot().username
        return name == self._command and whom in ("", username.lower())
