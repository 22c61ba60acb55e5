"""Find whose button was tapped and who acts on it, and answer the tap with a toast."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from bot.chat.request_context import Context, RequestContext, thread_of
from bot.chat.services import services
from bot.gateway.outage_notice import outage_sentence
from bot.wording.keyboards import Action, Tap
from bot.wording.translation import language_of, translator
from storage import DatabaseError, Job, SessionKey

LONGEST_TOAST = 60  # characters; more is not read in the moment a toast is seen, and gets a box with OK

Toast: TypeAlias = str | None
OwnTap: TypeAlias = Callable[[RequestContext, str], Awaitable[Toast]]
JobTap: TypeAlias = Callable[[RequestContext, Job, str], Awaitable[Toast]]


@dataclass(frozen=True)
class ButtonRouter:
    """Route taps to who acts on them, and answer each tap with what they return.

    Args:
        own: who acts on buttons that hold their owner's id; gets the tap's value.
        job: who acts on buttons that hold a job's id; gets the job and the tap's value.
    """

    own: Mapping[Action, OwnTap]  # of buttons that hold their owner's id
    job: Mapping[Action, JobTap]  # of buttons that hold a job's

    async def __call__(self, update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        t = translator(language_of(update, None))
        toast: Toast = t("Something went wrong: please try again.")
        try:
            toast = await self._answer(update, query, context)
        except DatabaseError as error:
            toast = outage_sentence(error, t)
            raise
        finally:
            with suppress(BadRequest):  # nobody waits for the answer any more
                await query.answer(toast, show_alert=len(toast or "") > LONGEST_TOAST)

    async def _answer(self, update: Update, query: CallbackQuery, context: Context) -> Toast:
        tap, message, found = Tap.parse(query.data), query.message, services(context.application)
        user = await found.users.ensure(query.from_user.id)
        t = translator(language_of(update, user))
        if tap is None or message is None:
            return t("That button no longer works.")
        seen = message if isinstance(message, Message) else None
        key = SessionKey(message.chat.id, thread_of(seen) if seen else 0, user.id)
        request = RequestContext(context, query.from_user, user, key, seen, message.message_id, t)
        if tap.action in self.own:
            if tap.id != user.id:
                return _not_yours(request)
            return await self.own[tap.action](request, tap.value)
        job = await found.jobs.get(tap.id)
        if job is None:
            return t("I have forgotten that picture: send me a photo to begin anew.")
        if job.user_id != user.id:
            return _not_yours(request)
        if seen is None and job.chat_id == key.chat_id:
            request = replace(request, key=key._replace(thread_id=job.thread_id))
        return await self.job[tap.action](request, job, tap.value)


def _not_yours(request: RequestContext) -> str:
    return request.t("Only the person who asked can use these buttons.")
