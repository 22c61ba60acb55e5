"""Word what a job's message shows, from its place in the queue to the result."""

from enum import StrEnum
from html import escape

from bot.studio.view import File, View
from bot.wording.keyboards.progress import cancelled_keyboard, failed_keyboard, job_keyboard
from bot.wording.keyboards.results import result_keyboard
from bot.wording.phrases import countdown, mention, picture_problem, time_left, what_was_painted
from bot.wording.translation import Translator, translator
from core.decoding.refusal import Reason
from core.executor.protocol import Done, Progress
from storage import Job

BAR = 12  # blocks


class Trouble(StrEnum):
    """What is in a failed job's `refusal` besides the reasons why pictures cannot be taken."""

    NOT_ALLOWED = "not allowed"  # the chat lets no picture in, and there is no other
    PAINTING_GONE = "painting gone"  # the gallery does not have it any more
    NOT_FETCHED = "not fetched"  # the Bot API server does not hand out files


def waiting(job: Job, position: int, seconds: float | None) -> View:
    """Show the place in the queue."""
    t = translator(job.language)
    lines = [
        t("You are next.")
        if position == 1
        else t("You are number {position} in the queue.").format(position=position)
    ]
    if job.as_file_of:
        lines.insert(0, t("I no longer have that file, so I'm painting the picture again."))
    return View(_with_time(lines, seconds, t), job_keyboard(job, t))


def interrupted(job: Job) -> View:
    """Show that a painting begins again after a restart or a lost worker."""
    t = translator(job.language)
    return View(t("I was interrupted: I'll start this picture again in a moment."), job_keyboard(job, t))


def starting(job: Job, seconds: float | None = None) -> View:
    """Show that the painting has begun, and how long it may take if that is known."""
    t = translator(job.language)
    return View(_with_time([t("I've started painting.")], seconds, t), job_keyboard(job, t))


def fetching(job: Job) -> View:
    """Show that Telegram takes its time with the job's pictures."""
    t = translator(job.language)
    return View(t("I'm fetching your pictures from Telegram: this may take a moment."), job_keyboard(job, t))


def painting(job: Job, progress: Progress) -> View:
    """Show how far the painting is, with its newest preview."""
    t = translator(job.language)
    percent = t("Painting: {percent} %").format(percent=min(99, round(100 * progress.share)))
    text = f"{percent}\n{_bar(progress.share)} · {countdown(progress.seconds_left, t)}"
    return View(text, job_keyboard(job, t), progress.preview, is_covered=job.spoiler)


def result(job: Job, done: Done, name: str | None, titles: str = "") -> View:
    """Show the result. `name` is the requester's in a group, where others look on; `titles` the styles'."""
    t = translator(job.language)
    what = escape(what_was_painted(job, "" if job.secret else titles, t))
    what = what[0].lower() + what[1:]  # within a sentence
    if name is None:
        text = t("Here it is: {what}.").format(what=what)
    else:
        text = t("{name}, here it is: {what}.").format(name=mention(job.user_id, name), what=what)
    if job.note:
        text = f"{job.note}\n{text}"
    if done.shrunk_from:
        text += "\n" + t("It's {width} × {height} pixels: there wasn't enough memory for more.").format(
            width=done.width, height=done.height
        )
    return View(
        text,
        None if job.secret else result_keyboard(job, t, among_others=job.chat_id != job.user_id),
        done.picture,
        instead=as_file(job, done.lossless),
        is_owed=True,
        is_covered=job.spoiler,
        announcement=_announcement(job, name, t),
    )


def result_file(job: Job, png: bytes, name: str | None) -> View:
    """Show the result as a file. `name` is the requester's in a group."""
    t = translator(job.language)
    file, announcement = as_file(job, png), _announcement(job, name, t)
    return View(t("Here it is in full size, as a file."), file=file, is_owed=True, announcement=announcement)


def as_file(job: Job, png: bytes) -> File:
    """Return the result as a file, named after its job."""
    return File(f"stylegram-{job.as_file_of or job.id}.png", png)


def moved(job: Job) -> View:
    """Say, in the group that does not let it in, that the picture comes to the requester's own chat."""
    t = translator(job.language)
    return View(
        t("I'm not allowed to show that picture here, so it's coming to our private chat."),
        chat_button=t("Open our chat"),
    )


def cancelled(job: Job) -> View:
    """Show that the job was cancelled, for whoever thinks better of it."""
    t = translator(job.language)
    return View(t("Cancelled."), cancelled_keyboard(job, t))


def failed(job: Job) -> View:
    """Show why the job failed, from its row alone, so that an apology can be made up for after a crash."""
    t = translator(job.language)
    match job.refusal:
        case Trouble.NOT_ALLOWED:
            text = t(
                "I'm not allowed to send photos or files here, and we have no private chat yet. Open our "
                "chat, tap Start there, then Try again here: your picture will come to you."
            )
            return View(text, failed_keyboard(job, t), chat_button=t("Open our chat"))
        case Trouble.NOT_FETCHED:
            text = t(
                "Sorry, I can't fetch pictures right now. Whoever runs me has to fix something first: "
                "please try again later."
            )
            return View(text, failed_keyboard(job, t))
        case Trouble.PAINTING_GONE:
            return View(t("That painting is no longer in my gallery: please choose another style."))
        case refusal if refusal in list(Reason):
            return View(picture_problem(Reason(refusal), t))
    return View(t("Sorry, this picture didn't work out."), failed_keyboard(job, t))


def _announcement(job: Job, name: str | None, t: Translator) -> str:
    if name is None:
        return t("Your picture is ready.")
    return t("{name}, your picture is ready.").format(name=mention(job.user_id, name))


def _with_time(lines: list[str], seconds: float | None, t: Translator) -> str:
    if seconds is not None and seconds >= 1:
        lines[-1] += f" · {time_left(seconds, t)}"
    return "\n".join(lines)


def _bar(share: float) -> str:
    done = round(BAR * share)
    return "▓" * done + "░" * (BAR - done)
