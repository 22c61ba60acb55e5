"""Take the picture that a message has got by being edited, until the one before is painted."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.chat.arrival import looked_at
from bot.chat.picture_refs import SentPicture, picture_in
from bot.chat.request_context import Context, Handler, request_of
from bot.chat.services import services
from bot.chat.session_flow import ask_next
from bot.wording.phrases import picture_problem
from core.decoding.refusal import Reason


def handler() -> Handler:
    """Return the handler of edited messages. What else is edited, words and commands, is not heard again."""
    return MessageHandler(filters.UpdateType.EDITED_MESSAGE, _replace)


async def _replace(update: Update, context: Context) -> None:
    """Put the new picture in the place of the old one, in whatever request has it, and ask anew.

    Where the new one cannot be taken, those who have the old one are told that it stays.
    """
    message = update.edited_message
    if message is None:
        return
    found, chat_id = services(context.application), message.chat.id
    holding = await found.sessions.with_picture_of(chat_id, message.message_id)
    picture = picture_in(message)
    if holding:
        picture = await looked_at(context.application, chat_id, picture)
    elif isinstance(picture, SentPicture) and picture.is_doubtful:
        return
    if isinstance(picture, SentPicture):
        await found.chats.replace_photo(chat_id, picture.ref)
        for session in await found.sessions.replace_picture(chat_id, picture.ref):
            await ask_next(await request_of(context.application, session), session)
        return
    for session in holding:
        request = await request_of(context.application, session)
        stays = request.t("I'll go on with the picture from before.")
        problem = picture_problem(picture, request.t) if isinstance(picture, Reason) else None
        await request.say(f"{problem} {stays}" if problem else stays, reply_to=message.message_id)
