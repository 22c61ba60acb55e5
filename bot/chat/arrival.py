"""Look at pictures as they arrive: one that cannot be painted is refused then, and not after the last tap.

A photo of Telegram's needs no look: its server has opened it, and written it anew. Files, stickers and frames
of animations are opened once, small, by a process that does nothing else, so that a hostile file holds up no
preview.

The next question waits a moment for that, as nearly every file is known by then, and a question that is
taken back is worse than one that comes a little later. What takes longer is taken, and asked about, and
refused as soon as it is known. What cannot be fetched is left to the studio, which opens it anyhow.
"""

import asyncio
from dataclasses import replace
from logging import getLogger
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from bot.chat.picture_refs import SentPicture
from bot.chat.request_context import RequestContext, request_of
from bot.chat.services import services
from bot.chat.session_flow import ask_after_album, ask_next
from bot.chat.session_parts import new_session, with_picture
from bot.gateway.downloads import NotServed, TooLarge, download
from bot.wording.phrases import picture_problem
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import DEFAULT_LIMITS, PictureError, Reason
from storage import PictureRef

if TYPE_CHECKING:
    from telegram import Message
    from telegram.ext import Application

    from storage import Session

    App = Application[Any, Any, Any, Any, Any, Any]

log = getLogger(__name__)

A_MOMENT = 2.5  # seconds that the next question waits for a look
PATIENCE = 20.0  # seconds; what was not looked at by then is opened when it is painted
AT_ONCE = 4  # files fetched to be looked at, each of 20 MB at most


async def looked_at(
    application: "App", chat_id: int, found: SentPicture | Reason | None
) -> SentPicture | Reason | None:
    """Return what was found in a message of this chat, or why it cannot be taken.

    What takes longer to be looked at is returned as if it could. Where it turns out that it cannot, it is
    taken out of the request it is in by then, and refused.
    """
    if not isinstance(found, SentPicture) or found.by_telegram:
        return found
    looking = asyncio.create_task(_look(application, found.ref))
    if (await asyncio.wait([looking], timeout=A_MOMENT))[0]:
        return await looking or found
    application.create_task(_refuse_late(application, chat_id, found.ref, looking))
    return found


async def refuse(request: RequestContext, message: "Message", reason: Reason) -> None:
    """Say why the message's picture cannot be taken, in reply to it. What else there is of the request stays.

    Of an album, its place stays free: the others have the parts that they would have had.
    """
    await request.say(picture_problem(reason, request.t), reply_to=message.message_id)
    album_id = message.media_group_id
    if album_id is None:
        return
    refused = SentPicture(PictureRef("", None, message.message_id), album_id)

    def left(before: "Session | None") -> "Session | None":
        session = before or new_session(request)
        after = _without(with_picture(session, refused), refused.ref)
        return None if after == session else replace(after, question_due=True)

    await request.services.sessions.change(request.key, left)
    if session := await request.session():
        await ask_after_album(request, session)


async def _look(application: "App", ref: PictureRef) -> Reason | None:
    """Return why a picture cannot be taken; None where it can, or where nobody can tell now."""
    places: asyncio.Semaphore = application.bot_data.setdefault("looks", asyncio.Semaphore(AT_ONCE))
    try:
        async with asyncio.timeout(PATIENCE), places:
            data = await download(application.bot, ref.file_id, DEFAULT_LIMITS.max_bytes)
            await services(application).looks.look(data)
    except PictureError as error:
        return error.reason
    except TooLarge:
        return Reason.TOO_LARGE
    except DecoderUnavailable as error:
        log.error("pictures not looked at", extra={"reason": str(error)})
    except (TelegramError, NotServed, TimeoutError):
        pass
    return None


async def _refuse_late(
    application: "App", chat_id: int, ref: PictureRef, looking: "asyncio.Task[Reason | None]"
) -> None:
    """Refuse a picture once that is known, in whatever requests have it by then."""
    reason = await looking
    if reason is None or ref.message_id is None:
        return
    found = services(application)
    for session in await found.sessions.with_picture_of(chat_id, ref.message_id):
        async with found.order.turn(chat_id, session.user_id):
            await _take_out(await request_of(application, session), ref, reason)


async def _take_out(request: RequestContext, ref: PictureRef, reason: Reason) -> None:
    """Take a picture out of a request, say why, and ask for what is missing now."""

    def taken_out(now: "Session | None") -> "Session | None":
        if now is None or ref not in now.pictures:
            return None
        return replace(_without(now, ref), question_due=True)

    if not await request.services.sessions.change(request.key, taken_out):
        return
    await request.say(picture_problem(reason, request.t), reply_to=ref.message_id)
    if session := await request.session():
        await request.delete(session.prompt_message_id)
        await ask_next(request, session)


def _without(session: "Session", ref: PictureRef) -> "Session":
    return replace(
        session,
        content=None if session.content == ref else session.content,
        styles=tuple(style for style in session.styles if style != ref),
    )
