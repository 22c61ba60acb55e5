"""Send results as files to those who ask, painting them again where they are no longer kept."""

import time
from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.studio import views
from bot.studio.job_message import ChatGone, NotAllowed
from bot.studio.tools import Tools
from bot.studio.view import File
from storage import Job, NewJob


class Filed(StrEnum):
    """What became of a wish for a file."""

    SENT = "sent"
    SENT_PRIVATELY = "sent privately"  # to the user's own chat, as this one lets no files in
    NOT_ALLOWED = "not allowed"  # this chat lets no files in, and the user has no chat of their own
    REPAINTING = "repainting"  # it was no longer there; a new job paints it, and its message says so
    GONE = "gone"  # no such result of this user


class FileRequests:
    """Send results in full size.

    Args:
        tools: the studio's.
        submit: puts a job in the queue, or raises `QueueFull`.
    """

    def __init__(self, tools: Tools, submit: Callable[[NewJob], Awaitable[object]]) -> None:
        self._tools = tools
        self._jobs = tools.jobs
        self._submit = submit

    async def send(self, job: Job, chat_id: int, thread_id: int) -> Filed:
        """Send the result of a done job to this chat, painting it again if need be.

        Raises `QueueFull`, `ChatGone` or a `TelegramError`.
        """
        if job.result_document_file_id is not None:
            filed, _ = await self._send(job.result_document_file_id, job.user_id, chat_id, thread_id)
            return filed
        png = await self._tools.files.get(job.id)
        if png is None:
            await self._paint_again(job, chat_id, thread_id)
            return Filed.REPAINTING
        filed, file_id = await self._send(views.as_file(job, png), job.user_id, chat_id, thread_id)
        if file_id is not None:
            await self._jobs.set_document(job.id, file_id)
        return filed

    async def _send(
        self, file: File | str, user_id: int, chat_id: int, thread_id: int
    ) -> tuple[Filed, str | None]:
        """Send a file to this chat, or where it lets none in to the user's own; returns its id, too."""
        delivery = self._tools.delivery
        try:
            return Filed.SENT, await delivery.send_file(chat_id, thread_id, file)
        except NotAllowed:
            if chat_id == user_id:
                return Filed.NOT_ALLOWED, None
        try:
            return Filed.SENT_PRIVATELY, await delivery.send_file(user_id, 0, file)
        except (ChatGone, NotAllowed):
            return Filed.NOT_ALLOWED, None

    async def _paint_again(self, job: Job, chat_id: int, thread_id: int) -> None:
        """Queue the same painting: the same pictures and the same recipe give the same pixels."""
        if any(other.as_file_of == job.id for other in await self._jobs.of_user(job.user_id)):
            return
        again = NewJob(
            request_key=f"file:{job.id}:{time.time_ns()}",  # once it is over, it may be asked for again
            chat_id=chat_id,
            thread_id=thread_id,
            user_id=job.user_id,
            content=job.content,
            styles=job.styles,
            strength=job.strength,
            keep_colours=job.keep_colours,
            larger=job.larger,
            recipe=job.recipe,
            language=job.language,
            as_file_of=job.as_file_of or job.id,
        )
        await self._submit(again)
