"""The server ends in the middle of a painting and comes back: the page notices, and the result arrives."""

from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.demo.stage import stage
from tests.kit.chat_page import Chat
from tests.kit.easel import Easel


@pytest_asyncio.fixture(loop_scope="session")
async def held() -> Easel:
    easel = Easel()
    easel.hold()
    return easel


async def test_the_page_connects_again_by_itself(browser: Browser, held: Easel, tmp_path: Path) -> None:
    context = await browser.new_context(locale="en-GB")
    async with stage(tmp_path, size=128, executor=held) as demo:
        chat = Chat(await context.new_page(), demo.api.url)
        await chat.open()
        await chat.ask_for_a_painting()
        await chat.sees("░")
        port = int(demo.api.url.rpartition(":")[2])
    await chat.sees_connection_lost()
    await chat.write("Is anybody there?")
    await expect(chat.page.get_by_text("No connection: nothing was sent.")).to_be_visible()
    await expect(chat.page.get_by_label("Message", exact=True)).to_have_value("Is anybody there?")

    async with stage(tmp_path, size=128, ports=(port,), executor=Easel()):
        await chat.sees_result()
        await expect(chat.page.locator("#connection")).to_be_hidden()
        await chat.page.get_by_label("Message", exact=True).press("Enter")
        await chat.sees("Is anybody there?")
    await context.close()
