"""Take a chain on: open it for the next link, take out one that failed, and show the whole way at its end."""

from dataclasses import replace
from html import escape
from logging import getLogger
from typing import TYPE_CHECKING, Any

from telegram import InputMediaAnimation
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.chat.games.chain_links import (
    MOST_LINKS,
    Chain,
    Phase,
    chain_of,
    latest_message_of,
    phase_of,
    state_of,
)
from bot.chat.games.details import ChainDetails
from bot.chat.games.one_message import put_into, reword, say_first
from bot.chat.request_context import member_of
from bot.gateway.refusals import Refusal, refusal_of
from bot.wording.phrases import mention, shown_name
from core.decoding.decoder import DecoderUnavailable
from core.decoding.refusal import PictureError
from storage import PictureRef, State

if TYPE_CHECKING:
    from bot.chat.games.table import Table

log = getLogger(__name__)

LEFT_ALONE_AFTER = 24 * 3600.0  # seconds without a new link
LEAST_LINKS = 2  # of a chain that was left alone, to be worth showing


async def go_on(table: "Table") -> None:
    """Take the next step of a chain, if there is one to be taken now."""
    game = table.game
    match phase_of(game):
        case Phase.OPEN if table.is_due:
            state = state_of(Phase.SHOWING, latest_message_of(game))
            details = replace(ChainDetails.of(game), left_alone=True)
            await table.go_on_to(state, due=table.services.now(), details=details.as_json)
        case Phase.OPEN if game.message_id is None:
            await _show_latest(table, await chain_of(table.services, game))
        case Phase.PAINTING | Phase.PAINTING_LAST:
            await _look_at_link(table)
        case Phase.SHOWING:
            await _tell(table, await chain_of(table.services, game))
        case Phase.ANIMATING:
            await _animate(table, await chain_of(table.services, game))


async def _look_at_link(table: "Table") -> None:
    """See what has become of the link that was being painted, and go on without it or with it.

    One of which no job is known may just have been sent; after a while it is gone.
    """
    chain, t = await chain_of(table.services, table.game), table.t
    match chain.job.state if chain.job else None:
        case State.QUEUED | State.RUNNING:
            return
        case None if not table.is_due:
            return
        case State.CANCELLED:
            words = t("{name}'s link was cancelled, so I've taken it out of the chain.")
            await _say_it_is_out(table, chain, words)
        case State.FAILED | None:
            words = t("{name}'s link didn't work out, so I've taken it out of the chain.")
            await _say_it_is_out(table, chain, words)
    await _open_or_show(table, chain)


async def _say_it_is_out(table: "Table", chain: Chain, words: str) -> None:
    """Say of the latest link that it is taken out, before it is: said twice does no harm.

    Nothing is said of a link that was forgotten, with whoever brought it.
    """
    if chain.under_way is None:
        return
    words = words.format(name=escape(shown_name(chain.under_way.name)))
    if not _is_complete(table, chain):
        words += " " + table.t("This is still its latest picture: reply to it with /chain and a picture.")
    await table.say(f"🔗 {words}", reply_to=_shown_in(table, chain))


async def _open_or_show(table: "Table", chain: Chain) -> None:
    """Open the chain for the next link, or have it shown if there is none to come."""
    now, latest_message = table.services.now(), latest_message_of(table.game)
    if _is_complete(table, chain):
        state, due = state_of(Phase.SHOWING, latest_message), now
    else:
        state, due = state_of(Phase.OPEN, latest_message), now + LEFT_ALONE_AFTER
    await table.go_on_to(state, due=due, message_id=_shown_in(table, chain))


def _is_complete(table: "Table", chain: Chain) -> bool:
    """Say whether no more links are to come."""
    return phase_of(table.game) is Phase.PAINTING_LAST or len(chain.links) >= MOST_LINKS


def _shown_in(table: "Table", chain: Chain) -> int | None:
    """Return the message with the latest picture, if that is here and not in somebody's private chat."""
    latest = chain.latest
    return latest.progress_message_id if latest and latest.chat_id == table.game.chat_id else None


async def _tell(table: "Table", chain: Chain) -> None:
    """Say who led the way from the first photo to the last picture, or that there is none."""
    t, game, left_alone = table.t, table.game, ChainDetails.of(table.game).left_alone
    if not chain.links or (left_alone and len(chain.links) < LEAST_LINKS):
        word = (
            t("Nobody has added a link for a day, so the chain ends here.")
            if left_alone
            else t("The chain is over, before it had a link.")
        )
        await table.end(f"🔗 {word}")
        return
    caption = _caption(table, chain, await _painter(table, chain))
    state = state_of(Phase.ANIMATING, latest_message_of(game))
    await say_first(table, caption, state, reply_to=game.message_id)


async def _animate(table: "Table", chain: Chain) -> None:
    """Show the way in the message that tells it, or say there why not."""
    t, game = table.t, table.game
    if game.message_id is None:  # the group has become a supergroup meanwhile
        await table.go_on_to(state_of(Phase.SHOWING, latest_message_of(game)), due=table.services.now())
        return
    painter = await _painter(table, chain)
    caption = _caption(table, chain, painter)
    words = t("I can't make its animation right now, sorry.")
    try:
        if gif := await _animation(table, chain, painter):
            await put_into(table, _animated(gif, caption, covered=chain.is_covered))
            await table.end()
            return
    except TelegramError as error:
        if refusal_of(error) not in (Refusal.NO_STICKERS, Refusal.NO_FILES, Refusal.NO_MEDIA):
            raise
        words = t("I'm not allowed to send animations here, so you'll have to imagine it.")
    await reword(table, f"{caption}\n{words}")
    await table.end()


def _animated(gif: bytes, caption: str, *, covered: bool) -> InputMediaAnimation:
    return InputMediaAnimation(
        gif, filename="chain.gif", caption=caption, parse_mode=ParseMode.HTML, has_spoiler=covered or None
    )


async def _show_latest(table: "Table", chain: Chain) -> None:
    """Show the latest picture again, to a group where nobody can reply to it, as it is a supergroup now."""
    game, latest = table.game, chain.latest
    if latest is None or not latest.result_photo_file_id:
        return
    where: dict[str, Any] = {
        "chat_id": game.chat_id,
        "caption": "🔗 " + table.t("The chain goes on here: this is its latest picture."),
        "message_thread_id": game.thread_id or None,
    }
    if latest.result_photo_file_id == latest.result_document_file_id:
        message = await table.bot.send_document(document=latest.result_photo_file_id, **where)
    else:
        covered = latest.spoiler or None
        message = await table.bot.send_photo(photo=latest.result_photo_file_id, has_spoiler=covered, **where)
    await table.services.games.move_on(game, game.state, due=game.due, message_id=message.message_id)


def _caption(table: "Table", chain: Chain, painter: tuple[int, str] | None) -> str:
    t = table.t
    names = [mention(*painter)] if painter else []
    names += [mention(entry.user_id, entry.name) for entry, _ in chain.links]
    said = t("🔗 The whole chain, from the photo to the last picture: {names}").format(
        names=" → ".join(names)
    )
    if ChainDetails.of(table.game).left_alone:
        said = "🔗 " + t("Nobody has added a link for a day, so the chain ends here.") + "\n" + said
    return said


async def _painter(table: "Table", chain: Chain) -> tuple[int, str] | None:
    """Look up who asked for the result that the chain begins with."""
    if chain.begun_from is None:
        return None
    person = await member_of(table.bot, table.game.chat_id, chain.begun_from.user_id)
    return (person.id, person.full_name) if person else None


async def _animation(table: "Table", chain: Chain, painter: tuple[int, str] | None) -> bytes | None:
    """Make the animation of those pictures that are still to be had; None where it cannot be made."""
    shown: list[tuple[PictureRef, str]] = []
    if chain.begun_from:
        shown.append((chain.begun_from.content, table.t("The photo")))
        shown.append((_result(chain.begun_from.result_photo_file_id), painter[1] if painter else ""))
    shown += [(_result(job.result_photo_file_id), entry.name) for entry, job in chain.links]
    files = [
        (await table.file_if_there(picture), shown_name(label) if label else "") for picture, label in shown
    ]
    there = [(file, label) for file, label in files if file is not None]
    if len(there) < 2:
        return None
    try:
        return await table.services.decoder.animation(
            [file for file, _ in there], [label for _, label in there]
        )
    except (DecoderUnavailable, PictureError) as error:
        log.error("no animation", extra={"reason": str(error)})
        return None


def _result(file_id: str | None) -> PictureRef:
    return PictureRef(file_id or "")
