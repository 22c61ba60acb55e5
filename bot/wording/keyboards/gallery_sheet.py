"""Build the keyboards under a sheet of the gallery: of whoever asked for it, and of a duel, for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, keyboard
from bot.wording.keyboards.taps import Action, Tap

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import Job

COLUMNS = 6  # buttons with numbers in a row


class Pick(StrEnum):
    """What a button under the gallery's sheet asks for; what it takes follows."""

    PAINTING = "p"  # its mark
    BY_LOT = "r"
    PAGE = "n"  # its number, from 0 on
    BEGIN = "b"


@dataclass(frozen=True)
class GalleryPage:
    """What is to choose from.

    Args:
        choices: the label and the mark of each painting.
        number: of the page, from 0 on.
        pages: that there are.
        by_lot: whether lots may be drawn.
        columns: buttons in a row.
    """

    choices: Sequence[tuple[str, str]] = field(default_factory=list)
    number: int = 0
    pages: int = 1
    by_lot: bool = False
    columns: int = COLUMNS


def gallery_keyboard(
    owner: int, question: str, page: GalleryPage, t: "Translator", last: "Job | None" = None
) -> InlineKeyboardMarkup:
    """Offer paintings as a style, to draw lots, other pages, and in a group the styles of the `last` job.

    The buttons name their question, so that each copy of it works.
    """

    def pick(label: str, what: str) -> InlineKeyboardButton:
        return button(label, Tap(Action.GALLERY, owner, f"{what}.{question}"))

    paintings = _in_rows(
        [pick(label, f"{Pick.PAINTING}{mark}") for label, mark in page.choices], page.columns
    )
    beside = []
    if page.number > 0:
        beside.append(pick("◀️", f"{Pick.PAGE}{page.number - 1}"))
    if page.by_lot:
        beside.append(pick(_by_lot(t), Pick.BY_LOT))
    if page.number + 1 < page.pages:
        beside.append(pick("▶️", f"{Pick.PAGE}{page.number + 1}"))
    again = "♻️ " + t("Use the last style")
    others = [button(again, Tap(Action.LAST_STYLE, owner, str(last.id)))] if last else []
    return keyboard(*paintings, beside, others)


def duel_keyboard(
    game_id: int, choices: Sequence[tuple[str, str]], t: "Translator", *, can_begin: bool = False
) -> InlineKeyboardMarkup:
    """Offer paintings to bring to a duel, each by its label and its mark, to draw lots, and to begin now."""

    def pick(label: str, what: str) -> InlineKeyboardButton:
        return button(label, Tap(Action.GAME, game_id, what))

    paintings = _in_rows([pick(label, f"{Pick.PAINTING}{mark}") for label, mark in choices], COLUMNS)
    begin = [pick("⚔️ " + t("Start now"), Pick.BEGIN)] if can_begin else []
    return keyboard(*paintings, [pick(_by_lot(t), Pick.BY_LOT), *begin])


def _in_rows(buttons: Sequence[InlineKeyboardButton], columns: int) -> list[Sequence[InlineKeyboardButton]]:
    return [buttons[first : first + columns] for first in range(0, len(buttons), columns)]


def _by_lot(t: "Translator") -> str:
    return "🎲 " + t("Surprise me")
