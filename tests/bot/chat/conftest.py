"""The whole bot, with an easel in place of the worker, and people who talk to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.app import running
from bot.chat import arrival, joining
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from storage import Database, Job, Jobs, Sessions
from tests.kit.easel import Easel, halves, is_near
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until

Restart = Callable[[], Awaitable[None]]


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


@pytest.fixture(autouse=True)
def machine_of_any_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are looked at before the next question, and groups greeted at once: hardly any moves here."""
    monkeypatch.setattr(arrival, "A_MOMENT", 30)
    monkeypatch.setattr(joining, "MOVE_PAUSE", 0)


@pytest.fixture(autouse=True)
async def restart(settings: Settings, easel: Easel) -> AsyncIterator[Restart]:
    """The bot runs; to call this is to stop it and start it again, on the same database."""
    process = Process(settings, easel)
    await process.start()
    yield process
    await process.stop()


@pytest.fixture
def ann(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ann")


@pytest.fixture
def ben(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ben")


@pytest.fixture
async def shared(settings: Settings, restart: Restart) -> AsyncIterator[Database]:  # noqa: ARG001
    """What the bot has stored, once it runs, seen from beside it."""
    database = await Database.open(settings.database, shared=True)
    yield database
    await database.close()


@pytest.fixture
def jobs(shared: Database) -> Jobs:
    return Jobs(shared)


@pytest.fixture
def sessions(shared: Database) -> Sessions:
    return Sessions(shared)


async def send_pair(user: Actor, content: str = "red", style: str = "blue") -> SeenMessage:
    """Both pictures; returns the question for the strength."""
    await user.send_photo(picture(content))
    await user.expect(text="style")
    await user.send_photo(picture(style))
    return await user.expect(text="How strong", buttons=["Balanced"])


async def result(user: Actor, content: object, style: object, chat: Chat | None = None) -> SeenMessage:
    """The next result, which is painted from these two colours."""
    shown = await user.expect(photo=True, buttons=["Another style"], chat=chat)
    left, right = halves(shown.photo_bytes())
    assert is_near(left, content), f"content {left}"
    assert is_near(right, style), f"style {right}"
    return shown


async def done(jobs: Jobs, user: Actor, count: int = 1) -> list[Job]:
    """The user's results, newest first; each is stored a moment after it is seen."""

    async def enough() -> bool:
        return len(await jobs.history(user.id)) >= count

    await until(enough)
    return await jobs.history(user.id)


async def is_gone(user: Actor, message: SeenMessage) -> None:
    """The bot takes the message back."""

    async def gone() -> bool:
        return message.id not in user.world.chats[message.chat_id].messages

    await until(gone)
