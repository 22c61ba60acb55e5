"""Take a guess from one state to the next: the photo is painted, the quiz is open, the painting is told."""

from collections.abc import Sequence
from contextlib import suppress
from html import escape

from telegram import Message
from telegram.constants import ParseMode, PollType
from telegram.error import BadRequest, TelegramError

from bot.chat.games.details import GuessDetails
from bot.chat.games.poll_counts import close, last_counts, note_poll
from bot.chat.games.quiz import Quiz
from bot.chat.games.table import Table
from bot.chat.placing import no_room
from bot.gateway.refusals import Refusal, is_not_modified, refusal_of
from bot.gateway.retries import is_passing
from bot.wording.keyboards.results import result_keyboard
from storage import Job, NewJob, PictureRef, QueueFull, State

# The states of a guess.
PAINTING = "painting"  # what is to be guessed is painted
OPEN = "open"  # for guesses

OPEN_SECONDS = 300


async def go_on(table: Table) -> None:
    """Take the next step."""
    jobs = await table.services.jobs.of_game(table.game.id)
    job = jobs[0] if jobs else None
    if table.game.state == OPEN:
        details = GuessDetails.of(table.game)
        if table.is_due and (votes := await last_counts(table, details)) is not None:
            await _reveal(table, job, votes)
    elif job is None:
        await _paint(table)
    elif job.state is State.DONE:
        await _ask(table, job)
    elif job.state in (State.FAILED, State.CANCELLED):
        await _give_up(table, job, table.t("No picture, nothing to guess: /guess begins anew."))


async def _paint(table: Table) -> None:
    game, details = table.game, GuessDetails.of(table.game)
    if game.content is None:
        return
    user = await table.services.users.ensure(game.user_id)
    new = NewJob(
        request_key=f"guess:{game.id}",
        chat_id=game.chat_id,
        thread_id=game.thread_id,
        user_id=game.user_id,
        content=game.content,
        styles=(PictureRef.of_painting(details.quiz.painting),),
        strength=user.strength,
        language=game.language,
        reply_to_message_id=details.command,
        command_message_id=details.command,
        game_id=game.id,
        note=_question(table, details.quiz),
        secret=True,
    )
    try:
        await table.services.studio.submit(new)
        await _take_back_if_over(table)
    except QueueFull as full:
        await table.end(no_room(full, table.t), reply_to=details.command)


async def _take_back_if_over(table: Table) -> None:
    """Let nothing be painted for a game that was ended while its painting was asked for."""
    now = await table.services.games.get(table.game.id)
    if now is None or now.is_over:
        await call_off(table)


async def _ask(table: Table, job: Job) -> None:
    """Ask under the picture. Where no poll or no picture is let in, the painting is told at once."""
    if job.chat_id != table.game.chat_id:
        await _give_up(table, job, table.t("I'm not allowed to show the picture here, so nobody can guess."))
        return
    try:
        poll = await _send_poll(table, job)
    except BadRequest as error:
        if is_passing(error) or refusal_of(error) in (Refusal.GONE, Refusal.SLOW_MODE):
            raise
        words = table.t("I'm not allowed to send polls here, so I've told the answer under the picture.")
        await _give_up(table, job, words)
        return
    await note_poll(table, OPEN, poll, OPEN_SECONDS, GuessDetails.of(table.game))


async def _send_poll(table: Table, job: Job) -> Message:
    quiz = GuessDetails.of(table.game).quiz
    return await table.bot.send_poll(
        table.game.chat_id,
        _question(table, quiz),
        list(quiz.options),
        is_anonymous=False,
        type=PollType.QUIZ,
        correct_option_ids=[quiz.right],
        explanation=quiz.label,
        explanation_parse_mode=None,
        open_period=OPEN_SECONDS,
        message_thread_id=table.game.thread_id or None,
        reply_parameters=table.quoting(job.progress_message_id),
    )


def _question(table: Table, quiz: Quiz) -> str:
    """Word the question, which stands above the picture as well."""
    return table.t("Whose style is this?") if quiz.of_painters else table.t("Which painting's style is this?")


async def _reveal(table: Table, job: Job | None, votes: Sequence[int] | None) -> None:
    """Tell the answer under the picture, or by a message where that is gone, and end the game."""
    is_told = job is not None and await _tell(table, job, votes)
    await table.end(None if is_told else _answer(table, votes), reply_to=table.game.poll_message_id)


async def _give_up(table: Table, job: Job, words: str) -> None:
    """End the game without a quiz."""
    if job.state is State.DONE:
        await _tell(table, job)
    await table.end(words, reply_to=job.reply_to_message_id)


async def asks(table: Table) -> list[str]:
    """List what people choose from."""
    return list(GuessDetails.of(table.game).quiz.options)


async def call_off(table: Table) -> None:
    """Tell the painting of a guess that was ended in its middle; what is not yet painted is left."""
    game, parts = table.game, table.services
    if game.state == OPEN:
        await close(table, game.poll_message_id)
    for job in await parts.jobs.of_game(game.id):
        if job.state is State.DONE:
            with suppress(TelegramError):
                await _tell(table, job, await parts.games.votes(game.id))
        elif await parts.studio.cancel(job.id, job.user_id):
            await parts.jobs.no_longer_secret(game.id)


async def _tell(table: Table, job: Job, votes: Sequence[int] | None = None) -> bool:
    """Tell the painting under the picture, with the buttons of any result. Returns False if that is gone."""
    await table.services.jobs.no_longer_secret(table.game.id)
    if job.progress_message_id is None:  # the group has become a supergroup
        return False
    try:
        await table.bot.edit_message_caption(
            job.chat_id,
            job.progress_message_id,
            caption=_answer(table, votes),
            parse_mode=ParseMode.HTML,
            reply_markup=result_keyboard(job, table.t, among_others=job.chat_id != job.user_id),
        )
    except BadRequest as error:
        return is_not_modified(error)
    return True


def _answer(table: Table, votes: Sequence[int] | None) -> str:
    """Name the painting, and count who knew it."""
    t, quiz = table.t, GuessDetails.of(table.game).quiz
    told = t("It was {painting}.").format(painting=f"<b>{escape(quiz.label, quote=False)}</b>")
    if not votes or not sum(votes):
        return told
    count = t("{right} of {all} guessed right.").format(right=votes[quiz.right], all=sum(votes))
    return f"{told}\n{count}"
