"""Show what each strength would make of a request, in place of its pictures, once a worker had the time."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from logging import getLogger

from telegram import InputMediaPhoto, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.chat.preview import thumbnails
from bot.chat.request_context import RequestContext
from bot.studio.samples import Wish, in_all_strengths
from bot.wording.keyboards.strength_question import strength_keyboard
from bot.wording.phrases import strength_name
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import PictureError
from core.recipe import SCALE
from storage import DatabaseError, Session

log = getLogger(__name__)

PATIENCE = 10.0  # seconds to show them in; the question is as good without


async def prepare(
    request: RequestContext, session: Session, question: Message | None, files: Sequence[bytes] | None = None
) -> None:
    """Have samples painted, and show them in this question in place of its picture.

    Does nothing where the question has no picture, as in a group that lets none in. The `files` are small
    pictures of the session's, which are fetched if not given.
    """
    if question is None or not question.photo:
        return
    parts = request.services
    files = files or await thumbnails(request.bot, session, parts.gallery)
    if not files:
        return
    content, *styles = files

    async def is_open() -> bool:
        return await _still_asked(request, session) is not None

    async def show(samples: list[bytes]) -> None:
        await _show(request, session, question, [*samples, *(styles if len(styles) > 1 else [])])

    samples = in_all_strengths(content, tuple(styles), keep_colours=session.keep_colours)
    await parts.studio.samples.want(Wish(session.key, samples, is_open, show))


async def _still_asked(request: RequestContext, session: Session) -> Session | None:
    """Return the session as it is now, if its question is still open, and about the same picture."""
    now = await request.services.sessions.get(session.key)
    if now is None or now.question != session.question or now.adding:
        return None
    return now if now.keep_colours == session.keep_colours else None


async def _show(
    request: RequestContext, session: Session, question: Message, pictures: Sequence[bytes]
) -> None:
    """Put the samples on a sheet, and of several styles below which is which, into the question."""
    t, parts = request.t, request.services
    labels = [strength_name(strength, t) for strength in SCALE]
    labels += [str(number) for number in range(1, len(pictures) - len(labels) + 1)]
    with suppress(TelegramError, TimeoutError, PictureError, DecoderUnavailable, DatabaseError):
        async with asyncio.timeout(PATIENCE):
            sheet = await parts.decoder.sheet(pictures, labels, columns=2)
            now, user = await _still_asked(request, session), await parts.users.ensure(session.user_id)
            if now is None:
                return
            media = InputMediaPhoto(
                sheet,
                caption=question.caption_html,
                parse_mode=ParseMode.HTML,
                has_spoiler=any(picture.spoiler for picture in now.pictures),
            )
            await request.bot.edit_message_media(
                media,
                request.key.chat_id,
                question.message_id,
                reply_markup=strength_keyboard(now, user, t),
            )
            log.info("samples shown")
