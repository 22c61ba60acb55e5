"""Find whose button was tapped and who acts on it, and answer the tap with a toast."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.chat.request_context import Context, RequestContext, thread_of
from bot.chat.services import services
from bot.gateway.outage_notice import outage_sentence
from bot.wording.keyboards.taps import Action, Tap
from bot.wording.phrases import out_of_date, still_secret
from bot.wording.translation import language_of, translator
from storage import DatabaseError, Job, SessionKey

LONGEST_TOAST = 60  # characters; more is not read in the moment a toast is seen, and gets a box with OK

Toast: TypeAlias = str | None
OwnTap: TypeAlias = Callable[[RequestContext, str], Awaitable[Toast]]
GameTap: TypeAlias = Callable[[RequestContext, int, str], Awaitable[Toast]]
JobTap: TypeAlias = Callable[[RequestContext, Job, str], Awaitable[Toast]]


@dataclass(frozen=True)
class ButtonRouter:
    """Route taps to who acts on them, and answer each tap with what they return.

    Args:
        own: who acts on buttons that hold their owner's id; gets the tap's value.
        job: who acts on buttons that hold a job's id; gets the job and the tap's value.
        shared: the same, of buttons that anybody may tap.
        game: who acts on buttons of games; gets the game's id and the tap's value.
    """

    own: Mapping[Action, OwnTap]  # of buttons that hold their owner's id
    job: Mapping[Action, JobTap]  # of buttons that hold a job's
    game: GameTap
    shared: Mapping[Action, JobTap] = field(default_factory=dict)

    async def __call__(self, update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        t = translator(language_of(update, None))
        try:
            toast = await self._answer(update, query, context)
        except DatabaseError as error:  # the tap is acted on again once the database works
            await _show(query, outage_sentence(error, t))
            raise
        except Exception:
            await _show(query, t("Something went wrong: please try again."))
            raise
        await _show(query, toast)

    async def _answer(self, update: Update, query: CallbackQuery, context: Context) -> Toast:
        tap, message, found = Tap.parse(query.data), query.message, services(context.application)
        user = await found.users.ensure(query.from_user.id)
        t = translator(language_of(update, user))
        if tap is None or message is None:
            return out_of_date(t, is_private=message is None or message.chat.id > 0)
        seen = message if isinstance(message, Message) else None
        key = SessionKey(message.chat.id, thread_of(seen) if seen else 0, user.id)
        request = RequestContext(context, query.from_user, user, key, seen, message.message_id, t)
        if tap.action in self.own:
            if tap.id != user.id:
                return _not_yours(request)
            return await self.own[tap.action](request, tap.value)
        if tap.action is Action.GAME:
            return await self.game(request, tap.id, tap.value)
        job = await found.jobs.get(tap.id)
        if job is None:
            return t("I no longer have that picture: send me a photo to start over.")
        if job.user_id != user.id and tap.action not in self.shared:
            return _not_yours(request)
        if job.secret and tap.action not in (Action.CANCEL, Action.SHOW):
            return still_secret(t)
        if seen is None and job.chat_id == key.chat_id:
            request = replace(request, key=key._replace(thread_id=job.thread_id))
        if tap.action in self.shared:
            return await self.shared[tap.action](request, job, tap.value)
        return await self.job[tap.action](request, job, tap.value)


def _not_yours(request: RequestContext) -> str:
    return request.t("Only the person who asked can use these buttons.")


async def _show(query: CallbackQuery, toast: Toast) -> None:
    """Show the toast. After some seconds nobody waits for it any more, but a long one is said then."""
    is_long = toast is not None and len(toast) > LONGEST_TOAST
    try:
        await query.answer(toast, show_alert=is_long)
    except TelegramError:
        if toast and is_long and isinstance(query.message, Message):
            with suppress(TelegramError):
                await query.message.reply_text(toast)
