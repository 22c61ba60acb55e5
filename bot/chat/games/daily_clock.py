"""Begin the painting of the day in each group that wants one, once a day at its hour."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from logging import getLogger
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.games.details import DailyDetails
from bot.chat.services import services
from bot.ops.lasting_trouble import LastingTrouble
from storage import DatabaseError, GameKind, GroupSettings, NewGame

if TYPE_CHECKING:
    from telegram.ext import Application

    App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

log = getLogger(__name__)

LOOK_AROUND = 20.0  # seconds between two looks at the clock
LATE = 3 * 3600.0  # seconds; later than that a painting is left out
EVENING = time(21)  # when the day's pictures are shown
AFTERNOON = time(15)  # a painting that comes later has half a day instead
HALF_A_DAY = 12 * 3600.0

# The states of a painting of the day.
POSTING = "posting"  # its words are to be said, or, where the game has a message, its picture is to be shown
OPEN = "open"  # for people's pictures
CLOSING = "closing"  # it is evening, and what is still being painted is waited for

_random = Random()  # noqa: S311  (nothing is to be kept secret)


class DailyClock:
    """Look at the clock, and begin the paintings of the day whose hour has come.

    Args:
        application: python-telegram-bot's.
    """

    def __init__(self, application: "App") -> None:
        self._application = application
        self._trouble = LastingTrouble(log, "paintings of the day wait")

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            try:
                await self._look()
            except DatabaseError as error:
                self._trouble.note(str(error))
            await asyncio.sleep(LOOK_AROUND)

    async def _look(self) -> None:
        parts = services(self._application)
        if not parts.settings.games:
            return
        for settings in await parts.group_settings.with_daily():
            if settings.games_off:
                continue
            for day in days_around(settings, parts.now()):
                begins = hour_on(settings, day)
                is_new = settings.daily_last is None or settings.daily_last < day.isoformat()
                if is_new and begins <= parts.now() < begins + LATE:
                    await self._begin(settings, day)

    async def _begin(self, settings: GroupSettings, day: date) -> None:
        """Write the game down, once for each date and hour: its request key says them.

        One that is still under way, as the group has changed its hour, is shown first.
        """
        parts = services(self._application)
        place = settings.chat_id, settings.daily_thread_id
        last = await parts.games.last(*place, GameKind.DAILY)
        before = DailyDetails.of(last).painting if last else None
        names = [painting.name for painting in parts.gallery]
        begins = hour_on(settings, day)
        game, _ = await parts.games.begin(
            NewGame(
                request_key=f"daily:{settings.chat_id}:{begins:.0f}",
                kind=GameKind.DAILY,
                state=POSTING,
                chat_id=settings.chat_id,
                thread_id=settings.daily_thread_id,
                language=settings.daily_language,
                details=DailyDetails(
                    date=day.isoformat(),
                    painting=_random.choice([name for name in names if name != before] or names),
                    late=begins + LATE,
                    evening=evening_of(settings, day),
                ).as_json,
                due=parts.now(),
            )
        )
        if game:
            await parts.group_settings.note_daily(settings.chat_id, day.isoformat())
            parts.game_clock.look_at(game.id)
        elif last and last.state == OPEN:
            await parts.games.call(last.id)
            parts.game_clock.look_at(last.id)


def zone_of(settings: GroupSettings) -> ZoneInfo:
    """Return the group's time zone. UTC where it chose none, or one that is not known any more."""
    name = settings.daily_zone or "UTC"
    return ZoneInfo(name if name in available_timezones() else "UTC")


def days_around(settings: GroupSettings, now: float) -> list[date]:
    """List yesterday and today, as it is there: yesterday's hour may have been a moment ago."""
    today = datetime.fromtimestamp(now, zone_of(settings)).date()
    return [today - timedelta(days=1), today]


def hour_on(settings: GroupSettings, day: date) -> float:
    """Return when the painting of a date comes, in Unix seconds.

    Where clocks are put forward over its hour, it comes as much later; where they are put back to before it,
    it comes the first time.
    """
    minutes = settings.daily_at or 0
    return _at(settings, day, time(minutes // 60, minutes % 60))


def evening_of(settings: GroupSettings, day: date) -> float:
    """Return when the pictures of a date are shown, in Unix seconds."""
    if (settings.daily_at or 0) <= AFTERNOON.hour * 60:
        return _at(settings, day, EVENING)
    return hour_on(settings, day) + HALF_A_DAY


def _at(settings: GroupSettings, day: date, hour: time) -> float:
    return datetime.combine(day, hour, zone_of(settings)).astimezone(UTC).timestamp()
