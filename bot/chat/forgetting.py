"""Delete everything about a user once they confirm it: /forget."""

from contextlib import suppress

from telegram.error import BadRequest

from bot.chat.button_router import OwnTap, Toast
from bot.chat.request_context import RequestContext
from bot.wording.keyboards.forgetting import forget_keyboard
from bot.wording.keyboards.taps import Action
from bot.wording.translation import Translator
from storage import Forgotten


async def forget(request: RequestContext) -> None:
    """Ask whether everything about the user shall be deleted."""
    text = request.t(
        "Shall I delete everything I know about you: your pictures waiting and done, your history and your "
        "settings? What I sent stays in our chat until you delete it there."
    )
    await request.say(text, forget_keyboard(request.user.id, request.t))


async def confirmed(request: RequestContext, value: str) -> Toast:
    """Delete it, or do not, as the button says."""
    if value == "yes":
        forgotten = await request.services.studio.forget(request.user.id)
        text = _report(forgotten, request.t)
    else:
        text = request.t("Nothing was deleted.")
    with suppress(BadRequest):
        await request.bot.edit_message_text(text, request.key.chat_id, request.message_id)
    return None


OWN_TAPS: dict[Action, OwnTap] = {Action.FORGET: confirmed}


def _report(forgotten: Forgotten, t: Translator) -> str:
    """Word what was deleted, line by line, without what there was none of."""
    lines = [
        (forgotten.jobs, t.ngettext("{count} picture", "{count} pictures", forgotten.jobs)),
        (
            forgotten.sessions,
            t.ngettext("{count} half-made request", "{count} half-made requests", forgotten.sessions),
        ),
        (
            forgotten.photos,
            t.ngettext(
                "{count} photo remembered for /remix",
                "{count} photos remembered for /remix",
                forgotten.photos,
            ),
        ),
        (
            forgotten.games,
            t.ngettext("{count} move in games", "{count} moves in games", forgotten.games),
        ),
        (forgotten.settings, t("your settings")),
    ]
    deleted = [f"• {line.format(count=count)}" for count, line in lines if count]
    return "\n".join([t("I have deleted:"), *deleted])
