"""A bot that can be killed, and one Telegram for all tests of a module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.demo.telegram.emulator import Emulator
from storage import Database, Games
from tests.kit.killable_bot import KillableBot
from tests.kit.people import Actor


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def api() -> AsyncIterator[Emulator]:
    async with Emulator() as api:
        yield api


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def bot(api: Emulator, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KillableBot]:
    """One for all tests here: the life that begins after a kill is there for the next."""
    async with KillableBot(api, tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest.fixture(autouse=True)
def restart() -> None:
    """No other bot runs beside it."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def games(api: Emulator, bot: KillableBot) -> AsyncIterator[Games]:
    someone = Actor.join(api.world, "Zoe")
    await someone.send_text("/start")
    await someone.expect(text="photo", timeout=60)
    database = await Database.open(bot.database, shared=True)
    yield Games(database)
    await database.close()
