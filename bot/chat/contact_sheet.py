"""Put a user's results on one numbered sheet, made from the small sizes that Telegram has of them."""

import asyncio
from dataclasses import dataclass, field
from logging import getLogger
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.gateway.downloads import NotServed, TooLarge, download
from bot.gateway.retries import is_passing
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import PictureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.request_context import RequestContext
    from storage import Job

log = getLogger(__name__)

PATIENCE = 5.0  # seconds; a list of words is as good then
MOST_BYTES = 1_000_000  # of each: results of earlier versions have no small size that is known


@dataclass(frozen=True)
class ContactSheet:
    """A JPEG of results, numbered from 1 in the order of `jobs`."""

    jobs: "Sequence[Job]"
    picture: bytes = field(repr=False)


async def contact_sheet(request: "RequestContext", jobs: "Sequence[Job]", most: int) -> ContactSheet | None:
    """Show the first `most` of these results that Telegram still has.

    Returns None where that takes too long, or there is none.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            found = await _found(request, jobs, most)
            if not found:
                return None
            labels = [str(number) for number in range(1, len(found) + 1)]
            pictures = [picture for _, picture in found]
            sheet = await request.services.decoder.sheet(pictures, labels, columns=_columns(len(found)))
    except (TelegramError, TimeoutError, PictureError):
        return None
    except DecoderUnavailable as error:
        log.error("no contact sheets", extra={"reason": str(error)})
        return None
    return ContactSheet([job for job, _ in found], sheet)


async def _found(request: "RequestContext", jobs: "Sequence[Job]", most: int) -> "list[tuple[Job, bytes]]":
    """Fetch as many as are wanted; older ones stand in for those that are gone."""
    found: list[tuple[Job, bytes]] = []
    while jobs and len(found) < most:
        wanted = most - len(found)
        pictures = await asyncio.gather(*(_small(request, job) for job in jobs[:wanted]))
        found += [(job, picture) for job, picture in zip(jobs, pictures, strict=False) if picture]
        jobs = jobs[wanted:]
    return found


async def _small(request: "RequestContext", job: "Job") -> bytes | None:
    """Fetch a result in a small size. Returns None where it is no longer there."""
    file_id = job.result_thumbnail_id or job.result_photo_file_id
    try:
        if not file_id:  # Telegram never said under which id it has it
            return await request.services.studio.files.get(job.id)
        return await download(request.bot, file_id, MOST_BYTES)
    except (TooLarge, NotServed, OSError):
        return None
    except TelegramError as error:
        if is_passing(error):
            raise
        return None


def _columns(count: int) -> int:
    """Return how many stand in a row, so that rows are full where they can be."""
    if count <= 4:
        return min(count, 2)
    return 3 if count in (5, 6, 9) else 4
