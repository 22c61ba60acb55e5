"""Show a picture or an animation in one message of a game, once, wherever the bot is killed meanwhile.

Nobody can ask Telegram what was sent there last. So the words are sent first, and their message is noted;
then the picture is put into it, which may be done again and changes nothing. Killed between words and note,
the bot says the words once more.
"""

from typing import TYPE_CHECKING

from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.gateway.refusals import is_deleted, is_not_modified

if TYPE_CHECKING:
    from telegram import InputMedia

    from bot.chat.games.table import Table


async def say_first(table: "Table", text: str, state: str, *, reply_to: int | None = None) -> None:
    """Send the words, as HTML, and note their message as the game's, which is in this state then.

    The next step of the game is taken at once. Raises a `TelegramError`.
    """
    game, parts = table.game, table.services
    message = await table.say(text, reply_to=reply_to)
    if message.chat.id != game.chat_id:  # the group has become a supergroup just now
        await parts.chats.move(game.chat_id, message.chat.id)
    await table.go_on_to(state, due=parts.now(), message_id=message.message_id)


async def put_into(table: "Table", media: "InputMedia") -> bool:
    """Put a picture or an animation, with the words as its caption, into the game's message.

    Returns False where somebody has deleted that. Raises a `TelegramError`.
    """
    try:
        await table.bot.edit_message_media(media, table.game.chat_id, table.game.message_id)
    except BadRequest as error:
        return _is_there(error)
    return True


async def reword(table: "Table", text: str) -> bool:
    """Put other words, as HTML, into the game's message, while no picture is in it.

    Returns False where somebody has deleted that. Raises a `TelegramError`.
    """
    game = table.game
    try:
        await table.bot.edit_message_text(text, game.chat_id, game.message_id, parse_mode=ParseMode.HTML)
    except BadRequest as error:
        return _is_there(error)
    return True


def _is_there(error: BadRequest) -> bool:
    """Say whether the message is as it should be, or deleted. Raises what says neither."""
    if not (is_not_modified(error) or is_deleted(error)):
        raise error
    return is_not_modified(error)
