"""Handle private chats: a photo, a style picture, a strength. The session row is all the state."""

from telegram import MessageEntity
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.chat import broadcast, commands, forgetting, groups, history, results, settings_menu, strength_prompt
from bot.chat.button_router import ButtonRouter
from bot.chat.picture_refs import SentPicture, picture_in
from bot.chat.request_context import Handler, RequestContext, answering
from bot.chat.session_flow import (
    ask_after_album,
    ask_next,
    is_complete,
    new_session,
    next_step,
    remind,
    with_picture,
)
from bot.wording.phrases import picture_problem
from core.decoding.refusal import Reason

COMMANDS = {
    "help": commands.help_in_private,
    "cancel": commands.cancel,
    "swap": commands.swap,
    "status": commands.status,
    "history": history.history,
    "settings": settings_menu.settings,
    "forget": forgetting.forget,
}


def handlers() -> list[Handler]:
    """List the handlers of private chats, and the one for taps on buttons wherever they are."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    taps = ButtonRouter(
        own=strength_prompt.OWN_TAPS
        | settings_menu.OWN_TAPS
        | forgetting.OWN_TAPS
        | groups.OWN_TAPS
        | broadcast.OWN_TAPS,
        job=results.JOB_TAPS | history.JOB_TAPS,
    )
    return [
        CommandHandler("start", answering(_start), private),
        *(CommandHandler(name, answering(answer), private) for name, answer in COMMANDS.items()),
        MessageHandler(private & ~filters.StatusUpdate.ALL, answering(_hear)),
        CallbackQueryHandler(taps),
    ]


async def _start(request: RequestContext) -> None:
    """Answer /start. A link out of a group brings the command it stands for: `/start settings`."""
    wanted = request.context.args[0] if request.context.args else ""
    await COMMANDS.get(wanted, commands.start)(request)


async def _hear(request: RequestContext) -> None:
    picture = picture_in(request.message) if request.message else None
    if isinstance(picture, SentPicture):
        await _take(request, picture)
    elif isinstance(picture, Reason):
        await request.say(picture_problem(picture, request.t))
    else:
        await _say_what_to_send(request)


async def _take(request: RequestContext, picture: SentPicture) -> None:
    session = await request.session() or new_session(request)
    taken = with_picture(session, picture)
    if taken == session and session.prompt_message_id:
        return  # the rest of an album, or a picture that came twice
    taken = await request.services.sessions.put(taken)
    if picture.album_id:
        await ask_after_album(request, taken)
    else:
        await ask_next(request, taken)


async def _say_what_to_send(request: RequestContext) -> None:
    """Answer whatever is no picture with one sentence."""
    message, session = request.message, await request.session()
    if message is None:
        return
    if message.text and message.text.startswith("/"):
        await request.say(request.t("I don't know that command; /help lists those I do."))
    elif message.parse_entities([MessageEntity.URL, MessageEntity.TEXT_LINK]):
        await request.say(request.t("I can't open links: please send me the picture itself."))
    elif is_complete(session):
        await remind(request, session)
    elif message.media_group_id:
        await ask_after_album(request, session or new_session(request))
    elif session:
        await request.say(next_step(session, request.t))
    else:
        await request.say(
            request.t("That I can't repaint! Send me a picture instead, as a photo or as a file.")
        )
