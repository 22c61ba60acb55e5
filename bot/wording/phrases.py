"""Word what several rooms say: strengths, why a picture cannot be taken, the time that is left."""

from bot.wording.translation import Translator
from core.decoding.refusal import DEFAULT_LIMITS, Reason
from core.recipe import Strength


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


def picture_problem(reason: Reason, t: Translator) -> str:
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
        case Reason.TOO_HEAVY:
            return t(
                "That picture takes too much memory or time to open: please send another one. "
                "Sent as a photo rather than as a file, it may do."
            )


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
