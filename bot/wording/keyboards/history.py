"""Build the keyboards under a list of results."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, keyboard
from bot.wording.keyboards.taps import Action, Tap

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import Job


def numbers_keyboard(jobs: "Sequence[Job]") -> InlineKeyboardMarkup:
    """Offer each result on a numbered sheet."""
    numbers = [button(str(number), Tap(Action.SHOW, job.id)) for number, job in enumerate(jobs, 1)]
    return keyboard(*(numbers[first : first + 5] for first in range(0, len(numbers), 5)))


def history_keyboard(jobs: "Sequence[Job]", labels: Sequence[str], t: "Translator") -> InlineKeyboardMarkup:
    """List results, a row each: see it, or ask for another of the same two pictures."""
    return keyboard(
        *(
            [
                button(f"🖼 {label}", Tap(Action.SHOW, job.id)),
                button("🔁 " + t("Redo"), Tap(Action.REDO, job.id)),
            ]
            for job, label in zip(jobs, labels, strict=True)
        )
    )
