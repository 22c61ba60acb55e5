"""Let a group repaint its latest picture again and again, each in a style of their own: /chain."""

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from bot.chat.arrival import looked_at
from bot.chat.command_subject import is_from_bot, remember, said_after_command
from bot.chat.gallery import named
from bot.chat.games.chain_adding import TURN_SECONDS, add, say_to_wait
from bot.chat.games.chain_links import (
    Phase,
    chain_of,
    latest_message_of,
    phase_of,
    state_of,
)
from bot.chat.games.chain_steps import go_on
from bot.chat.games.rules import Rules
from bot.chat.games.switch import is_administrator
from bot.chat.games.table import Table
from bot.chat.picture_refs import SentPicture, picture_in
from bot.wording.phrases import picture_problem
from core.decoding.refusal import Reason
from storage import Game, GameKind, Job, PictureRef, State

if TYPE_CHECKING:
    from telegram import Message

    from bot.chat.request_context import RequestContext
    from bot.wording.translation import Translator

END = {"end", "stop", "конец", "стоп", "хватит"}

_random = Random()  # noqa: S311  (nothing is to be kept secret)


async def chain(request: "RequestContext") -> None:
    """Add a link to the chain here, beginning one if there is none, or end it."""
    words = said_after_command(request.message)
    game = await _under_way(request)
    if words.casefold() in END:
        await _end(request, game)
        return
    message = request.message
    if message is None or (game and await _is_taken(request, game)):
        return
    latest = await _latest(request, game)
    if latest is None:
        await request.say(request.t("I haven't painted anything here yet: begin with /style under a photo."))
        return
    replied_to = message.reply_to_message
    if replied_to is None or not _shows(replied_to, latest, game):
        is_older = replied_to is not None and is_from_bot(replied_to)
        await _point_at(request, latest, game, is_older=is_older)
        return
    style = await _style(request, words)
    if style is not None:
        await add(request, game, latest, style)


async def hear(request: "RequestContext", game: Game) -> bool:
    """Take a picture in reply to the latest picture of the chain as its next link."""
    message = request.message
    if message is None or game.is_over:
        return False
    picture = await looked_at(request.context.application, request.key.chat_id, picture_in(message))
    if isinstance(picture, Reason):
        await request.say(picture_problem(picture, request.t))
        return True
    if picture is None or picture.may_be_talk:
        return False
    await remember(request, picture, request.user.id)
    latest = await _latest(request, game)
    if latest and not await _is_taken(request, game):
        await add(request, game, latest, picture.ref)
    return True


def help_text(t: "Translator") -> str:
    """Say how it is played."""
    return t(
        "/chain under a picture, in reply to my latest one – I repaint that in its style, and so it goes on. "
        "After five links, or /chain end, you see the whole way"
    )


RULES = Rules(help=help_text, commands={"chain": chain}, go_on=go_on, hear=hear)


async def _under_way(request: "RequestContext") -> Game | None:
    """Find the chain here, once it is noted what has become of its latest link: that may just be seen."""
    games, key = request.services.games, request.key
    game = await games.under_way(key.chat_id, key.thread_id, GameKind.CHAIN)
    if game and phase_of(game) is Phase.PAINTING:
        job = (await chain_of(request.services, game)).job
        if job and (await request.services.studio.ended(job.id) or job).state is State.DONE:
            await go_on(Table(request.context.application, game))
            game = await games.under_way(key.chat_id, key.thread_id, GameKind.CHAIN)
    return game


async def _latest(request: "RequestContext", game: Game | None) -> Job | None:
    """Find the job whose result is to be repainted next."""
    if game:
        return (await chain_of(request.services, game)).latest
    return await request.services.jobs.last_done(request.key.chat_id, request.key.thread_id)


async def _is_taken(request: "RequestContext", game: Game) -> bool:
    """Say, and return, whether no link can be added now. One that comes again, as after a crash, goes on."""
    if latest_message_of(game) == request.message_id and phase_of(game) is Phase.PAINTING:
        return False
    entries = await request.services.games.entries(game.id)
    if any(entry.picture.message_id == request.message_id and entry.job_id for entry in entries):
        return True
    match phase_of(game):
        case Phase.OPEN:
            return False
        case Phase.PAINTING:
            await say_to_wait(request)
        case Phase.PAINTING_LAST | Phase.SHOWING | Phase.ANIMATING:
            await request.say(
                request.t("This chain is about to end. You can begin the next one in a moment.")
            )
    return True


def _shows(message: "Message", job: Job, game: Game | None) -> bool:
    """Say whether a message shows the result of this job. Words of the bot do as well: they point at it."""
    if not is_from_bot(message):
        return False
    if message.text is not None:
        return True
    file_ids = {size.file_id for size in message.photo} | {
        message.document.file_id if message.document else ""
    }
    shown_in = {job.progress_message_id, game.message_id if game else None}
    return message.message_id in shown_in or bool(file_ids & {job.result_photo_file_id})


async def _point_at(request: "RequestContext", latest: Job, game: Game | None, *, is_older: bool) -> None:
    """Say which picture is the latest, in reply to it, or show it where there is no message to reply to."""
    t = request.t
    how = t(
        "This is my latest picture here: reply with a picture in the style you want, and /chain under it."
    )
    text = t("That one is not the latest.") + " " + how if is_older else how
    reply_to = latest.progress_message_id or (game.message_id if game else None)
    if reply_to is None and latest.result_photo_file_id != latest.result_document_file_id:
        picture = latest.result_photo_file_id or ""
        shown = await request.show(picture, text, covered=latest.spoiler)
        await request.services.jobs.set_progress_message(latest.id, shown.message_id)
    else:
        await request.say(text, reply_to=reply_to)


async def _style(request: "RequestContext", words: str) -> PictureRef | None:
    """Find the style that the command brings: its picture, or a painting that it names."""
    t, message = request.t, request.message
    picture = await looked_at(
        request.context.application, request.key.chat_id, picture_in(message) if message else None
    )
    if isinstance(picture, SentPicture):
        await remember(request, picture, request.user.id)
        return picture.ref
    if isinstance(picture, Reason):
        await request.say(picture_problem(picture, t))
        return None
    if paintings := named(request, words) if words else []:
        painting = _random.choice(paintings)  # a painter's name will do; the result says which it was
        return replace(PictureRef.of_painting(painting.name), message_id=request.message_id)
    if words:
        await request.say(t("I have no painting of that name."))
    else:
        await request.say(t("Write /chain under a picture, or name a painting: /chain hokusai."))
    return None


async def _end(request: "RequestContext", game: Game | None) -> None:
    """Show the way and end the chain, once the link that is being painted is there."""
    t, games = request.t, request.services.games
    if game is None:
        await request.say(t("There's no chain here. Reply to my latest picture with /chain to begin one."))
        return
    chain_now = await chain_of(request.services, game)
    mine = {entry.user_id for entry, _ in chain_now.links}
    mine |= {game.user_id, chain_now.under_way.user_id if chain_now.under_way else game.user_id}
    if request.user.id not in mine and not await is_administrator(request):
        await request.say(t("Only those who have a link in this chain, or an administrator, can end it."))
        return
    latest, now = latest_message_of(game), request.services.now()
    match phase_of(game):
        case Phase.OPEN:
            await games.move_on(game, state_of(Phase.SHOWING, latest), due=now)
        case Phase.PAINTING:
            if await games.move_on(game, state_of(Phase.PAINTING_LAST, latest), due=now + TURN_SECONDS):
                await request.say(t("I'm still painting its last link: then you'll see the whole chain."))
        case Phase.PAINTING_LAST | Phase.SHOWING | Phase.ANIMATING:
            await request.say(t("I'm at it already."))
    request.services.game_clock.look_at(game.id)
