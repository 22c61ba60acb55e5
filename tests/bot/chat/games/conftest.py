"""The whole bot, by a clock that tests set, and friends to play with."""

from collections.abc import AsyncIterator

import pytest

from bot.chat.games import daily_clock
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from bot.studio import game_clock
from storage import Database, Games
from tests.bot.chat.conftest import Process, Restart
from tests.kit.clock import Clock, StandingClock
from tests.kit.easel import Easel
from tests.kit.people import Actor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def easel() -> Easel:
    easel = Easel()
    easel.with_samples = True
    return easel


@pytest.fixture
async def process(
    settings: Settings, easel: Easel, clock: Clock | StandingClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Process]:
    """The bot runs by this clock, at which it looks often."""
    monkeypatch.setattr(daily_clock, "LOOK_AROUND", 0.02)
    monkeypatch.setattr(game_clock, "LOOK_AROUND", 0.05)
    process = Process(settings, easel, clock)
    await process.start()
    yield process
    await process.stop()


@pytest.fixture(autouse=True)
def restart(process: Process) -> Restart:
    return process


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
