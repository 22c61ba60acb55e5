"""`stylegram demo` as its user meets it: a process that paints for real."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.conftest import keep
from tests.kit.chat_page import PAINTING, Chat
from tests.kit.command_line import COMMAND

ROOT = Path(__file__).parents[2]
SIZE = 192  # px; a smaller painting will do where nobody looks at it


@asynccontextmanager
async def painting_demo(browser: Browser) -> AsyncIterator[Chat]:
    """The page of a demo in a process of its own, which ends well."""
    demo = await asyncio.create_subprocess_exec(
        *(*COMMAND, "demo", "--port", "0", "--no-open", "--size", str(SIZE)),
        cwd=ROOT,
        env=os.environ | {"STYLEGRAM_WEIGHTS": "packaged", "STYLEGRAM_DEVICE": "cpu"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert demo.stdout is not None
        said = (await demo.stdout.readline()).decode()
        found = re.search(r"http://[\w.:]+", said)
        assert found, said
        context = await browser.new_context(locale="en-GB", viewport={"width": 1180, "height": 1240})
        chat = Chat(await context.new_page(), found[0])
        await chat.open()
        yield chat
        assert not chat.troubles
        await context.close()
    finally:
        demo.send_signal(signal.SIGINT)
        assert await demo.wait() == 0


async def test_a_photo_is_painted_before_ones_eyes(browser: Browser) -> None:
    async with painting_demo(browser) as chat:
        await chat.ask_for_a_painting()
        await chat.sees("Painting: ", PAINTING)
        await expect(chat.page.locator("#chat-status")).to_contain_text("sending a photo…")
        await chat.sees_result()
        await chat.press("Before and after")
        await keep(chat, "comparison")
