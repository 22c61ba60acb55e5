"""Close a game's poll in time, and wait for its last counts."""

from contextlib import suppress
from dataclasses import replace

from telegram import Message
from telegram.error import BadRequest, TelegramError

from bot.chat.games.details import PollDetails
from bot.chat.games.table import Table
from bot.gateway.refusals import Refusal, refusal_of

LATE = 10.0  # seconds after a poll's end in which Telegram tells of it
STRAGGLERS = 5.0  # seconds for the counts of a poll that closed while nobody listened


async def note_poll(table: Table, state: str, poll: Message, seconds: float, details: PollDetails) -> None:
    """Bring the game to the state in which this poll of so many seconds runs, and is due at its end.

    A poll whose game was ended while it was sent is closed.

    Args:
        table: of the game that asks.
        state: which the game is then in.
        poll: the message with the poll.
        seconds: that the poll is open for.
        details: what the game keeps from then on, but for when the poll closes.
    """
    closes = table.services.now() + seconds + LATE
    is_noted = await table.services.games.move_on(
        table.game,
        state,
        due=closes,
        details=replace(details, closes=closes).as_json,
        poll_id=poll.poll.id if poll.poll else None,
        poll_message_id=poll.message_id,
    )
    if not is_noted:
        await close(table, poll.message_id)


async def last_counts(table: Table, details: PollDetails) -> tuple[int, ...] | None:
    """Return how many votes each option has in the end. To be called once the game is due.

    That is once Telegram has told that the poll is closed, for which the game is called before its time. Else
    the poll is closed here. None where it cannot be, since it has closed while the bot was away: the last
    votes are on their way, and the game is due again when they have had time to come. A poll in a group that
    has become a supergroup since is out of reach, and keeps the votes that it has.
    """
    game, games = table.game, table.services.games
    is_told = game.due != details.closes
    if game.poll_message_id and not is_told:
        try:
            poll = await table.bot.stop_poll(game.chat_id, game.poll_message_id)
        except BadRequest as error:
            if refusal_of(error) is Refusal.GONE:
                raise
            await games.move_on(game, game.state, due=table.services.now() + STRAGGLERS)
            return None
        await games.count_votes(poll.id, [option.voter_count for option in poll.options])
    return await games.votes(game.id)


async def close(table: Table, message_id: int | None) -> None:
    """Let nobody vote any more in a poll of a game that was called off, if that can be."""
    if message_id:
        with suppress(TelegramError):
            await table.bot.stop_poll(table.game.chat_id, message_id)
