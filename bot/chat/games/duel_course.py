"""Take a duel from one state to the next: the styles are brought, painted small, voted on, and one wins."""

from dataclasses import replace
from html import escape
from random import Random

from telegram import InputPollOption

from bot.chat.games.details import DuelDetails
from bot.chat.games.duel_entries import (
    CROWNING,
    ENTERING,
    FEWEST_ENTRIES,
    PAINTING,
    SHOWN,
    VOTING,
    end_for_want_of_entries,
    hear_entries,
    option,
    title_of,
)
from bot.chat.games.poll_counts import close, last_counts, note_poll
from bot.chat.games.table import Table
from bot.studio.samples import Sample, Wish
from bot.wording.phrases import mention, shown_name
from core.recipe import Strength
from storage import Entry, NewJob, PictureRef, QueueFull

VOTE_SECONDS = 120
QUEUE_SECONDS = 60.0  # after which a full queue is tried again

_random = Random()  # noqa: S311  (nothing is to be kept secret)


async def go_on(table: Table) -> None:
    """Take the next step."""
    steps = {
        ENTERING: hear_entries,
        PAINTING: _paint,
        SHOWN: _ask,
        VOTING: _count,
        CROWNING: _crown,
    }
    await steps[table.game.state](table)


async def _paint(table: Table) -> None:
    """Have the small paintings made, and show them once they are."""
    parts, details = table.services, DuelDetails.of(table.game)
    if paintings := parts.small_paintings.of(table.game.id):
        await _show(table, paintings)
    elif details.give_up is None or parts.now() >= details.give_up:
        await parts.studio.samples.drop(_key(table.game.id))
        word = table.t("I didn't get this duel painted in time, so it ends: please try again later.")
        await table.end(word, reply_to=table.game.message_id)
    else:
        wish = await parts.studio.samples.drop(_key(table.game.id))
        await parts.studio.samples.want(wish or await _wish(table))


async def _show(table: Table, paintings: list[bytes]) -> None:
    """Show the small paintings in an album, each with who brought what."""
    game, parts = table.game, table.services
    entries = await parts.games.entries(game.id)
    lines = [escape(option(table, entry)) for entry in entries]
    covered = any(picture.spoiler for picture in _pictures(table, entries))
    album = await table.show_album(paintings, "\n".join(lines), reply_to=game.message_id, covered=covered)
    parts.small_paintings.drop(game.id)
    details = replace(DuelDetails.of(game), album=album[0].message_id)
    await table.go_on_to(SHOWN, due=parts.now(), details=details.as_json)


def _key(game_id: int) -> tuple[str, int]:
    return ("duel", game_id)


def _pictures(table: Table, entries: list[Entry]) -> list[PictureRef]:
    content = [table.game.content] if table.game.content else []
    return [*content, *(entry.picture for entry in entries)]


async def _wish(table: Table) -> Wish:
    """Ask for a small painting in each style, made from small pictures where Telegram has them."""
    game, parts = table.game, table.services
    pictures = _pictures(table, await parts.games.entries(game.id))
    small = [replace(one, file_id=one.thumbnail_id or one.file_id) for one in pictures]
    content, *styles = [await table.file_of(picture) for picture in small]

    async def is_open() -> bool:
        now = await parts.games.get(game.id)
        return now is not None and now.state == PAINTING

    async def show(painted: list[bytes]) -> None:
        if await is_open():
            parts.small_paintings.keep(game.id, painted)
            parts.game_clock.look_at(game.id)

    samples = tuple(Sample(content, (style,), Strength.BALANCED) for style in styles)
    return Wish(_key(game.id), samples, is_open, show)


async def _ask(table: Table) -> None:
    """Ask all which is best, in a poll that closes by itself."""
    game, details = table.game, DuelDetails.of(table.game)
    entries = await table.services.games.entries(game.id)
    message = await table.bot.send_poll(
        game.chat_id,
        table.t("Which one wins? You have two minutes."),
        [InputPollOption(option(table, entry)) for entry in entries],
        is_anonymous=True,
        open_period=VOTE_SECONDS,
        message_thread_id=game.thread_id or None,
        reply_parameters=table.quoting(details.album),
    )
    details = replace(details, numbers=tuple(entry.number for entry in entries))
    await note_poll(table, VOTING, message, VOTE_SECONDS, details)


async def asks(table: Table) -> list[str]:
    """List what people choose from."""
    if table.game.state not in (SHOWN, VOTING):
        return []
    return [option(table, entry) for entry in await table.services.games.entries(table.game.id)]


async def _count(table: Table) -> None:
    """Find the winner once the poll has closed; of a tie, by lot."""
    game, parts, details = table.game, table.services, DuelDetails.of(table.game)
    if not table.is_due or (counts := await last_counts(table, details)) is None:
        return
    votes = dict(zip(details.numbers, counts, strict=False))
    entries = await parts.games.entries(game.id)
    if len(entries) < FEWEST_ENTRIES:  # somebody had their part in it forgotten
        await end_for_want_of_entries(table, entries)
        return
    most = max(votes.get(entry.number, 0) for entry in entries)
    best = [entry.number for entry in entries if votes.get(entry.number, 0) == most]
    details = replace(details, winner=_random.choice(best), by_lot=len(best) > 1)
    await table.go_on_to(CROWNING, due=parts.now(), details=details.as_json)


async def _crown(table: Table) -> None:
    """Have the winner painted at full size; where the queue is full, as soon as there is room."""
    game, parts, details = table.game, table.services, DuelDetails.of(table.game)
    entries = {entry.number: entry for entry in await parts.games.entries(game.id)}
    winner = entries.pop(details.winner, None) if details.winner else None
    if winner is None or game.content is None:  # whoever won has had everything of theirs forgotten
        word = table.t("The style that won is gone, so this duel ends without a painting.")
        await table.end(word, reply_to=game.poll_message_id)
        return
    verdict = _verdict(table, winner, list(entries.values()))
    new = NewJob(
        request_key=f"duel:{game.id}",
        chat_id=game.chat_id,
        thread_id=game.thread_id,
        user_id=winner.user_id,
        content=game.content,
        styles=(winner.picture,),
        strength=Strength.BALANCED,
        language=game.language,
        reply_to_message_id=game.poll_message_id,
        game_id=game.id,
        note=verdict,
    )
    try:
        await parts.studio.submit(new)
    except QueueFull:
        if not details.is_told:
            wait = table.t("My queue is full right now: I'll paint it as soon as there is room.")
            await table.say(f"{verdict}\n{wait}", reply_to=game.poll_message_id)
            due, told = parts.now() + QUEUE_SECONDS, replace(details, is_told=True)
            await parts.games.move_on(game, CROWNING, due=due, details=told.as_json)
        return
    await table.end()


def _verdict(table: Table, winner: Entry, others: list[Entry]) -> str:
    t, gallery, details = table.t, table.services.gallery, DuelDetails.of(table.game)

    def style_of(entry: Entry) -> str:
        return escape(title_of(entry.picture, gallery, t))

    beaten = [
        t("{name}'s {style}").format(name=mention(entry.user_id, entry.name), style=style_of(entry))
        for entry in others
    ]
    text = t("🏆 {name}'s {style} wins the duel over {others} on {owner}'s photo").format(
        name=mention(winner.user_id, winner.name),
        style=style_of(winner),
        others=", ".join(beaten),
        owner=escape(shown_name(details.photo_of)),
    )
    lot = t("It was a tie, so lots were drawn.")
    return f"{text}\n{lot}" if details.by_lot else text


async def call_off(table: Table) -> None:
    """Let nothing more come of a duel that has ended."""
    game = table.game
    await table.services.studio.samples.drop(_key(game.id))
    table.services.small_paintings.drop(game.id)
    if game.state == VOTING:
        await close(table, game.poll_message_id)
