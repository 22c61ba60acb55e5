"""Name what a tap may ask for, write that into a button's callback data, and read it when it comes back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from telegram import InlineKeyboardMarkup

_MOST = 2**63  # ids are less, at Telegram as in the database


class Action(StrEnum):
    """What a tap asks for. The values are short, as they travel in the callback data."""

    # Of a session; the id is the owner's.
    STRENGTH = "s"  # value: the strength, and after a dot the question
    KEEP_COLOURS = "k"  # value: the question, as for the two below
    LARGER = "l"
    ABANDON = "x"
    ALWAYS_USUAL = "u"  # value: yes or no, and after a dot the question
    LAST_STYLE = "y"  # value: the id of the job that has the style
    GALLERY = "g"  # value: a `Pick`, and after a dot the question
    ADD_STYLE = "+"  # value: the question, as for the two below
    SWAP_PARTS = "sw"
    WITHOUT = "-"  # value: the number of the style to leave out, and after a dot the question
    # Of a job.
    CANCEL = "c"
    RETRY = "r"
    REPAINT = "p"  # value: the strength to repaint in
    COLOURS = "k2"
    SWAP = "w"
    OTHER_STYLE = "os"
    OTHER_PHOTO = "op"
    AS_FILE = "f"
    AS_STICKER = "st"
    MORE = "o"
    LESS = "o2"
    SHOW = "h"
    REDO = "a"
    MINE = "m"  # for anybody: a photo of their own in the style of this result
    # Of a game; the value is its rules'.
    GAME = "j"
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
            tap = cls(Action(action), int(number), value)
        except ValueError:
            return None
        return tap if abs(tap.id) < _MOST else None


def taps_in(keyboard: InlineKeyboardMarkup | None) -> list[Tap]:
    """List what the buttons of a message of the bot's would send, as far as this version knows it."""
    rows = keyboard.inline_keyboard if keyboard else ()
    taps = (Tap.parse(str(button.callback_data)) for row in rows for button in row)
    return [tap for tap in taps if tap is not None]
