"""Build the keyboards under a result."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, keyboard
from bot.wording.keyboards.taps import Action, Tap
from bot.wording.phrases import strength_name
from core.recipe import SCALE

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import Job


def result_keyboard(job: "Job", t: "Translator", *, among_others: bool) -> InlineKeyboardMarkup:
    """Offer what may come next, under a result: what is wanted most, and the rest behind More.

    Args:
        job: whose result it is.
        t: translates.
        among_others: whether it is shown in a group, where few buttons do.
    """
    if not among_others:
        return keyboard(_strengths(job, t), [_other_colours(job, t), _other_style(job, t)], [_more(job, t)])
    return keyboard(
        [mine_button(job, t), _other_style(job, t)],
        [_other_colours(job, t), _more(job, t)],
    )


def more_keyboard(job: "Job", t: "Translator", *, shared_by: str | None = None) -> InlineKeyboardMarkup:
    """Offer the rest of what may come next, and the way back.

    Args:
        job: whose result it is.
        t: translates.
        shared_by: the inline query that finds the result; None where it cannot be shared so.
    """
    share = (
        [InlineKeyboardButton("📤 " + t("Share"), switch_inline_query=shared_by)]
        if shared_by is not None
        else []
    )
    return keyboard(
        _strengths(job, t),
        [
            button("🔄 " + t("Swap"), Tap(Action.SWAP, job.id)),
            button("📷 " + t("Another photo"), Tap(Action.OTHER_PHOTO, job.id)),
        ],
        [
            button("📄 " + t("As a file"), Tap(Action.AS_FILE, job.id)),
            button("💟 " + t("Sticker"), Tap(Action.AS_STICKER, job.id)),
        ],
        [*share, button("🔁 " + t("Redo"), Tap(Action.REDO, job.id))],
        [button("⬅️ " + t("Back"), Tap(Action.LESS, job.id))],
    )


def mine_button(job: "Job", t: "Translator") -> InlineKeyboardButton:
    """Offer anybody in a group a photo of their own in the style of this result."""
    return button("🙋 " + t("Repaint mine"), Tap(Action.MINE, job.id))


def _strengths(job: "Job", t: "Translator") -> list[InlineKeyboardButton]:
    """Offer each strength, in short words as all stand in one row; the present one is ticked."""
    return [
        button(
            f"✓ {strength_name(strength, t)}" if strength == job.strength else strength_name(strength, t),
            Tap(Action.REPAINT, job.id, strength),
        )
        for strength in SCALE
    ]


def _other_colours(job: "Job", t: "Translator") -> InlineKeyboardButton:
    """Offer to repaint in the colours that it has not."""
    colours = t("Style's colours") if job.keep_colours else t("Photo's colours")
    return button("🌈 " + colours, Tap(Action.COLOURS, job.id))


def _other_style(job: "Job", t: "Translator") -> InlineKeyboardButton:
    return button("🖼 " + t("Another style"), Tap(Action.OTHER_STYLE, job.id))


def _more(job: "Job", t: "Translator") -> InlineKeyboardButton:
    return button(t("More…"), Tap(Action.MORE, job.id))
