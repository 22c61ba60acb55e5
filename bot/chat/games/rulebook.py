"""List the games."""

from bot.chat.games import chain, daily, duel, guess
from bot.chat.games.rules import Rulebook
from storage import GameKind

RULEBOOK: Rulebook = {
    GameKind.GUESS: guess.RULES,
    GameKind.CHAIN: chain.RULES,
    GameKind.DAILY: daily.RULES,
    GameKind.DUEL: duel.RULES,
}
