"""Tell a group that lets no photos in what that means, before anything is painted for it."""

import time
from typing import TYPE_CHECKING, NamedTuple

from telegram import ChatMember, ChatMemberRestricted
from telegram.error import TelegramError

from bot.gateway.retries import BRIEFLY, patient
from bot.wording.keyboards.links import private_chat_keyboard

if TYPE_CHECKING:
    from telegram import Bot, ChatPermissions

    from bot.chat.request_context import RequestContext

ASKED_AGAIN = 600.0  # seconds after which a group is asked again what it lets in
TOLD_AGAIN = 6 * 3600.0  # seconds after which a group is told again


class Rights(NamedTuple):
    """What the bot may send to a group."""

    photos: bool = True
    files: bool = True


class _Known(NamedTuple):
    rights: Rights
    asked: float  # when, on the monotonic clock
    told: float | None


async def say_what_is_not_let_in(request: "RequestContext") -> None:
    """Say how results will come where photos cannot, once in a while. In a private chat everything can."""
    if request.is_private:
        return
    known: dict[int, _Known] = request.context.application.bot_data.setdefault("groups' rights", {})
    now, chat_id = time.monotonic(), request.key.chat_id
    before = known.get(chat_id)
    if before is None or now - before.asked > ASKED_AGAIN:
        rights = await _rights(request.bot, chat_id)
        is_old = before is None or before.rights != rights
        before = known[chat_id] = _Known(rights, now, None if is_old or before is None else before.told)
    if before.rights.photos or (before.told is not None and now - before.told < TOLD_AGAIN):
        return
    if before.rights.files:
        await request.say(
            request.t("I'm not allowed to send photos here, so your picture will come as a file.")
        )
    else:
        await request.say(
            request.t(
                "I'm not allowed to send photos or files here, so your picture will come to our private chat."
            ),
            private_chat_keyboard(request.bot.username, "help", request.t),
        )
    known[chat_id] = before._replace(told=now)


async def _rights(bot: "Bot", chat_id: int) -> Rights:
    """Ask Telegram; where it does not say, everything is taken to be let in, until it is not."""
    try:
        with patient(BRIEFLY):
            me = await bot.get_chat_member(chat_id, bot.id)
            if me.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER):
                return Rights()
            chat = await bot.get_chat(chat_id)
    except TelegramError:
        return Rights()
    standing: list[ChatPermissions | ChatMemberRestricted] = []
    if chat.permissions:
        standing.append(chat.permissions)
    if isinstance(me, ChatMemberRestricted):
        standing.append(me)
    return Rights(
        photos=all(each.can_send_photos is not False for each in standing),
        files=all(each.can_send_documents is not False for each in standing),
    )
