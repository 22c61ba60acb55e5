"""Let the administrators of a group switch its games off and on: /games."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.chat.command_subject import said_after_command
from bot.chat.games.rulebook import RULEBOOK
from bot.chat.games.switch import OFF, ON, is_administrator, off_for_all
from bot.chat.games.table import Table
from storage import OVER

if TYPE_CHECKING:
    from bot.chat.request_context import RequestContext
    from storage import Game


async def games(request: "RequestContext") -> None:
    """Say which games there are, or switch them off or on."""
    word = said_after_command(request.message).casefold()
    if word not in ON | OFF:
        await request.say(await _list_of_games(request))
        return
    if not request.services.settings.games:
        await request.say(off_for_all(request))
        return
    if not await is_administrator(request):
        await request.say(request.t("Only this group's administrators can switch games on or off."))
        return
    settings = await request.services.group_settings.get(request.key.chat_id)
    await request.services.group_settings.save(replace(settings, games_off=word in OFF))
    if word in ON:
        await request.say(request.t("Games are on. /games lists them."))
        return
    for game in await request.services.games.all_under_way(request.key.chat_id):
        await _call_off(request, game)
    await request.say(request.t("Games are off here. An administrator can bring them back with /games on."))


async def _call_off(request: "RequestContext", game: "Game") -> None:
    """End a game in its middle, and tidy up after it."""
    now: Game | None = game
    while now and not now.is_over:
        if await request.services.games.move_on(now, OVER):
            await RULEBOOK[now.kind].call_off(Table(request.context.application, now))
            return
        now = await request.services.games.get(game.id)  # it went on just now


async def _list_of_games(request: "RequestContext") -> str:
    """Say how each game is played, or that they are off."""
    settings = await request.services.group_settings.get(request.key.chat_id)
    if settings.games_off or not request.services.settings.games:
        return request.t("Games are off here. An administrator can bring them back with /games on.")
    off = request.t("/games off – no games here (for administrators)")
    return "\n".join([*(rules.help(request.t) for rules in RULEBOOK.values()), off])
