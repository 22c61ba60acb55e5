"""Show and change a user's settings, which new requests begin with: /settings."""

from contextlib import suppress
from dataclasses import replace

from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.button_router import OwnTap, Toast
from bot.chat.request_context import RequestContext
from bot.wording.keyboards.settings import settings_keyboard
from bot.wording.keyboards.taps import Action
from bot.wording.translation import LANGUAGES, Translator, translator
from core.recipe import Strength
from storage import User


async def settings(request: RequestContext) -> None:
    """Show the settings."""
    await request.say(_text(request.t), settings_keyboard(request.user, request.t))


async def change(request: RequestContext, value: str) -> Toast:
    """Store the setting of the button, and show how they are now."""
    user = _changed(request.user, value)
    if user is None:
        return request.t("That button no longer works.")
    await request.services.users.save(user)
    t = translator(user.language or request.person.language_code)
    with suppress(BadRequest):  # it was so already, or the menu is gone
        await request.bot.edit_message_text(
            _text(t),
            request.key.chat_id,
            request.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=settings_keyboard(user, t),
        )
    return t("Saved.")


OWN_TAPS: dict[Action, OwnTap] = {Action.SET: change}


def _changed(user: User, value: str) -> User | None:
    """Return the user with the setting changed; None for a setting, or a value of it, that there is not."""
    setting, _, value = value.partition("=")
    if setting == "strength" and value in list(Strength):
        return replace(user, strength=value)
    if setting == "always_usual":
        return replace(user, always_usual=value == "yes")
    if setting == "larger":
        return replace(user, larger=value == "yes")
    if setting in ("keep_colours", "keep_colors"):  # the latter under menus of an earlier version
        return replace(user, keep_colours=value == "yes")
    if setting == "language" and value in ("", *LANGUAGES):
        return replace(user, language=value or None)
    return None


def _text(t: Translator) -> str:
    return t("Your settings, for every picture from now on. ⭐ marks your usual strength.")
