"""Let a group guess the painter: a photo is painted in a style that is not named, and a quiz asks whose.

The lot falls when the game begins, and stands in its row; so whatever comes again, it is the same painting.
"""

from random import Random

from telegram import PollAnswer

from bot.chat.command_subject import pictures_of
from bot.chat.games.details import GuessDetails
from bot.chat.games.guess_course import PAINTING, asks, call_off, go_on
from bot.chat.games.quiz import Quiz, draw
from bot.chat.games.rules import Rules
from bot.chat.games.table import Table
from bot.chat.games.top import top
from bot.chat.group_rights import say_what_is_not_let_in
from bot.chat.request_context import RequestContext
from bot.wording.translation import Translator
from storage import GameKind, NewGame, PictureRef

_random = Random()  # noqa: S311  (nobody gains anything by foreseeing it)


async def guess(request: RequestContext) -> None:
    """Begin with the photo replied to, or above the command, or else the last one painted here."""
    pictures = await pictures_of(request)
    if pictures is None:
        return
    photo = pictures.mine or pictures.theirs
    content = photo.ref if photo else await _last_painted(request)
    if content is None:
        await request.say(
            request.t("I haven't painted anything here yet: reply to a photo with /guess to begin.")
        )
        return
    quiz = draw(request.services.gallery, request.t, _random)
    if quiz is None:
        await request.say(request.t("My gallery has too few paintings to guess among."))
        return
    game, is_new = await request.services.games.begin(_new_game(request, content, quiz))
    if game is None:
        await _point_to_other(request)
        return
    if is_new:
        await say_what_is_not_let_in(request)
    request.services.game_clock.look_at(game.id)


async def _last_painted(request: RequestContext) -> PictureRef | None:
    job = await request.services.jobs.last_done(request.key.chat_id, request.key.thread_id)
    return job.content if job else None


def _new_game(request: RequestContext, content: PictureRef, quiz: Quiz) -> NewGame:
    return NewGame(
        request_key=f"guess:{request.key.chat_id}:{request.message_id}",
        kind=GameKind.GUESS,
        state=PAINTING,
        **request.key._asdict(),
        name=request.person.full_name,
        language=request.t.language,
        content=content,
        details=GuessDetails(quiz=quiz, command=request.message_id).as_json,
    )


async def _point_to_other(request: RequestContext) -> None:
    """Say that there is a guess here already, in reply to its poll if that has been sent."""
    key = request.key
    other = await request.services.games.under_way(key.chat_id, key.thread_id, GameKind.GUESS)
    if other and other.poll_message_id:
        text = request.t("One at a time: this one is still open. Have you guessed yet?")
        await request.say(text, reply_to=other.poll_message_id)
    else:
        await request.say(request.t("One at a time: I'm still painting the picture for the last /guess."))


async def _voted(table: Table, answer: PollAnswer) -> None:
    """Keep a person's first guess, even one that is told after the end. Channels do not count."""
    if answer.user is None or not answer.option_ids:
        return
    await table.services.users.ensure(answer.user.id)
    is_right = answer.option_ids[0] == GuessDetails.of(table.game).quiz.right
    await table.services.games.guessed(table.game, answer.user.id, answer.user.full_name, is_right=is_right)


def _help(t: Translator) -> str:
    return t("/guess in reply to a photo: I paint it, you guess the painter. /top shows who guesses best.")


RULES = Rules(
    help=_help,
    commands={"guess": guess, "top": top},
    go_on=go_on,
    voted=_voted,
    asks=asks,
    call_off=call_off,
)
