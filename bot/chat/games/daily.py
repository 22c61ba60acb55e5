"""Post a painting of the day, and paint people's photos like it."""

import asyncio
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from telegram import InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.chat.arrival import looked_at
from bot.chat.games.daily_clock import CLOSING, OPEN, POSTING
from bot.chat.games.daily_evening import show_all
from bot.chat.games.daily_setting import daily
from bot.chat.games.details import DailyDetails
from bot.chat.games.one_message import put_into, reword, say_first
from bot.chat.games.rules import Rules
from bot.chat.group_rights import say_what_is_not_let_in
from bot.chat.picture_refs import SentPicture, picture_in
from bot.chat.placing import as_usual, key_of_command, no_room
from bot.gateway.refusals import Refusal, refusal_of
from bot.wording.phrases import picture_problem
from bot.wording.translation import translator
from core.decoding.refusal import Reason
from storage import GameKind, NewEntry, PictureRef, QueueFull, State

if TYPE_CHECKING:
    from telegram import Message

    from bot.chat.games.table import Table
    from bot.chat.request_context import RequestContext
    from bot.gallery.painting import Painting
    from bot.wording.translation import Translator
    from storage import Game, Job

PICTURES_EACH = 2  # of one person
PICTURES_A_DAY = 10  # as many as an album holds
MOST_ENTRIES = 50  # those included whose paintings failed
CLOSING_SECONDS = 900.0  # that the evening waits for what is still being painted


async def go_on(table: "Table") -> None:
    """Post the painting, or show the pictures once it is evening and all are painted."""
    game = table.game
    if game.state == POSTING:
        await _post(table)
    elif game.state == OPEN and table.is_due:
        await table.go_on_to(CLOSING, due=table.services.now() + CLOSING_SECONDS)
    elif game.state == CLOSING:
        jobs = await table.services.jobs.of_game(game.id)
        if table.is_due or not any(job.state in (State.QUEUED, State.RUNNING) for job in jobs):
            await show_all(table, {job.id: job for job in jobs if job.result_photo_file_id})


async def hear(request: "RequestContext", game: "Game") -> bool:
    """Paint a picture that replies to the painting. Words are left to the people."""
    message = request.message
    picture = picture_in(message) if message else None
    if message is None or picture is None or (isinstance(picture, SentPicture) and picture.may_be_talk):
        return False
    picture = await looked_at(request.context.application, request.key.chat_id, picture)
    if isinstance(picture, Reason):
        await request.say(picture_problem(picture, request.t))
    elif picture:
        await _paint(request, game, picture)
    return True


async def posted_twice(request: "RequestContext", message: "Message") -> "Game | None":
    """Find the game by the words of a message that shows its painting, but is not known to."""
    game = await request.services.games.under_way(*request.key[:2], GameKind.DAILY)
    if game is None or game.state == CLOSING:
        return None
    painting = request.services.gallery.get(DailyDetails.of(game).painting)
    is_it = painting is not None and (message.text or message.caption) == _words(painting, game)
    return game if is_it else None


async def _post(table: "Table") -> None:
    """Post the painting, unless that could not be done for hours, or nobody wants it any more."""
    game, parts, details = table.game, table.services, DailyDetails.of(table.game)
    painting = parts.gallery.get(details.painting)
    is_begun = game.message_id is not None
    is_wanted = (await parts.group_settings.get(game.chat_id)).daily_at is not None
    if painting is None or not (is_begun or (is_wanted and parts.now() < details.late)):
        await table.end()
        return
    words = escape(_words(painting, game), quote=False)
    try:
        if not is_begun:
            await say_first(table, words, POSTING)
            return
        picture = InputMediaPhoto(
            await asyncio.to_thread(painting.bytes), caption=words, parse_mode=ParseMode.HTML
        )
        is_there = await put_into(table, picture)
    except TelegramError as error:
        refusal = refusal_of(error)
        if refusal not in (Refusal.NO_PHOTOS, Refusal.NO_MEDIA, Refusal.GONE):
            raise
        await _give_up(table, refusal)
        return
    if is_there:
        await parts.games.move_on(game, OPEN, due=details.evening)
    else:  # an administrator has deleted it
        await table.end()


def _words(painting: "Painting", game: "Game") -> str:
    """Word what stands under the painting, not yet as HTML."""
    t = translator(game.language)
    return t(
        "🖼 Painting of the day: {painting}\nReply with a photo, and I'll paint it like this. In the evening "
        "I show what has come together."
    ).format(painting=painting.label(t.language))


async def _give_up(table: "Table", refusal: Refusal) -> None:
    """Switch it off where it cannot come: once said is enough."""
    settings = await table.services.group_settings.get(table.game.chat_id)
    await table.services.group_settings.save(replace(settings, daily_at=None))
    if refusal is not Refusal.GONE:
        text = table.t(
            "I'm not allowed to send photos here, so the painting of the day is off now. An "
            "administrator can bring it back with /daily on."
        )
        await reword(table, text)
    await table.end()


async def _paint(request: "RequestContext", game: "Game", picture: SentPicture) -> None:
    """Queue the picture, as a job of whoever sent it. What comes twice, as after a crash, is painted once."""
    key = key_of_command(request)
    jobs = await request.services.jobs.of_game(game.id)
    jobs = [job for job in jobs if job.request_key != key]
    painting = request.services.gallery.get(DailyDetails.of(game).painting)
    problem = _why_not(request, game, painting, jobs)
    if problem or painting is None:
        await request.say(problem)
        return
    await say_what_is_not_let_in(request)
    new = as_usual(request, key, picture.ref, PictureRef.of_painting(painting.name))
    new = replace(new, game_id=game.id, note=request.t("🖼 Painting of the day"))
    try:
        placed = await request.services.studio.submit(new)
    except QueueFull as full:
        await request.say(no_room(full, request.t))
        return
    entry = NewEntry(
        user_id=request.user.id,
        name=request.person.full_name,
        picture=picture.ref,
        job_id=placed.job.id,
    )
    now = await request.services.games.get(game.id)  # it may have become evening meanwhile
    await request.services.games.enter(now or game, entry, MOST_ENTRIES)


def _why_not(request: "RequestContext", game: "Game", painting: "Painting | None", jobs: "list[Job]") -> str:
    """Say why a picture is not taken; nothing where it is."""
    counted = [job for job in jobs if job.state not in (State.FAILED, State.CANCELLED)]
    if game.state not in (POSTING, OPEN):
        return request.t("That painting's day is over. Reply to a photo with /style to paint it anyway.")
    if painting is None:
        return request.t("That painting is no longer in my gallery: please choose another style.")
    if sum(job.user_id == request.user.id for job in counted) >= PICTURES_EACH:
        return request.t("Two pictures each is all I can take for one day: leave some for the others!")
    if len(counted) >= PICTURES_A_DAY or len(jobs) >= MOST_ENTRIES:
        return request.t("I have as many pictures for today as I can show. Come back tomorrow!")
    return ""


def _help(t: "Translator") -> str:
    return t(
        "/daily on – each day I post a painting; reply to it with a photo, and I paint that alike. "
        "/daily on 18:30 Europe/Berlin chooses the hour (for administrators)"
    )


RULES = Rules(help=_help, commands={"daily": daily}, go_on=go_on, hear=hear, copied=posted_twice)
