"""Answer administrators' commands: /stats, /broadcast, /ban and /unban."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from html import escape
from logging import getLogger

from telegram import Bot, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import CommandHandler, filters

from bot.chat.broadcast import broadcast
from bot.chat.meant_person import whom
from bot.chat.request_context import Context, Handler, RequestContext, answering
from bot.ops import stats_chart
from bot.settings import Settings
from bot.wording.command_menus import admin_menus
from storage import Figures, State, Statistics

log = getLogger(__name__)


async def stats(request: RequestContext) -> None:
    """Send the last 24 hours in figures, under a chart of them."""
    figures = await Statistics(request.services.database).of_late()
    chart = await asyncio.to_thread(stats_chart.draw, figures.hours, time.time())
    await request.bot.send_photo(
        request.key.chat_id, chart, await _figures(request, figures), parse_mode=ParseMode.HTML
    )


async def ban(request: RequestContext) -> None:
    """Shut somebody out: `/ban 123 reason`, or `/ban reason` in reply to a message forwarded from them."""
    meant = await whom(request)
    if isinstance(meant, str):
        await request.say(f"/ban\n{meant}")
    elif meant.user_id in request.services.settings.admin_ids:
        await request.say(request.t("Administrators can't be banned."))
    else:
        stopped = await request.services.bans.ban(meant.user_id, meant.reason)
        request.services.studio.look_around()
        log.info("banned", extra={"user": meant.user_id, "by": request.user.id})
        said = request.t("{user} is banned.").format(user=meant.user_id)
        if stopped:
            text = request.t.ngettext("I stopped {count} picture.", "I stopped {count} pictures.", stopped)
            said += " " + text.format(count=stopped)
        await request.say(said)


async def unban(request: RequestContext) -> None:
    """Let somebody in again: `/unban 123`, or in reply to a message forwarded from them."""
    meant = await whom(request)
    if isinstance(meant, str):
        await request.say(f"/unban\n{meant}")
    elif await request.services.bans.unban(meant.user_id):
        log.info("unbanned", extra={"user": meant.user_id, "by": request.user.id})
        await request.say(request.t("{user} is no longer banned.").format(user=meant.user_id))
    else:
        await request.say(request.t("{user} was not banned.").format(user=meant.user_id))


COMMANDS: dict[str, Callable[[RequestContext], Awaitable[None]]] = {
    "stats": stats,
    "broadcast": broadcast,
    "ban": ban,
    "unban": unban,
}


def handlers(settings: Settings) -> list[Handler]:
    """List the handlers of these commands. To everybody else, they are commands the bot does not know."""
    return [
        CommandHandler(name, answering(answer), _of_admins(settings)) for name, answer in COMMANDS.items()
    ]


def first_word(settings: Settings) -> Handler:
    """Return the handler that sets an administrator's menus at /start, beside the ordinary answer.

    Telegram refuses menus of chats in which nobody said anything.
    """

    async def callback(update: Update, context: Context) -> None:
        if update.effective_user:
            await set_menus(context.bot, update.effective_user.id)

    return CommandHandler("start", callback, _of_admins(settings))


async def set_menus(bot: Bot, admin_id: int) -> None:
    """Set the menus of this administrator's own chat: the ordinary commands, and these."""
    for menu in admin_menus(admin_id):
        try:
            await bot.set_my_commands(menu.commands, scope=menu.scope, language_code=menu.language)
        except TelegramError as error:
            log.warning("administrator's menu not set", extra={"admin": admin_id, "reason": error.message})
            return


def _of_admins(settings: Settings) -> filters.BaseFilter:
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return private & filters.User(settings.admin_ids)


async def _figures(request: RequestContext, figures: Figures) -> str:
    t, load = request.t, request.services.studio.load
    asked = sum(figures.states.values())
    text = t.ngettext("{count} picture in 24 hours:", "{count} pictures in 24 hours:", asked)
    lines = [text.format(count=asked)]
    words = [t("{count} done"), t("{count} failed"), t("{count} cancelled"), t("{count} under way")]
    for (sign, _, states), word in zip(stats_chart.STACK, words, strict=True):
        lines.append(f"{sign} {word.format(count=sum(figures.states.get(state, 0) for state in states))}")
    waiting = (await request.services.jobs.counts())[State.QUEUED]
    lines += [
        "",
        t.ngettext("{count} person asked", "{count} people asked", figures.people).format(
            count=figures.people
        ),
        t("{count} waiting now").format(count=waiting),
        t("{busy} of {slots} workers painting").format(busy=load.painting, slots=load.slots),
    ]
    if not load.ready:
        lines.append(t("No worker is ready."))
    if figures.median_painting is not None and figures.median_waiting is not None:
        lines.append(
            t("Median: {painting} s from start to delivery, {waiting} s of waiting before").format(
                painting=round(figures.median_painting), waiting=round(figures.median_waiting)
            )
        )
    lines += [f"{escape(error)}: {count}" for error, count in figures.errors[:5]]
    return "\n".join(lines)
