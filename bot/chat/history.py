"""List a user's last results, to see again or to begin from: /history."""

import time
from datetime import timedelta

from babel.dates import format_timedelta

from bot.chat.button_router import JobTap, Toast
from bot.chat.request_context import RequestContext
from bot.chat.results import show, title
from bot.chat.session_flow import ask_next, begin, session_of
from bot.wording.keyboards import Action, history_keyboard
from bot.wording.translation import Translator
from storage import Job

LENGTH = 10


async def history(request: RequestContext) -> None:
    """List the user's last results of all chats, as they are the user's own wherever they were asked for."""
    done = await request.services.jobs.history(request.user.id, limit=3 * LENGTH)
    jobs = [job for job in done if job.as_file_of is None][:LENGTH]  # a file of a picture is no other one
    if not jobs:
        await request.say(request.t("There are no results yet: send me a photo to begin."))
        return
    labels = [f"{number}. {_label(job, request.t)}" for number, job in enumerate(jobs, 1)]
    text = request.t("Your last results: tap one to see it, or Redo to choose another strength.")
    await request.say(text, history_keyboard(jobs, labels, request.t))


async def see(request: RequestContext, job: Job, _value: str) -> Toast:
    """Show the result again."""
    return await show(request, job)


async def redo(request: RequestContext, job: Job, _value: str) -> Toast:
    """Ask anew for a strength, for the same two pictures."""
    await ask_next(request, await begin(request, session_of(request, job)))
    return None


JOB_TAPS: dict[Action, JobTap] = {Action.SHOW: see, Action.REDO: redo}


def _label(job: Job, t: Translator) -> str:
    since = timedelta(seconds=(job.finished or job.created) - time.time())
    ago = format_timedelta(since, add_direction=True, format="short", locale=t.language)
    return f"{title(job, t)} · {ago}"
