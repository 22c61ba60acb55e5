"""Label the strengths on buttons."""

from typing import TYPE_CHECKING

from bot.wording.phrases import strength_name
from core.recipe import Strength

if TYPE_CHECKING:
    from bot.wording.translation import Translator
    from storage import User

EMOJI = {
    Strength.LIGHT: "🌤",
    Strength.BALANCED: "🎨",
    Strength.STRONG: "🔥",
    Strength.WILD: "🌪",
    Strength.CLASSIC: "🏛",
}
STAR = "⭐"  # the user's usual strength, and nothing else


def with_emoji(strength: Strength, user: "User", t: "Translator") -> str:
    """Label a strength; the user's usual one has the star."""
    emoji = STAR if strength == user.strength else EMOJI[strength]
    return f"{emoji} {strength_name(strength, t)}"


def always_label(user: "User", t: "Translator") -> str:
    """Label the switch that skips the question for the strength."""
    return t("Always {strength}").format(strength=f"{STAR} {strength_name(user.strength, t)}")
