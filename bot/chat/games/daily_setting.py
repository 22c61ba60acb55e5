"""Let a group's administrators choose the hour of its painting of the day: /daily."""

import re
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from bot.chat.command_subject import said_after_command
from bot.chat.games.daily_clock import days_around, hour_on
from bot.chat.games.details import DailyDetails
from bot.chat.games.switch import OFF, ON, is_administrator
from storage import GameKind

if TYPE_CHECKING:
    from bot.chat.request_context import RequestContext
    from bot.wording.translation import Translator
    from storage import GroupSettings

NINE = 9 * 60  # minutes after midnight
_HOUR = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?")


async def daily(request: "RequestContext") -> None:
    """Say whether there is a painting of the day, or switch it on or off."""
    before = await request.services.group_settings.get(request.key.chat_id)
    word, *details = said_after_command(request.message).casefold().split()[:4] or [""]
    if word not in ON | OFF:
        await request.say(_state(before, request.t))
    elif not await is_administrator(request):
        await request.say(
            request.t("Only this group's administrators can switch the painting of the day on or off.")
        )
    elif word in OFF:
        await request.services.group_settings.save(replace(before, daily_at=None))
        await request.say(
            request.t("No more paintings of the day. An administrator can bring them back with /daily on.")
        )
    else:
        await _switch_on(request, before, details)


async def _switch_on(request: "RequestContext", before: "GroupSettings", details: list[str]) -> None:
    """Take an hour and a zone, each of which may be missing: then those of before stay.

    The first one comes today, unless the hour has passed, or one came today.
    """
    hour = _HOUR.fullmatch(details[0]) if details else None
    words = details[1:] if hour else details
    zones = _zones(" ".join(words)) if words else [before.daily_zone or "UTC"]
    if len(zones) != 1:
        await request.say(_which_zone(zones, request.t))
        return
    at = 60 * int(hour[1]) + int(hour[2] or 0) if hour else before.daily_at
    settings = replace(
        before,
        daily_at=NINE if at is None else at,
        daily_zone=zones[0],
        daily_thread_id=request.key.thread_id,
        daily_language=request.t.language,
    )
    now = request.services.now()
    yesterday, today = days_around(settings, now)
    last = await request.services.games.last(request.key.chat_id, before.daily_thread_id, GameKind.DAILY)
    is_past = hour_on(settings, today) <= now or (
        last is not None and DailyDetails.of(last).date == today.isoformat()
    )
    settings = replace(settings, daily_last=(today if is_past else yesterday).isoformat())
    await request.services.group_settings.save(settings)
    first = today + timedelta(days=1) if is_past else today
    text = request.t("The first one comes on {date}.").format(date=first.isoformat())
    await request.say(f"{_state(settings, request.t)}\n{text}")


def _state(settings: "GroupSettings", t: "Translator") -> str:
    if settings.daily_at is None:
        return t(
            "There is no painting of the day here. An administrator can have one with /daily on, or at "
            "another hour with /daily on 18:30 Europe/Berlin."
        )
    hour = f"{settings.daily_at // 60:02}:{settings.daily_at % 60:02}"
    return t(
        "🖼 A painting of the day comes at {hour}, {zone} time. Administrators can change that with "
        "/daily on 18:30 Europe/Berlin, and end it with /daily off."
    ).format(hour=hour, zone=escape(settings.daily_zone or "UTC"))


def _zones(words: str) -> list[str]:
    """Find the time zones that words name: one by its whole name, else all whose city it is."""
    wanted = "_".join(words.split()).casefold()
    known = sorted(available_timezones())
    exact = [zone for zone in known if zone.casefold() == wanted]
    return exact or [zone for zone in known if zone.casefold().rpartition("/")[2] == wanted]


def _which_zone(zones: list[str], t: "Translator") -> str:
    if zones:
        return t("Which one do you mean: {zones}?").format(zones=", ".join(zones))
    return t(
        "I don't know that hour or time zone: please write it like /daily on 9:00 Europe/Berlin, or "
        "just /daily on."
    )
