"""Show a user's last results, to see again or to begin from: /history."""

import time
from datetime import timedelta

from babel.dates import format_timedelta
from telegram.error import BadRequest

from bot.chat.button_router import JobTap, Toast
from bot.chat.contact_sheet import contact_sheet
from bot.chat.request_context import RequestContext
from bot.chat.results import show, title
from bot.chat.session_flow import ask_next, begin
from bot.chat.session_parts import session_of
from bot.wording.keyboards.history import history_keyboard, numbers_keyboard
from bot.wording.keyboards.taps import Action
from storage import Job

LENGTH = 10
LOOKED_THROUGH = 30  # results, to find ten that Telegram still has


async def history(request: RequestContext) -> None:
    """Show the user's last results of all chats, as they are the user's own wherever they were asked for.

    On one sheet with a number for each; in words where that cannot be made soon.
    """
    jobs = await request.services.jobs.history(request.user.id, limit=LOOKED_THROUGH, files=False)
    if not jobs:
        await request.say(request.t("There are no results yet: send me a photo to begin."))
    elif not await _show_sheet(request, jobs):
        await _list(request, jobs[:LENGTH])


async def see(request: RequestContext, job: Job, _value: str) -> Toast:
    """Show the result again."""
    return await show(request, job)


async def redo(request: RequestContext, job: Job, _value: str) -> Toast:
    """Ask anew for a strength, for the same pictures."""
    await ask_next(request, await begin(request, session_of(request, job)))
    return None


JOB_TAPS: dict[Action, JobTap] = {Action.SHOW: see, Action.REDO: redo}


async def _show_sheet(request: RequestContext, jobs: list[Job]) -> bool:
    sheet = await contact_sheet(request, jobs, LENGTH)
    if sheet is None:
        return False
    try:
        text = request.t("Your last results: tap a number to see that one again.")
        covered = any(job.spoiler for job in sheet.jobs)
        await request.show(sheet.picture, text, numbers_keyboard(sheet.jobs), covered=covered)
    except BadRequest:
        return False
    return True


async def _list(request: RequestContext, jobs: list[Job]) -> None:
    labels = [f"{number}. {_label(request, job)}" for number, job in enumerate(jobs, 1)]
    text = request.t("Your last results: tap one to see it, or Redo to choose another strength.")
    await request.say(text, history_keyboard(jobs, labels, request.t))


def _label(request: RequestContext, job: Job) -> str:
    since = timedelta(seconds=(job.finished or job.created) - time.time())
    ago = format_timedelta(since, add_direction=True, format="short", locale=request.t.language)
    return f"{title(request, job)} · {ago}"
