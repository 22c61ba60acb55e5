"""Handle private chats: a photo, a style picture, a strength. The session row is all the state."""

from dataclasses import replace

from telegram import Message, MessageEntity
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.chat import (
    broadcast,
    commands,
    forgetting,
    gallery,
    groups,
    history,
    replaced_pictures,
    results,
    settings_menu,
    shared_results,
    strength_prompt,
)
from bot.chat.arrival import looked_at, refuse
from bot.chat.button_router import ButtonRouter
from bot.chat.games import handlers as games
from bot.chat.group_commands import UnderPicture
from bot.chat.no_pictures import instead_of
from bot.chat.picture_refs import SentPicture, picture_in, picture_quoted
from bot.chat.request_context import Handler, RequestContext, answering
from bot.chat.session_flow import ask_after_album, remind, take
from bot.chat.session_parts import is_complete, new_session
from bot.wording.keyboards.links import add_to_group_keyboard
from core.decoding.refusal import Reason

COMMANDS = {
    "help": commands.help_in_private,
    "gallery": gallery.show_gallery,
    "cancel": commands.cancel,
    "swap": commands.swap,
    "status": commands.status,
    "history": history.history,
    "settings": settings_menu.settings,
    "forget": forgetting.forget,
}
LINKED = ("help", "gallery", "status", "history", "settings", "forget")
"""The commands that a link may bring, which anybody can make: none that does anything before it has asked."""


def handlers() -> list[Handler]:
    """List the handlers of private chats, and those for taps on buttons and edits wherever they are."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    taps = ButtonRouter(
        own=strength_prompt.OWN_TAPS
        | settings_menu.OWN_TAPS
        | forgetting.OWN_TAPS
        | gallery.OWN_TAPS
        | groups.OWN_TAPS
        | broadcast.OWN_TAPS,
        job=results.JOB_TAPS | history.JOB_TAPS,
        shared=shared_results.SHARED_TAPS,
        game=games.tapped,
    )
    return [
        CommandHandler("start", answering(_start), private),
        *(CommandHandler(name, answering(answer), private) for name, answer in COMMANDS.items()),
        CommandHandler(list(games.COMMANDS), answering(_games_are_for_groups), private),
        CommandHandler("style", answering(groups.style), private),
        MessageHandler(private & UnderPicture("style"), answering(groups.style)),
        MessageHandler(private & ~filters.StatusUpdate.ALL, answering(_hear)),
        CallbackQueryHandler(taps),
        replaced_pictures.handler(),
    ]


async def _start(request: RequestContext) -> None:
    """Answer /start. A link out of a group brings the command it stands for: `/start settings`."""
    wanted = request.context.args[0] if request.context.args else ""
    await (COMMANDS[wanted] if wanted in LINKED else commands.start)(request)


async def _games_are_for_groups(request: RequestContext) -> None:
    text = request.t("Games are for groups: add me to one of yours, and play there.")
    await request.say(text, add_to_group_keyboard(request.bot.username, request.t))


async def _hear(request: RequestContext) -> None:
    message = request.message
    if message is None:
        return
    picture = picture_in(message) or picture_quoted(message)
    picture = await looked_at(request.context.application, request.key.chat_id, picture)
    if isinstance(picture, SentPicture):
        await take(request, picture)
    elif isinstance(picture, Reason):
        await refuse(request, message, picture)
    else:
        await _say_what_to_send(request, message)


async def _say_what_to_send(request: RequestContext, message: Message) -> None:
    """Answer whatever is no picture with one sentence."""
    session = await request.session()
    if message.text and message.text.startswith("/"):
        await request.say(request.t("I don't know that command; /help lists those I do."))
    elif message.parse_entities([MessageEntity.URL, MessageEntity.TEXT_LINK]):
        await request.say(request.t("I can't open links: please send me the picture itself."))
    elif is_complete(session):
        await remind(request, session)
    elif session and message.text and await gallery.said(request, session, message.text):
        return
    elif message.media_group_id:
        session = replace(session or new_session(request), question_due=True)
        await ask_after_album(request, await request.services.sessions.put(session))
    elif instead := instead_of(message, request.t):
        await request.say(instead, reply_to=message.message_id)
    elif session:
        await remind(request, session)
    else:
        await request.say(request.t("I can only paint pictures: send me one, as a photo or as a file."))
