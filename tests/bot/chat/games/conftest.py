"""The whole bot, by a clock that tests set, and friends to play with."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.app import running
from bot.chat.games import daily_clock
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from bot.studio import game_clock
from storage import Database, Games
from tests.bot.chat.conftest import Restart
from tests.kit.easel import Easel
from tests.kit.people import Actor


class Clock:
    """Stands still until it is set, to an hour of some place, or moved on."""

    def __init__(self) -> None:
        self.time = 0.0
        self.set("2026-11-26 08:00")

    def set(self, hour: str, zone: str = "UTC") -> None:
        self.time = datetime.fromisoformat(hour).replace(tzinfo=ZoneInfo(zone)).timestamp()

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
async def restart(
    settings: Settings, easel: Easel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Restart]:
    """The bot runs by this clock, at which it looks often; to call this is to start it anew."""
    monkeypatch.setattr(daily_clock, "LOOK_AROUND", 0.02)
    monkeypatch.setattr(game_clock, "LOOK_AROUND", 0.05)
    async with AsyncExitStack() as process:

        async def restart() -> None:
            await process.aclose()
            await process.enter_async_context(running(settings, easel, clock))

        await restart()
        yield restart


@pytest.fixture
def games(shared: Database) -> Games:
    return Games(shared)


@pytest.fixture
def cleo(api: Emulator) -> Actor:
    return Actor.join(api.world, "Cleo")


@pytest.fixture
def cid(api: Emulator) -> Actor:
    return Actor.join(api.world, "Cid")


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])
