"""Take one step of a game by its rules, and end a game that cannot go on."""

from contextlib import suppress
from logging import getLogger
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram.error import ChatMigrated, TelegramError

from bot.chat.games.rulebook import RULEBOOK
from bot.chat.games.table import Table
from bot.chat.services import services
from bot.gateway.refusals import Refusal, refusal_of
from bot.gateway.retries import is_passing, patient
from bot.ops import logs
from bot.studio.game_clock import AGAIN
from storage import DatabaseError, Game

if TYPE_CHECKING:
    from telegram.ext import Application

    App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

log = getLogger(__name__)

PATIENCE = 30.0  # seconds to try what Telegram does not take at once


async def take_step(application: "App", game: Game) -> None:
    """Take the next step of a game.

    Where Telegram is out of reach, it is taken again later, and where the group has become a supergroup, in
    that. A game whose chat is gone ends without a word, and one that cannot go on for another reason with
    one. Of one that is over, the last word is said. Raises `DatabaseError`.
    """
    parts, table = services(application), Table(application, game)
    with logs.about(chat=game.chat_id, user=game.user_id), patient(PATIENCE, follows=True):
        try:
            if game.is_over:
                await _say_last_word(table)
            else:
                await RULEBOOK[game.kind].go_on(table)
        except ChatMigrated as moved:
            await parts.chats.move(game.chat_id, moved.new_chat_id)
            parts.game_clock.look_at(game.id)
        except TelegramError as error:
            refusal = refusal_of(error)
            if refusal is Refusal.SLOW_MODE or (refusal is None and is_passing(error)):
                await parts.games.call(game.id, parts.now() + AGAIN)
                return
            log.warning("game ended", extra={"game": str(game.kind), "reason": error.message})
            await _end(application, game, refusal)
        except DatabaseError:
            raise
        except Exception:
            log.exception("game failed", extra={"game": str(game.kind)})
            await _end(application, game, None)


async def _say_last_word(table: Table) -> None:
    try:
        await table.say(table.game.last_word or "")
    except TelegramError as error:
        if is_passing(error):
            raise
    await table.services.games.said_last_word(table.game.id)


async def _end(application: "App", game: Game, refusal: Refusal | None) -> None:
    """End a game that cannot go on, with a word where there is somebody to hear it."""
    now = await services(application).games.get(game.id)  # it may have moved on before it failed
    if now is None or now.is_over:
        return
    table = Table(application, now)
    if refusal is Refusal.GONE:
        await table.end()
        return
    word = (
        table.t("I'm not allowed to send here what this game needs, so it ends.")
        if refusal
        else table.t("Sorry, something went wrong, so this game ends.")
    )
    with suppress(TelegramError):
        await table.end(word)
