"""The whole bot, by a clock that tests set, and friends to play with."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.app import running
from bot.chat.games import daily_clock
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from bot.studio import game_clock
from storage import Database, Games
from tests.bot.chat.conftest import Restart
from tests.kit.clock import Clock, StandingClock
from tests.kit.easel import Easel
from tests.kit.people import Actor


class Process:
    """The bot, which may be stopped, started, and called to be started anew."""

    def __init__(self, *parts: Any) -> None:
        self._parts = parts
        self._running = AsyncExitStack()

    async def stop(self) -> None:
        await self._running.aclose()

    async def start(self) -> None:
        await self._running.enter_async_context(running(*self._parts))

    async def __call__(self) -> None:
        await self.stop()
        await self.start()


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
