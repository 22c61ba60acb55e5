"""Count the votes in polls of games, and tell the rules of each one that is not secret."""

import time
from asyncio import sleep
from typing import TYPE_CHECKING

from telegram import Poll, Update
from telegram.ext import PollAnswerHandler, PollHandler

from bot.chat.games.rulebook import RULEBOOK
from bot.chat.games.table import Table
from bot.chat.services import services
from bot.gateway.retries import delays

if TYPE_CHECKING:
    from bot.chat.request_context import Context, Handler
    from storage import Game

STRAY = 20.0  # seconds after a vote, in which it is noted whose poll it is in


def poll_handlers() -> "list[Handler]":
    """List the handlers of votes, and of polls that change and close."""
    return [PollHandler(_counted), PollAnswerHandler(_voted)]


async def _counted(update: Update, context: "Context") -> None:
    """Keep the counts of a game's poll; the game goes on once it has closed."""
    poll, parts = update.poll, services(context.application)
    if poll is None:
        return
    votes = [option.voter_count for option in poll.options]
    if not await parts.games.count_votes(poll.id, votes):
        asking = await _asking(context, poll)
        if asking is None:
            return
        await parts.games.asks_in(asking.id, poll.id)
        await parts.games.count_votes(poll.id, votes)
    game = await parts.games.of_poll(poll.id)
    if poll.is_closed and game and game.poll_id == poll.id:
        await parts.games.call(game.id)
        parts.game_clock.look_at(game.id)


async def _asking(context: "Context", poll: Poll) -> "Game | None":
    """Find the game that asks just this.

    Telegram tells a bot of its own polls only. One that is not known was sent, but the answer to that did not
    come through, or not yet.
    """
    options, application = [option.text for option in poll.options], context.application
    found = [
        game
        for game in await services(application).games.all_under_way()
        if options == await RULEBOOK[game.kind].asks(Table(application, game))
    ]
    return found[0] if len(found) == 1 else None


async def _voted(update: Update, context: "Context") -> None:
    """Tell the rules who voted for what, as soon as it is known which game it is about."""
    answer, games = update.poll_answer, services(context.application).games
    if answer is None:
        return
    give_up = time.monotonic() + STRAY
    for delay in delays():
        game = await games.of_poll(answer.poll_id)
        if game and game.poll_id:
            await RULEBOOK[game.kind].voted(Table(context.application, game), answer)
        elif time.monotonic() < give_up:
            await sleep(delay)
            continue
        return
