"""Answer inline queries, by which people share their own results in any chat."""

from contextlib import suppress
from logging import getLogger
from typing import TYPE_CHECKING

from telegram import Bot, InlineQuery, InlineQueryResultCachedPhoto, InlineQueryResultsButton, Update
from telegram.constants import InlineQueryLimit
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot.chat.services import Services, services
from bot.gallery.search import find
from bot.gallery.titles import titles_of
from bot.wording.phrases import strength_name, what_was_painted
from bot.wording.translation import LANGUAGES, language_of, translator
from core.recipe import Strength
from storage import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.request_context import Context, Handler
    from bot.gallery.collection import Gallery
    from bot.wording.translation import Translator

log = getLogger(__name__)

LATEST = 500  # results of a person that can be found
A_PAGE = InlineQueryLimit.RESULTS
CACHED = 0  # seconds that Telegram may keep an answer: what was forgotten is gone at once
START = "share"  # what /start is told by who comes from here
_KEY = "#"  # begins the query that finds one result, by its job
_SHORTEST = 3  # letters by which a strength is known
_LONGEST_ID = 20  # digits
_TOO_OLD = ("query is too old", "query_id_invalid")


def handler() -> "Handler":
    """Return the handler of inline queries."""
    return InlineQueryHandler(_answer)


def sharing_query(bot: Bot, job: Job) -> str | None:
    """Return the inline query that finds this result.

    None where it cannot be shared so, or inline mode is not switched on at BotFather.
    """
    return f"{_KEY}{job.id}" if bot.supports_inline_queries and _can_be_shared(job) else None


def _can_be_shared(job: Job) -> bool:
    """Say whether a result may be offered: as a photo that Telegram has, to eyes that it was made for.

    A covered one is not: what is sent from an inline query cannot be covered. A secret one is not, as the
    words beside it would name its style.
    """
    is_photo = job.result_photo_file_id and job.result_photo_file_id != job.result_document_file_id
    return bool(is_photo) and not job.spoiler and not job.secret


async def _answer(update: Update, context: "Context") -> None:
    """List the latest results of whoever asks, those that their words are about, the newest first."""
    query, found = update.inline_query, services(context.application)
    if query is None:
        return
    user_id = query.from_user.id
    t = translator(language_of(update, await found.users.get(user_id)))
    results = await found.jobs.history(user_id, limit=LATEST, files=False)
    before = _job_in(query.offset)
    fitting = [
        job
        for job in results
        if _can_be_shared(job)
        and (before is None or job.id < before)
        and _is_meant(job, query.query, found.gallery)
    ]
    page, rest = fitting[:A_PAGE], fitting[A_PAGE:]
    try:
        await _offer(query, page, page[-1].id if rest else None, found, t)
    except BadRequest as error:
        if any(sign in error.message.lower() for sign in _TOO_OLD):
            return  # whoever asked has typed on
        log.warning("results not offered", extra={"reason": error.message})
        with suppress(BadRequest):
            await _offer(query, await _still_there(context.bot, page), None, found, t)


def _job_in(offset: str) -> int | None:
    """Return the last job of the page before; None for the first page."""
    return int(offset) if offset.isdecimal() and len(offset) < _LONGEST_ID else None


async def _offer(
    query: InlineQuery, jobs: "Sequence[Job]", offset: int | None, found: Services, t: "Translator"
) -> None:
    words = [what_was_painted(job, titles_of(job.styles, found.gallery, t), t) for job in jobs]
    button = t("Paint a new picture") if jobs or query.offset else t("No results yet: paint a picture")
    await query.answer(
        [
            InlineQueryResultCachedPhoto(
                id=str(job.id), photo_file_id=str(job.result_photo_file_id), title=caption, caption=caption
            )
            for job, caption in zip(jobs, words, strict=True)
        ],
        cache_time=CACHED,
        is_personal=True,
        next_offset="" if offset is None else str(offset),
        button=InlineQueryResultsButton(button, start_parameter=START),
    )


async def _still_there(bot: Bot, jobs: "Sequence[Job]") -> list[Job]:
    """Leave out those whose photo Telegram has no longer: one of them spoils the whole answer."""
    there = []
    for job in jobs:
        with suppress(BadRequest):
            await bot.get_file(str(job.result_photo_file_id))
            there.append(job)
    return there


def _is_meant(job: Job, words: str, gallery: "Gallery") -> bool:
    """Say whether these words of a query are about a result.

    They are the key of a single one, or the style's title, or a strength, or both; none are about all.
    """
    if words.startswith(_KEY):
        return words.removeprefix(_KEY).strip() == str(job.id)
    if not words.strip() or _is_in_style(job, words, gallery):
        return True
    others = [word for word in words.split() if not _is_strength(word, job.strength)]
    if len(others) == len(words.split()):
        return False
    return not others or _is_in_style(job, " ".join(others), gallery)


def _is_in_style(job: Job, words: str, gallery: "Gallery") -> bool:
    names = {painting.name for painting in find(words, gallery)}
    return any(style.painting in names for style in job.styles)


def _is_strength(word: str, strength: str) -> bool:
    """Say whether a word is the beginning of this strength's name, in any language."""
    names = [strength_name(Strength(strength), translator(code)).casefold() for code in LANGUAGES]
    return len(word) >= _SHORTEST and any(name.startswith(word.casefold()) for name in names)
