"""Hand commands, replies and taps to the rules of the games."""

from typing import TYPE_CHECKING

from bot.chat.command_subject import is_from_bot
from bot.chat.games.games_command import games
from bot.chat.games.rulebook import RULEBOOK
from bot.chat.games.switch import playing
from bot.wording.keyboards.taps import Action, taps_in

if TYPE_CHECKING:
    from telegram import Message

    from bot.chat.button_router import Toast
    from bot.chat.request_context import Answer, RequestContext
    from storage import Game

COMMANDS: "dict[str, Answer]" = {"games": games} | {
    name: playing(answer) for rules in RULEBOOK.values() for name, answer in rules.commands.items()
}
"""What is answered in groups, by the command's name."""


async def heard(request: "RequestContext") -> bool:
    """Hand on a reply to the message of a game. Returns whether it was meant for one."""
    replied_to = request.message.reply_to_message if request.message else None
    if replied_to is None:
        return False
    game = await _game_of(request, replied_to)
    return game is not None and await RULEBOOK[game.kind].hear(request, game)


async def _game_of(request: "RequestContext", message: "Message") -> "Game | None":
    """Find the game that a message of the bot's shows; one sent twice is known by buttons or words."""
    games, chat_id = request.services.games, request.key.chat_id
    if game := await games.of_message(chat_id, message.message_id):
        return game
    ids = {tap.id for tap in taps_in(message.reply_markup) if tap.action is Action.GAME}
    if found := await games.get(ids.pop()) if len(ids) == 1 else None:
        return found if found.chat_id == chat_id else None
    if is_from_bot(message):
        for rules in RULEBOOK.values():
            if found := await rules.copied(request, message):
                return found
    return None


async def tapped(request: "RequestContext", game_id: int, value: str) -> "Toast":
    """Hand on a tap on the button of a game. One that was forged is for no game of this chat."""
    game = await request.services.games.get(game_id)
    if game is None or game.chat_id != request.key.chat_id:
        return request.t("That game is over.")
    return await RULEBOOK[game.kind].tapped(request, game, value)
