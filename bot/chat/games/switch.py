"""Say whether games are played in a group, and who may decide about that."""

from functools import wraps
from typing import TYPE_CHECKING

from telegram import ChatMember
from telegram.error import TelegramError

if TYPE_CHECKING:
    from bot.chat.request_context import Answer, RequestContext

OFF = {"off", "no", "выкл", "нет", "выключить"}
ON = {"on", "yes", "вкл", "да", "включить"}


def playing(answer: "Answer") -> "Answer":
    """Make the answer to a command of a game, which says so where games are switched off."""

    @wraps(answer)
    async def answer_if_on(request: "RequestContext") -> None:
        if not request.services.settings.games:
            await request.say(off_for_all(request))
        elif (await request.services.group_settings.get(request.key.chat_id)).games_off:
            await request.say(
                request.t("Games are off here. An administrator can bring them back with /games on.")
            )
        else:
            await answer(request)

    return answer_if_on


async def is_administrator(request: "RequestContext") -> bool:
    """Say whether who asks is an administrator of this group."""
    try:
        member = await request.bot.get_chat_member(request.key.chat_id, request.person.id)
    except TelegramError:
        return False
    return member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)


def off_for_all(request: "RequestContext") -> str:
    """Word that the operator has switched games off."""
    return request.t("Whoever runs me has switched games off.")
