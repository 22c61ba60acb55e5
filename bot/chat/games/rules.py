"""Say what the rules of a game have to answer, and keep those of all games."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from telegram import Message, PollAnswer

from bot.chat.button_router import Toast
from bot.chat.games.table import Table
from bot.chat.request_context import Answer, RequestContext
from bot.wording.translation import Translator
from storage import Game, GameKind


async def _heard_nothing(_request: RequestContext, _game: Game) -> bool:
    return False


async def _no_button(request: RequestContext, _game: Game, _value: str) -> Toast:
    return request.t("That button no longer works.")


async def _nothing_asked(_table: Table) -> list[str]:
    return []


async def _nothing_left(_table: Table) -> None:
    """Do nothing, as a game that has been ended leaves nothing behind."""


async def _nothing_twice(_request: RequestContext, _message: Message) -> Game | None:
    return None


async def _no_vote(_table: Table, _answer: PollAnswer) -> None:
    """Do nothing, as who votes what does not matter."""


@dataclass(frozen=True)
class Rules:
    """The rules of one kind of game.

    Args:
        help: says in a line or two how it is played, in the language of a translator.
        commands: what each of its commands does, by name.
        go_on: takes the next step of a game. Called when the game is due, when a job of it may have ended,
            when its poll has closed, and at each start; so it looks at where the game is, and may find
            nothing to do. A game that is due and is not moved on is due again in a minute.
        hear: is told of a reply to the message of a game, or to its poll; says whether it was meant for it.
        copied: finds the game that a message of the bot's shows, though it is not known to: the bot was
            killed before it could note it, and has sent another one since.
        tapped: acts on a button of a game.
        voted: is told of a vote in the poll of a game. Its counts are kept anyhow.
        asks: lists the options of the poll that a game sends or has sent; nothing where it has none.
        call_off: tidies up after a game that somebody has just ended in its middle. The game is as it was
            before that.
    """

    help: Callable[[Translator], str]
    commands: dict[str, Answer]
    go_on: Callable[[Table], Awaitable[None]]
    hear: Callable[[RequestContext, Game], Awaitable[bool]] = field(default=_heard_nothing)
    copied: Callable[[RequestContext, Message], Awaitable[Game | None]] = field(default=_nothing_twice)
    tapped: Callable[[RequestContext, Game, str], Awaitable[Toast]] = field(default=_no_button)
    voted: Callable[[Table, PollAnswer], Awaitable[None]] = field(default=_no_vote)
    asks: Callable[[Table], Awaitable[list[str]]] = field(default=_nothing_asked)
    call_off: Callable[[Table], Awaitable[None]] = field(default=_nothing_left)


Rulebook: TypeAlias = dict[GameKind, Rules]
