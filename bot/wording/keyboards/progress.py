"""Build the keyboards under a job that has no result: on its way, called off, failed."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, keyboard
from bot.wording.keyboards.taps import Action, Tap

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import Job


def job_keyboard(job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer to cancel, while the job waits or runs."""
    return keyboard([button("✖️ " + t("Cancel"), Tap(Action.CANCEL, job.id))])


def cancelled_keyboard(job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer to paint it after all."""
    return keyboard([button("🎨 " + t("Paint it after all"), Tap(Action.RETRY, job.id))])


def failed_keyboard(job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer to try again."""
    return keyboard([button("🔁 " + t("Try again"), Tap(Action.RETRY, job.id))])
