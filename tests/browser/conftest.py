"""The page in a real browser, before the real demo; only the painting is an easel's, unless a test says so.

Debian's Chromium is driven by Playwright; where it is not installed, these tests are skipped. With
SCREENSHOTS=FOLDER in the environment the pictures they take are kept there.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from telegram import Bot

from bot import app
from bot.demo.stage import Stage, stage
from tests.kit.chat_page import PATIENCE, Chat
from tests.kit.clock import Clock
from tests.kit.easel import Easel

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = [
    "--no-sandbox",  # which root cannot have
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

DESKTOP = {"locale": "en-GB", "viewport": {"width": 1180, "height": 820}}

expect.set_options(timeout=PATIENCE)  # the machine may have others to serve

OpenChat = Callable[..., Awaitable[Chat]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        await browser.close()


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def polls_of_no_game_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the bot's end: tests have it ask what it does not know of."""
    monkeypatch.setattr(app, "HANDLERS_GRACE", 0.1)


@pytest_asyncio.fixture(loop_scope="session")
async def demo(easel: Easel, clock: Clock, tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, size=128, executor=easel, now=clock) as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="session")
async def open_chat(browser: Browser, demo: Stage) -> AsyncIterator[OpenChat]:
    """Opens the page as somebody with such a screen, such a language…; whatever was opened had no trouble."""
    contexts = []
    chats: list[Chat] = []

    async def open_chat(url: str = demo.api.url, **looks: Any) -> Chat:
        context = await browser.new_context(**(DESKTOP | looks))
        contexts.append(context)
        chats.append(Chat(await context.new_page(), url))
        await chats[-1].open()
        return chats[-1]

    yield open_chat
    troubles = [trouble for chat in chats for trouble in chat.troubles]
    for context in contexts:
        await context.close()
    assert not troubles


@pytest_asyncio.fixture(loop_scope="session")
async def chat(open_chat: OpenChat) -> Chat:
    return await open_chat()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(demo: Stage) -> AsyncIterator[Bot]:
    """Says what a test wants the bot to say, beside the real one, as the same bot."""
    async with Bot(demo.api.token, base_url=f"{demo.api.url}/bot") as bot:
        yield bot


async def keep(chat: Chat, name: str) -> None:
    """A screenshot, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        await chat.page.screenshot(path=Path(folder) / f"{name}.jpg", type="jpeg", quality=88)
