"""Build inline keyboards, and read the data that comes back from a tap.

Whose a button is stands in its data: the owner's user id, or the id of a job, whose user owns it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.wording.phrases import strength_name
from bot.wording.translation import LANGUAGES
from core.recipe import Strength

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.wording.translation import Translator
    from storage import Job, Session, User

EMOJI = {
    Strength.LIGHT: "🌤",
    Strength.BALANCED: "🎨",
    Strength.STRONG: "🔥",
    Strength.WILD: "🌪",
    Strength.CLASSIC: "🏛",
}
ON, OFF = "✅", "▫️"
SCALE = (Strength.LIGHT, Strength.BALANCED, Strength.STRONG, Strength.WILD)
"""What Lighter and Stronger step along. Classic is a recipe of its own, neither lighter nor stronger."""


class Action(StrEnum):
    """What a tap asks for. The values are short, as they travel in the callback data."""

    # Of a session; the id is the owner's.
    STRENGTH = "s"  # value: the strength
    KEEP_COLOURS = "k"
    LARGER = "l"
    ABANDON = "x"
    LAST_STYLE = "y"  # value: the id of the job that has the style
    # Of a job.
    CANCEL = "c"
    RETRY = "r"
    REPAINT = "p"  # value: the strength to repaint in
    COLOURS = "k2"
    SWAP = "w"
    OTHER_STYLE = "os"
    OTHER_PHOTO = "op"
    AS_FILE = "f"
    SHOW = "h"
    REDO = "a"
    # Of a user.
    SET = "e"  # value: setting=value
    FORGET = "d"  # value: yes or no
    BROADCAST = "b"  # value: send=id or stop=id


@dataclass(frozen=True)
class Tap:
    """A button's callback data, at most 64 bytes: an action, whose id, and what else it takes."""

    action: Action
    id: int
    value: str = ""

    @property
    def data(self) -> str:
        """Return it as callback data."""
        return f"{self.action}:{self.id}:{self.value}"

    @classmethod
    def parse(cls, data: str | None) -> Self | None:
        """Read callback data. Returns None for what no button of this version sends."""
        action, _, rest = (data or "").partition(":")
        number, _, value = rest.partition(":")
        try:
            return cls(Action(action), int(number), value)
        except ValueError:
            return None


def strength_keyboard(session: "Session", favourite: str, t: "Translator") -> InlineKeyboardMarkup:
    """Ask for the strength, which starts a job; a star marks the strength the user set as their usual one."""
    owner = session.user_id

    def choice(strength: Strength) -> InlineKeyboardButton:
        emoji = "⭐" if strength == favourite else EMOJI[strength]
        return _button(f"{emoji} {strength_name(strength, t)}", Tap(Action.STRENGTH, owner, strength))

    return InlineKeyboardMarkup(
        [
            [choice(Strength.LIGHT), choice(Strength.BALANCED)],
            [choice(Strength.STRONG), choice(Strength.WILD)],
            [choice(Strength.CLASSIC)],
            [
                _switch(t("Keep colours"), session.keep_colours, Tap(Action.KEEP_COLOURS, owner)),
                _switch(t("Larger"), session.larger, Tap(Action.LARGER, owner)),
            ],
            [_button("✖️ " + t("Cancel"), Tap(Action.ABANDON, owner))],
        ]
    )


def last_style_keyboard(owner: int, job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer, in a group, the style of `job` once more, instead of sending one."""
    label = "♻️ " + t("Use the last style")
    return _rows([_button(label, Tap(Action.LAST_STYLE, owner, str(job.id)))])


def job_keyboard(job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer to cancel, while the job waits or runs."""
    return _rows([_button("✖️ " + t("Cancel"), Tap(Action.CANCEL, job.id))])


def failed_keyboard(job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer to try again."""
    return _rows([_button("🔁 " + t("Try again"), Tap(Action.RETRY, job.id))])


def result_keyboard(job: "Job", t: "Translator") -> InlineKeyboardMarkup:
    """Offer what may come next, under a result."""
    steps = []
    if job.strength in SCALE:
        place = SCALE.index(Strength(job.strength))
        if place > 0:
            steps.append(_button("🌤 " + t("Lighter"), Tap(Action.REPAINT, job.id, SCALE[place - 1])))
        if place + 1 < len(SCALE):
            steps.append(_button("🔥 " + t("Stronger"), Tap(Action.REPAINT, job.id, SCALE[place + 1])))
    return _rows(
        steps,
        [
            _switch(t("Keep colours"), job.keep_colours, Tap(Action.COLOURS, job.id)),
            _button("🔄 " + t("Swap"), Tap(Action.SWAP, job.id)),
        ],
        [
            _button("🖼 " + t("Another style"), Tap(Action.OTHER_STYLE, job.id)),
            _button("📷 " + t("Another photo"), Tap(Action.OTHER_PHOTO, job.id)),
        ],
        [_button("📄 " + t("As a file"), Tap(Action.AS_FILE, job.id))],
    )


def history_keyboard(jobs: "Sequence[Job]", labels: "Sequence[str]", t: "Translator") -> InlineKeyboardMarkup:
    """List results, a row each: see it, or ask for another of the same two pictures."""
    return _rows(
        *(
            [
                _button(f"🖼 {label}", Tap(Action.SHOW, job.id)),
                _button("🔁 " + t("Redo"), Tap(Action.REDO, job.id)),
            ]
            for job, label in zip(jobs, labels, strict=True)
        )
    )


def settings_keyboard(user: "User", t: "Translator") -> InlineKeyboardMarkup:
    """Show the settings, each of which is a button."""

    def choice(label: str, chosen: bool, setting: str) -> InlineKeyboardButton:
        return _button(f"{ON} {label}" if chosen else label, Tap(Action.SET, user.id, setting))

    strengths = [choice(strength_name(s, t), user.strength == s, f"strength={s}") for s in Strength]
    languages = [choice(name, user.language == code, f"language={code}") for code, name in LANGUAGES.items()]
    return _rows(
        strengths[:3],
        strengths[3:],
        [
            choice(t("Normal size"), not user.larger, "larger=no"),
            choice(t("Larger"), user.larger, "larger=yes"),
        ],
        [
            choice(t("Style's colours"), not user.keep_colours, "keep_colours=no"),
            choice(t("Keep colours"), user.keep_colours, "keep_colours=yes"),
        ],
        [*languages, choice(t("As in Telegram"), user.language is None, "language=")],
    )


def forget_keyboard(owner: int, t: "Translator") -> InlineKeyboardMarkup:
    """Ask whether everything shall be deleted."""
    return _rows(
        [
            _button("🗑 " + t("Delete everything"), Tap(Action.FORGET, owner, "yes")),
            _button(t("Keep it"), Tap(Action.FORGET, owner, "no")),
        ]
    )


def broadcast_keyboard(owner: int, broadcast_id: int, t: "Translator") -> InlineKeyboardMarkup:
    """Ask whether a message shall be sent to everybody."""
    return _rows(
        [
            _button("📣 " + t("Send it"), Tap(Action.BROADCAST, owner, f"send={broadcast_id}")),
            _button(t("Don't send it"), Tap(Action.BROADCAST, owner, f"stop={broadcast_id}")),
        ]
    )


def stop_keyboard(owner: int, broadcast_id: int, t: "Translator") -> InlineKeyboardMarkup:
    """Offer to stop a broadcast on its way."""
    return _rows([_button("✋ " + t("Stop"), Tap(Action.BROADCAST, owner, f"stop={broadcast_id}"))])


def private_chat_keyboard(username: str, command: str, t: "Translator") -> InlineKeyboardMarkup:
    """Lead out of a group, to where the command can be answered."""
    url = f"https://t.me/{username}?start={command}"
    return _rows([InlineKeyboardButton(t("Open our chat"), url=url)])


def _rows(*rows: "Sequence[InlineKeyboardButton]") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([row for row in rows if row])


def _button(label: str, tap: Tap) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=tap.data)


def _switch(label: str, is_on: bool, tap: Tap) -> InlineKeyboardButton:
    return _button(f"{ON if is_on else OFF} {label}", tap)
