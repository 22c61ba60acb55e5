"""`stylegram demo` as its user meets it: a process that paints for real. README's pictures are taken here."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import keep
from tests.kit.chat_page import CAT, VAN_GOGH, Chat
from tests.kit.command_line import COMMAND

ROOT = Path(__file__).parents[2]
SIZE = 512 if "SCREENSHOTS" in os.environ else 192  # px; a smaller painting will do where nobody looks at it


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
        await chat.sees("Painting: ")
        await expect(chat.page.locator("#chat-status")).to_contain_text("sending a photo…")
        await chat.sees_result()
        await chat.page.mouse.move(0, 0)
        await keep(chat, "conversation")
        await chat.press("Before and after")
        await keep(chat, "comparison")


@pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="only for README's picture: SCREENSHOTS=FOLDER")
async def test_a_group_watches_a_painting(browser: Browser) -> None:
    async with painting_demo(browser) as chat:
        await chat.enter("Weekend painters")
        await chat.press(CAT)
        photo = chat.page.locator("#messages > .pictured").last
        await expect(photo).to_be_visible()
        await chat.speak_as("Ben")
        await chat.reply_to(photo)
        await chat.write("/style")
        question = chat.page.locator("#messages > .theirs").filter(has_text="stylegram").last
        await expect(question).to_contain_text("Ben")
        await chat.reply_to(question)
        await chat.press(VAN_GOGH)
        await chat.sees("How strong")
        await chat.answer("Balanced").click()
        await chat.sees_result("Ben, here it is: Balanced.")
        await chat.page.mouse.move(0, 0)
        await keep(chat, "group")
