"""`stylegram demo` as its user meets it: a process that paints for real. README's picture is taken here."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.conftest import keep
from tests.kit.chat_page import Chat

ROOT = Path(__file__).parents[2]
COMMAND = (
    "-c",
    "from bot.cli import main; main()",
    "demo",
    "--port",
    "0",
    "--no-open",
    "--size",
    "512",
)


async def test_a_photo_is_painted_before_ones_eyes(browser: Browser) -> None:
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, *COMMAND),
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
        await chat.ask_for_a_painting()
        await chat.sees("Painting: ")
        await expect(chat.page.locator("#chat-status")).to_contain_text("sending a photo…")
        await chat.sees_result()
        await chat.page.mouse.move(0, 0)
        await keep(chat, "conversation")
        await chat.press("Before and after")
        await keep(chat, "comparison")
        assert not chat.troubles
        await context.close()
    finally:
        demo.send_signal(signal.SIGINT)
        assert await demo.wait() == 0
