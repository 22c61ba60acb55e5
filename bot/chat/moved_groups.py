"""Count a supergroup as listed under the id that it had as a group, and have the new one listed."""

from logging import getLogger
from typing import TYPE_CHECKING, Any

from bot.chat.services import services

if TYPE_CHECKING:
    from telegram.ext import Application

    App = Application[Any, Any, Any, Any, Any, Any]

log = getLogger(__name__)


async def was_listed(application: "App", chat_id: int) -> bool:
    """Say whether this chat was a group that is on the list, which the log says once in each run."""
    found = services(application)
    earlier_id = await found.chats.earlier_id(chat_id)
    if earlier_id not in found.settings.allowed_chats:
        return False
    told: set[int] = application.bot_data.setdefault("moved groups", set())
    if chat_id not in told:
        told.add(chat_id)
        log.warning(
            "a listed group has another id now, which counts as listed: put it into STYLEGRAM_ALLOWED_CHATS",
            extra={"chat": earlier_id, "new_chat": chat_id},
        )
    return True
