"""The private chat: photo, photo, strength. What an update means for the session, which is all the state."""

from typing import Any, TypeAlias

from telegram import MessageEntity
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.chat import broadcast, commands, forgetting, groups, history, results, settings_menu, strength_prompt
from bot.chat.button_router import Taps
from bot.chat.picture_refs import Picture, picture_in
from bot.chat.request_context import Context, Turn, heard
from bot.chat.session_flow import (
    ask_after_album,
    ask_next,
    is_complete,
    new_session,
    next_step,
    remind,
    with_picture,
)
from bot.wording.texts import picture_problem
from core.decoding.refusal import Reason

Handler: TypeAlias = BaseHandler[Any, Context, Any]

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
    """Those of private chats, and the one for taps on buttons wherever they are."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    taps = Taps(
        own=strength_prompt.OWN_TAPS
        | settings_menu.OWN_TAPS
        | forgetting.OWN_TAPS
        | groups.OWN_TAPS
        | broadcast.OWN_TAPS,
        job=results.JOB_TAPS | history.JOB_TAPS,
    )
    return [
        CommandHandler("start", heard(_start), private),
        *(CommandHandler(name, heard(answer), private) for name, answer in COMMANDS.items()),
        MessageHandler(private & ~filters.StatusUpdate.ALL, heard(_hear)),
        CallbackQueryHandler(taps),
    ]


async def _start(turn: Turn) -> None:
    """A link out of a group brings the command it stands for: `/start settings`."""
    wanted = turn.context.args[0] if turn.context.args else ""
    await COMMANDS.get(wanted, commands.start)(turn)


async def _hear(turn: Turn) -> None:
    picture = picture_in(turn.message) if turn.message else None
    if isinstance(picture, Picture):
        await _take(turn, picture)
    elif isinstance(picture, Reason):
        await turn.say(picture_problem(picture, turn.t))
    else:
        await _say_what_to_send(turn)


async def _take(turn: Turn, picture: Picture) -> None:
    session = await turn.session() or new_session(turn)
    taken = with_picture(session, picture)
    if taken == session and session.prompt_message_id:
        return  # the rest of an album, or a picture that came twice
    taken = await turn.services.sessions.put(taken)
    if picture.album_id:
        await ask_after_album(turn, taken)
    else:
        await ask_next(turn, taken)


async def _say_what_to_send(turn: Turn) -> None:
    """One sentence in answer to whatever is no picture."""
    message, session = turn.message, await turn.session()
    if message is None:
        return
    if message.text and message.text.startswith("/"):
        await turn.say(turn.t("I don't know that command; /help lists those I do."))
    elif message.parse_entities([MessageEntity.URL, MessageEntity.TEXT_LINK]):
        await turn.say(turn.t("I can't open links: please send me the picture itself."))
    elif is_complete(session):
        await remind(turn, session)
    elif message.media_group_id:
        await ask_after_album(turn, session or new_session(turn))
    elif session:
        await turn.say(next_step(session, turn.t))
    else:
        await turn.say(turn.t("That I can't repaint! Send me a picture instead, as a photo or as a file."))
