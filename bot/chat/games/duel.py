"""Play duels of styles: /duel in reply to a photo, to which two to four people each bring a style."""

from contextlib import suppress
from dataclasses import replace
from random import Random

from telegram.error import TelegramError

from bot.chat.arrival import looked_at
from bot.chat.button_router import Toast
from bot.chat.command_subject import pictures_of, said_after_command
from bot.chat.gallery import named
from bot.chat.games.details import DuelDetails
from bot.chat.games.duel_course import asks, call_off, go_on
from bot.chat.games.duel_entries import ENTERING, FEWEST_ENTRIES, MOST_ENTRIES, title_of
from bot.chat.games.rules import Rules
from bot.chat.games.switch import is_administrator
from bot.chat.games.table import Table
from bot.chat.picture_refs import SentPicture, picture_in
from bot.chat.placing import key_of_command
from bot.chat.request_context import RequestContext
from bot.chat.style_sheet import marked
from bot.gallery.search import says_something
from bot.wording.keyboards.gallery_sheet import Pick
from bot.wording.phrases import picture_problem
from bot.wording.translation import Translator
from core.decoding.refusal import Reason
from storage import OVER, Game, GameKind, NewEntry, NewGame, PictureRef

CANCEL = {"cancel", "stop", "отмена", "отменить", "стоп"}

_random = Random()  # noqa: S311  (nothing is to be kept secret)


def _help(t: Translator) -> str:
    return t("/duel in reply to a photo – two to four people each bring a style, and everybody votes")


async def duel(request: RequestContext) -> None:
    """Begin a duel over the photo of the command, or call one off."""
    if said_after_command(request.message).casefold() in CANCEL:
        await _cancel(request)
        return
    pictures, message = await pictures_of(request), request.message
    if pictures is None or message is None:
        return
    photo = pictures.theirs or pictures.mine
    if photo is None:
        await request.say(request.t("Reply to a photo with /duel, and let the styles fight over it."))
        return
    said_in = message.reply_to_message if pictures.theirs else message
    owner = said_in.from_user if said_in and said_in.from_user else request.person
    new = NewGame(
        request_key=f"duel:{key_of_command(request)}",
        kind=GameKind.DUEL,
        state=ENTERING,
        **request.key._asdict(),
        name=request.person.full_name,
        language=request.t.language,
        content=photo.ref,
        details=DuelDetails(photo_of=owner.full_name).as_json,
        due=request.services.now(),
    )
    game, _ = await request.services.games.begin(new)
    if game:
        request.services.game_clock.look_at(game.id)
        return
    other = await _under_way(request)
    text = request.t("A duel is under way here already: let's see that one to its end first.")
    await request.say(text, reply_to=(other.poll_message_id or other.message_id) if other else None)


async def _cancel(request: RequestContext) -> None:
    game = await _under_way(request)
    if game is None:
        await request.say(request.t("There is no duel here to cancel."))
        return
    if not await _decides(request, game):
        text = request.t("Only whoever began the duel, or an administrator, can cancel it.")
        await request.say(text)
        return
    while game and not await request.services.games.move_on(game, OVER):
        game = await _under_way(request)  # it went on just now
    if game:
        await call_off(Table(request.context.application, game))
    await request.say(request.t("The duel is cancelled. /duel begins another whenever you like."))


async def _decides(request: RequestContext, game: Game) -> bool:
    return game.user_id == request.user.id or await is_administrator(request)


async def _under_way(request: RequestContext) -> Game | None:
    return await request.services.games.under_way(request.key.chat_id, request.key.thread_id, GameKind.DUEL)


async def _hear(request: RequestContext, game: Game) -> bool:
    """Take a reply to the duel as a style; talk is left to the people."""
    message = request.message
    if message is None:
        return False
    picture = await looked_at(request.context.application, request.key.chat_id, picture_in(message))
    if isinstance(picture, Reason):
        await request.say(picture_problem(picture, request.t))
        return True
    if isinstance(picture, SentPicture):
        await _answer(request, game, picture.ref)
        return True
    words = message.text or ""
    paintings = named(request, words)
    if len(paintings) == 1:
        ref = replace(PictureRef.of_painting(paintings[0].name), message_id=request.message_id)
        await _answer(request, game, ref)
    elif game.state == ENTERING and paintings:
        names = ", ".join(painting.label(request.t.language).short for painting in paintings)
        await request.say(request.t("Which of them: {names}?").format(names=names))
    elif game.state == ENTERING and says_something(words):
        await request.say(request.t("I have no painting of that name."))
    return True


async def _answer(request: RequestContext, game: Game, picture: PictureRef) -> None:
    is_in, sentence = await _bring(request, game, picture)
    if not is_in:
        await request.say(sentence)
        return
    with suppress(TelegramError):  # the list in the duel's message says it, too
        await request.bot.set_message_reaction(request.key.chat_id, request.message_id, "👌")


async def _tapped(request: RequestContext, game: Game, value: str) -> Toast:
    """Take the painting of the button, or one by lot, or begin before the time is over."""
    gallery, kind, mark = request.services.gallery, value[:1], value[1:]
    if value == Pick.BEGIN:
        return await _begin_now(request, game)
    if value == Pick.BY_LOT:
        taken = {entry.picture.painting for entry in await request.services.games.entries(game.id)}
        painting = _random.choice([one for one in gallery if one.name not in taken] or list(gallery))
    elif kind == Pick.PAINTING and (there := marked(mark, gallery)):
        painting = there
    else:
        return request.t("That button no longer works.")
    ref = replace(PictureRef.of_painting(painting.name), message_id=request.message_id)
    _, sentence = await _bring(request, game, ref)
    return sentence


async def _begin_now(request: RequestContext, game: Game) -> Toast:
    if game.state != ENTERING:
        return _too_late(game, request.t)
    if not await _decides(request, game):
        return request.t("Only whoever began the duel, or an administrator, can start it now.")
    if len(await request.services.games.entries(game.id)) < FEWEST_ENTRIES:  # somebody was forgotten since
        return request.t("A duel needs two styles: who brings another?")
    await request.services.games.call(game.id)
    request.services.game_clock.look_at(game.id)
    return None


async def _bring(request: RequestContext, game: Game, picture: PictureRef) -> tuple[bool, str]:
    """Enter what somebody brings. Returns whether it is in, and what to tell them."""
    games, gallery, t = request.services.games, request.services.gallery, request.t
    if game.state != ENTERING:
        return False, _too_late(game, t)
    entries = await games.entries(game.id)
    mine = next((entry for entry in entries if entry.user_id == request.user.id), None)
    if mine and mine.picture != picture:
        return False, t("You bring {style} already: one each.").format(
            style=title_of(mine.picture, gallery, t)
        )
    if not mine and picture.painting in {entry.picture.painting for entry in entries} - {None}:
        return False, t("Somebody brings that one already: choose another.")
    entry = NewEntry(user_id=request.user.id, name=request.person.full_name, picture=picture)
    if await games.enter(game, entry, MOST_ENTRIES) is None:
        return False, _too_late(game, t)
    request.services.game_clock.look_at(game.id)
    return True, t("You bring {style}.").format(style=title_of(picture, gallery, t))


def _too_late(game: Game, t: Translator) -> str:
    return t("That duel is over.") if game.is_over else t("This duel takes no more styles.")


RULES = Rules(
    help=_help,
    commands={"duel": duel},
    go_on=go_on,
    hear=_hear,
    tapped=_tapped,
    asks=asks,
    call_off=call_off,
)
