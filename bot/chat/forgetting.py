"""/forget: delete everything about a user, once they say so twice."""

from contextlib import suppress

from telegram.error import BadRequest

from bot.chat.button_router import OwnTap, Toast
from bot.chat.request_context import Turn
from bot.wording.keyboards import Action, forget_keyboard
from bot.wording.texts import Translator
from storage import Forgotten


async def forget(turn: Turn) -> None:
    text = turn.t(
        "Shall I delete everything I know about you: your pictures waiting and done, your history and your "
        "settings? What I sent stays in our chat until you delete it there."
    )
    await turn.say(text, forget_keyboard(turn.user.id, turn.t))


async def confirmed(turn: Turn, value: str) -> Toast:
    if value == "yes":
        forgotten = await turn.services.studio.forget(turn.user.id)
        text = _report(forgotten, turn.t)
    else:
        text = turn.t("Nothing was deleted.")
    with suppress(BadRequest):
        await turn.bot.edit_message_text(text, turn.key.chat_id, turn.message_id)
    return None


OWN_TAPS: dict[Action, OwnTap] = {Action.FORGET: confirmed}


def _report(forgotten: Forgotten, t: Translator) -> str:
    """What was deleted, line by line, without what there was none of."""
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
        (forgotten.settings, t("your settings")),
    ]
    deleted = [f"• {line.format(count=count)}" for count, line in lines if count]
    return "\n".join([t("I have deleted:"), *deleted])
