"""Add a link to a chain: take the turn, note what was brought, and have it painted."""

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from bot.chat.games.chain_links import MOST_LINKS, Phase, chain_of, state_of
from bot.chat.games.chain_steps import LEFT_ALONE_AFTER
from bot.chat.games.details import ChainDetails
from bot.chat.group_rights import say_what_is_not_let_in
from bot.chat.placing import as_usual, no_room
from bot.wording.phrases import shown_name
from storage import OVER, Game, GameKind, Job, NewEntry, NewGame, NewJob, PictureRef, QueueFull

if TYPE_CHECKING:
    from bot.chat.request_context import RequestContext

TURN_SECONDS = 60.0  # after which a link that came to nothing is given up
MOST_ENTRIES = 1000  # those included that failed


async def add(request: "RequestContext", game: Game | None, latest: Job, style: PictureRef) -> None:
    """Have the latest picture repainted, as the only link that is being painted.

    Each step may come again, after a crash, and is then found done.
    """
    games, t = request.services.games, request.t
    if not latest.result_photo_file_id or latest.secret:
        await request.say(t("I can't repaint that picture: begin with /style under a photo."))
        return
    await say_what_is_not_let_in(request)
    taken = await _take_turn(request, game, latest)
    if taken is None:
        await say_to_wait(request)
        return
    brought = NewEntry(user_id=request.user.id, name=request.person.full_name, picture=style)
    entry = await games.enter(taken, brought, MOST_ENTRIES)
    if entry is None:
        return
    number = len((await chain_of(request.services, taken)).links) + 1
    try:
        placed = await request.services.studio.submit(_job(request, taken, latest, style, number))
    except QueueFull as full:
        await _give_turn_back(request, game, taken)
        await request.say(no_room(full, t))
        return
    await games.set_job(taken.id, entry.number, placed.job.id)
    request.services.game_clock.look_at(taken.id)


async def say_to_wait(request: "RequestContext") -> None:
    """Say that the link before is still being painted, and when to come back."""
    await request.say(
        request.t(
            "I'm still painting the link before: once it's here, reply to it with your picture and /chain."
        )
    )


async def _take_turn(request: "RequestContext", game: Game | None, latest: Job) -> Game | None:
    """Note that the link of this message is being painted; None where another one is."""
    games, state = request.services.games, state_of(Phase.PAINTING, request.message_id)
    due = request.services.now() + TURN_SECONDS
    if game is None:
        begun, _ = await games.begin(
            NewGame(
                request_key=f"chain:{request.key.chat_id}:{request.message_id}",
                kind=GameKind.CHAIN,
                state=state,
                **request.key._asdict(),
                name=request.person.full_name,
                language=request.t.language,
                details=ChainDetails(begun_from=latest.id).as_json,
                due=due,
            )
        )
        return begun if begun and begun.state == state else None
    if game.state == state or await games.move_on(game, state, due=due):
        return replace(game, state=state)
    return None


async def _give_turn_back(request: "RequestContext", before: Game | None, taken: Game) -> None:
    """Let the next one add a link, as this one came to nothing. A chain that it began does not begin."""
    games = request.services.games
    if before is None:
        await games.move_on(taken, OVER)
    else:
        due = request.services.now() + LEFT_ALONE_AFTER
        await games.move_on(taken, state_of(Phase.OPEN, request.message_id), due=due)


def _job(request: "RequestContext", game: Game, latest: Job, style: PictureRef, number: int) -> NewJob:
    t = request.t
    note = t("🔗 Link {number} of {most} · {name}").format(
        number=number, most=MOST_LINKS, name=escape(shown_name(request.person.full_name))
    )
    if number < MOST_LINKS:
        note += "\n" + t("Next: reply to this with a picture.")
    content = PictureRef(
        latest.result_photo_file_id or "",
        latest.result_thumbnail_id,
        latest.progress_message_id,
        latest.spoiler,
    )
    key = f"chain:{request.key.chat_id}:{request.message_id}"
    return replace(as_usual(request, key, content, style), game_id=game.id, note=note)
