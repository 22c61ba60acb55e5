"""Build the keyboard under the question for the strength."""

from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.keyboards.buttons import button, switch
from bot.wording.keyboards.strength_labels import always_label, with_emoji
from bot.wording.keyboards.taps import Action, Tap
from core.recipe import MOST_STYLES, Strength

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import Session, User


def strength_keyboard(session: "Session", user: "User", t: "Translator") -> InlineKeyboardMarkup:
    """Ask for the strength, which starts a job; a star marks the one that the user set as their usual.

    The buttons name their question, so that each copy of it works, and none for two other pictures does.
    """
    owner, question = session.user_id, session.question

    def choice(strength: Strength) -> InlineKeyboardButton:
        return button(with_emoji(strength, user, t), Tap(Action.STRENGTH, owner, f"{strength}.{question}"))

    unasked = f"{'no' if user.always_usual else 'yes'}.{question}"

    return InlineKeyboardMarkup(
        [
            [choice(Strength.LIGHT), choice(Strength.BALANCED)],
            [choice(Strength.STRONG), choice(Strength.WILD)],
            [choice(Strength.CLASSIC)],
            [
                switch(t("Keep colours"), session.keep_colours, Tap(Action.KEEP_COLOURS, owner, question)),
                switch(t("Larger"), session.larger, Tap(Action.LARGER, owner, question)),
            ],
            *_styles_rows(session, t),
            [
                switch(always_label(user, t), user.always_usual, Tap(Action.ALWAYS_USUAL, owner, unasked)),
                button("✖️ " + t("Cancel"), Tap(Action.ABANDON, owner, question)),
            ],
        ]
    )


def _styles_rows(session: "Session", t: "Translator") -> "list[list[InlineKeyboardButton]]":
    """Offer one more style, if there may be one, to swap the parts, and to leave out one of several."""
    owner, question, count = session.user_id, session.question, len(session.styles)
    first = [button("🔄 " + t("Swap"), Tap(Action.SWAP_PARTS, owner, question))]
    if count < MOST_STYLES:
        first.insert(0, button("➕ " + t("Add a style"), Tap(Action.ADD_STYLE, owner, question)))
    if count < 2:
        return [first]
    fewer = [
        button(
            "➖ " + t("Without {number}").format(number=number),
            Tap(Action.WITHOUT, owner, f"{number}.{question}"),
        )
        for number in range(1, count + 1)
    ]
    return [first, fewer[:2], *([fewer[2:]] if count > 2 else [])]
