"""Word what a job's message shows, from its place in the queue to the result."""

from html import escape

from bot.studio.job_message import File, View
from bot.wording.keyboards import failed_keyboard, job_keyboard, result_keyboard
from bot.wording.phrases import picture_problem, strength_name, time_left
from bot.wording.translation import Translator, translator
from core.decoding.refusal import Reason
from core.executor.protocol import Done, Progress
from storage import Job

BAR = 12  # blocks


def waiting(job: Job, position: int, seconds: float | None) -> View:
    """Show the place in the queue."""
    t = translator(job.language)
    lines = [
        t("You are next.")
        if position == 1
        else t("You are number {position} in the queue.").format(position=position)
    ]
    if job.as_file_of:
        lines.insert(0, t("I no longer have that file, so I paint the picture once more."))
    return View(_with_time(lines, seconds, t), job_keyboard(job, t))


def interrupted(job: Job) -> View:
    """Show that a painting begins again after a restart or a lost worker."""
    t = translator(job.language)
    return View(t("I was interrupted and begin this picture again in a moment."), job_keyboard(job, t))


def starting(job: Job) -> View:
    """Show that the painting has begun."""
    t = translator(job.language)
    return View(t("I have begun to paint."), job_keyboard(job, t))


def painting(job: Job, progress: Progress) -> View:
    """Show how far the painting is, with its newest preview."""
    t = translator(job.language)
    percent = t("Painting: {percent} %").format(percent=round(100 * progress.share))
    lines = [percent, _bar(progress.share)]
    return View(_with_time(lines, progress.seconds_left, t), job_keyboard(job, t), progress.preview)


def result(job: Job, done: Done, name: str | None) -> View:
    """Show the result. `name` is the requester's in a group, where others look on."""
    t = translator(job.language)
    strength = strength_name(job.strength, t)
    if name is None:
        text = t("Here it is: {strength}.").format(strength=strength)
    else:
        mention = f'<a href="tg://user?id={job.user_id}">{escape(name)}</a>'
        text = t("{name}, here it is: {strength}.").format(name=mention, strength=strength)
    if done.shrunk_from:
        text += "\n" + t("It is {width} × {height} pixels: there was no memory for more.").format(
            width=done.width, height=done.height
        )
    return View(text, result_keyboard(job, t), done.picture)


def result_file(job: Job, png: bytes) -> View:
    """Show the result as a file."""
    t = translator(job.language)
    return View(t("Every pixel, as a file."), None, file=as_file(job, png))


def as_file(job: Job, png: bytes) -> File:
    """Return the result as a file, named after its job."""
    return File(f"stylegram-{job.as_file_of or job.id}.png", png)


def cancelled(job: Job) -> View:
    """Show that the job was cancelled."""
    t = translator(job.language)
    return View(t("Cancelled."))


def failed(job: Job) -> View:
    """Show why the job failed, from its row alone, so that an apology can be made up for after a crash."""
    t = translator(job.language)
    if job.refusal:
        return View(picture_problem(Reason(job.refusal), t))
    return View(t("I'm sorry: this picture did not work out."), failed_keyboard(job, t))


def _with_time(lines: list[str], seconds: float | None, t: Translator) -> str:
    if seconds is not None and seconds >= 1:
        lines[-1] += f" · {time_left(seconds, t)}"
    return "\n".join(lines)


def _bar(share: float) -> str:
    done = round(BAR * share)
    return "▓" * done + "░" * (BAR - done)
