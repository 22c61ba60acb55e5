"""Word what several rooms say: strengths, names, why a picture cannot be taken, the time that is left."""

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from bot.wording.translation import Translator
from core.decoding.refusal import DEFAULT_LIMITS, Reason
from core.recipe import Strength

if TYPE_CHECKING:
    from storage import Job

ALMOST_DONE = 4.0  # seconds
_FROM_RIGHT = {"R", "AL", "AN"}  # directions of letters and digits, as Unicode names them
_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def shown_name(name: str) -> str:
    """Return somebody's name as it may stand in a text, which it must not turn round.

    Marks of direction and control characters are left out; what is written from right to left is isolated.
    """
    unmarked = "".join(
        " " if unicodedata.category(letter) == "Cc" else letter for letter in name.translate(_MARKS)
    )
    unmarked = " ".join(unmarked.split()) or "…"
    turns = unmarked != name or any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in unmarked)
    return f"\u2068{unmarked}\u2069" if turns else unmarked


def mention(user_id: int, name: str) -> str:
    """Mention somebody, as HTML, so that Telegram tells them."""
    return f'<a href="tg://user?id={user_id}">{escape(shown_name(name))}</a>'


def strength_name(strength: str, t: Translator) -> str:
    """Name a strength."""
    match Strength(strength):
        case Strength.LIGHT:
            return t("Light")
        case Strength.BALANCED:
            return t("Balanced")
        case Strength.STRONG:
            return t("Strong")
        case Strength.WILD:
            return t("Wild")
        case Strength.CLASSIC:
            return t("Classic")


def out_of_date(t: Translator, *, is_private: bool) -> str:
    """Word that a button cannot be obeyed any more, and what to do now."""
    if is_private:
        return t("That button no longer works: send me a photo to start over.")
    return t("That button no longer works: reply to a photo with /style to start over.")


def still_secret(t: Translator) -> str:
    """Word that a result's style is not told, as people are guessing it."""
    return t("Not yet: the others are still guessing.")


def settled(t: Translator, *, is_private: bool) -> str:
    """Word that a question is no longer open, and what to do now."""
    if is_private:
        return t("That question is settled: send me a photo to start over.")
    return t("That question is settled: reply to a photo with /style to start over.")


def what_was_painted(job: "Job", titles: str, t: Translator) -> str:
    """Say in a few words what somebody asked for: how strong, whose colours, in the style of what.

    Args:
        job: the request.
        titles: of its styles, where they have any; else nothing.
        t: translates.
    """
    colours = t("colours kept") if job.keep_colours else ""
    return " · ".join(filter(None, [strength_name(job.strength, t), colours, titles]))


def picture_problem(reason: Reason, t: Translator) -> str:  # noqa: C901  (a case for each reason)
    """Word why a picture cannot be taken, and what would help."""
    match reason:
        case Reason.NOT_A_PICTURE:
            return t("That file is not a picture I can open: send me a JPEG, PNG, WebP, GIF or HEIC.")
        case Reason.UNSUPPORTED:
            return t("I can't read that kind of picture: send me a JPEG, PNG, WebP, GIF or HEIC.")
        case Reason.TRUNCATED:
            return t("That picture is damaged or cut short: please send it again, or another one.")
        case Reason.TOO_LARGE:
            return t(
                "That file is too large: I can take pictures of up to {megabytes} MB. "
                "Sent as a photo rather than as a file, it will fit."
            ).format(megabytes=f"{DEFAULT_LIMITS.max_bytes / 1e6:g}")
        case Reason.TOO_MANY_PIXELS:
            return t(
                "That picture has more than {megapixels} million pixels: please send it smaller. "
                "Sent as a photo rather than as a file, it will fit."
            ).format(megapixels=f"{DEFAULT_LIMITS.max_pixels / 1e6:g}")
        case Reason.TOO_SMALL:
            return t("That picture is too tiny: each side needs at least {pixels} pixels.").format(
                pixels=DEFAULT_LIMITS.min_side
            )
        case Reason.TOO_LONG:
            return t("That picture is too long: no side may have more than {pixels} pixels.").format(
                pixels=DEFAULT_LIMITS.max_side
            )
        case Reason.TOO_NARROW:
            return t("That picture is too narrow: please send one that is less of a strip.")
        case Reason.INVISIBLE:
            return t(
                "That picture is completely transparent, so there is nothing to see: please send another one."
            )
        case Reason.TOO_HEAVY:
            return t(
                "That picture takes too much memory or time to open: please send another one. Sent as a "
                "photo rather than as a file, it may work."
            )


def cancelled(t: Translator, *, in_group: bool) -> str:
    """Say that a request was dropped, and how to begin another. In groups bots are shown commands only."""
    if in_group:
        return t("Cancelled. Whenever you like, reply to a photo with /style.")
    return t("Cancelled. Whenever you like, send me another photo.")


def moving_sticker(t: Translator) -> str:
    """Word that a sticker which moves is no picture."""
    return t("I can't paint animated stickers: send me a still one, or a photo.")


def countdown(seconds: float, t: Translator) -> str:
    """Word how long a painting will still take, down to the end, where no number is right."""
    return t("almost done") if seconds < ALMOST_DONE else time_left(seconds, t)


def time_left(seconds: float, t: Translator) -> str:
    """Word a guess no more precisely than it is: in steps of five seconds, then minutes, then hours."""
    if seconds < 60:
        count = max(5, 5 * round(seconds / 5))
        return t.ngettext("about {count} second left", "about {count} seconds left", count).format(
            count=count
        )
    if seconds < 90 * 60:
        count = round(seconds / 60)
        return t.ngettext("about {count} minute left", "about {count} minutes left", count).format(
            count=count
        )
    count = round(seconds / 3600)
    return t.ngettext("about {count} hour left", "about {count} hours left", count).format(count=count)
