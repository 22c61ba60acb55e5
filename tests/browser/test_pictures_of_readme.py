"""README's pictures of conversations, painted for real: SCREENSHOTS=FOLDER pytest -n 0 on this file.

Each shows the chat on a phone, at some moments beside each other. What they are taken of is tested elsewhere.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Locator, expect

from bot.chat.games.duel_course import VOTE_SECONDS
from bot.chat.games.duel_entries import ENTRY_SECONDS
from bot.demo.stage import Stage, stage
from bot.studio import game_clock
from core.decoding.animation import HELD
from tests.browser.conftest import OpenChat
from tests.browser.test_conversation import picked
from tests.browser.test_games import photo, poll, said
from tests.kit.chat_page import CAT, HOW_STRONG, PAINTING, WHICH_STYLE, Chat
from tests.kit.clock import Clock

pytestmark = pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="only for README: SCREENSHOTS=FOLDER")

PHONE = {
    "viewport": {"width": 430, "height": 1080},
    "device_scale_factor": 1.15,
    "color_scheme": "light",
    "bypass_csp": True,  # else what is in the way of a picture could not be hidden
}
PALACE = "Send this sample: Summer Palace"
GREAT_WAVE, CAFE_TERRACE = "1", "2"  # their buttons in the gallery
LONGER_THAN_OTHERS = HELD / 1000 + 0.05  # seconds
GAP = 24  # px between two moments
BYTES = 250_000  # the most for one picture


class Story:
    """What is to be seen of a conversation, moment by moment."""

    def __init__(self, chat: Chat) -> None:
        self._page = chat.page
        self._moments: list[Image.Image] = []

    async def moment(self, top: Locator | None = None) -> None:
        """Keep what is in sight: from this message on, or else the end."""
        page = self._page
        await page.mouse.move(0, 0)
        await page.evaluate("document.activeElement.blur()")
        await expect(page.locator("#toasts > *")).to_have_count(0)
        await page.locator("#scroller").evaluate("all => all.scrollTo(0, all.scrollHeight)")
        if top:
            await top.evaluate("message => message.scrollIntoView({ block: 'start' })")
        shown = await page.screenshot(animations="allow", style="#to-end, .reply { visibility: hidden }")
        self._moments.append(Image.open(BytesIO(shown)).convert("RGB"))
        await page.locator("#scroller").evaluate("all => all.scrollTo(0, all.scrollHeight)")

    def tell(self, name: str) -> None:
        """Keep the moments beside each other, as a file that README can show."""
        width = sum(one.width for one in self._moments) + GAP * (len(self._moments) - 1)
        all_of_them = Image.new("RGB", (width, self._moments[0].height), "white")
        left = 0
        for one in self._moments:
            all_of_them.paste(one, (left, 0))
            left += one.width + GAP
        file = Path(os.environ["SCREENSHOTS"]) / f"{name}.jpg"
        for quality in range(90, 58, -2):
            all_of_them.save(file, quality=quality, optimize=True, progressive=True)
            if file.stat().st_size <= BYTES:
                return
        raise AssertionError(f"{file} is too large")


@pytest_asyncio.fixture(loop_scope="session")
async def demo(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setenv("STYLEGRAM_WEIGHTS", "packaged")
    monkeypatch.setenv("STYLEGRAM_DEVICE", "cpu")
    monkeypatch.setattr(game_clock, "LOOK_AROUND", 0.05)
    async with stage(tmp_path, size=512, now=clock) as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="session")
async def phone(open_chat: OpenChat) -> Chat:
    return await open_chat(**PHONE)


@pytest_asyncio.fixture(loop_scope="session")
async def group(phone: Chat) -> Chat:
    await phone.press("All chats")
    await phone.enter("Weekend painters")
    return phone


async def the_other_speaks(chat: Chat) -> None:
    await chat.page.locator("#speaker-here button").click()


async def sends(chat: Chat, sample: str) -> None:
    if not await chat.page.locator("#samples").is_visible():
        await chat.press("Sample pictures")
    await chat.press(sample)


async def chooses(chat: Chat, painting: str) -> None:
    """A painting of the gallery; waits until the four strengths are shown on this very photo."""
    await chat.press(painting)
    await chat.sees(HOW_STRONG)
    picture = chat.message(HOW_STRONG).locator(".picture img")
    pair = await picture.get_attribute("src")
    assert pair is not None
    await expect(picture).not_to_have_attribute("src", pair, timeout=PAINTING)
    await expect(picture).to_have_js_property("complete", True)


async def begins_again(animation: Locator) -> None:
    """Wait until it is at its first picture, which follows the last, where it stays longer than elsewhere."""
    before = None
    while (now := await animation.screenshot(animations="allow")) != before:
        before = now
        await asyncio.sleep(LONGER_THAN_OTHERS)
    while await animation.screenshot(animations="allow") == before:
        pass


async def test_a_conversation(phone: Chat) -> None:
    chat, story = phone, Story(phone)
    await sends(chat, PALACE)
    await chat.sees(WHICH_STYLE)
    await story.moment()
    await chooses(chat, GREAT_WAVE)
    await story.moment()
    await chat.answer("Balanced").click()
    await chat.sees_result()
    await story.moment()
    story.tell("conversation")


async def test_a_group(group: Chat) -> None:
    chat, story = group, Story(group)
    await sends(chat, CAT)
    await expect(photo(chat)).to_be_visible()
    await the_other_speaks(chat)
    await chat.reply_to(photo(chat))
    await chat.write("/style")
    await chat.sees("tap one of these")
    await story.moment()
    await chooses(chat, CAFE_TERRACE)
    await story.moment()
    await chat.answer("Balanced").click()
    await chat.sees_result("Ben, here it is: balanced")
    await story.moment()
    story.tell("group")


async def test_a_duel(group: Chat, demo: Stage, clock: Clock) -> None:
    chat, story = group, Story(group)
    await sends(chat, PALACE)
    await expect(photo(chat)).to_be_visible()
    owner = chat.page.locator(f"#{await photo(chat).get_attribute('id')}")
    await the_other_speaks(chat)
    await chat.reply_to(owner)
    await chat.write("/duel")
    duel = said(chat, "A duel of styles!")
    await expect(duel).to_be_visible()
    await story.moment(owner)
    await chat.press(GREAT_WAVE)
    await expect(duel).to_contain_text("1 · Great Wave (Ben)")
    await the_other_speaks(chat)
    await chat.press(CAFE_TERRACE)
    await expect(duel).to_contain_text("2 · Café Terrace (Ann)")
    clock.put_forward(ENTRY_SECONDS)
    vote = poll(chat, "Which one wins? You have two minutes.")
    await expect(vote).to_be_visible(timeout=PAINTING)
    await story.moment()
    await vote.get_by_role("button").filter(has_text="Great Wave").click()
    await the_other_speaks(chat)
    await vote.get_by_role("button").filter(has_text="Great Wave").click()
    await the_other_speaks(chat)
    demo.api.world.polls.let_time_pass(VOTE_SECONDS)
    await chat.sees_result("wins the duel")
    await story.moment()
    story.tell("duel")


async def test_a_chain(group: Chat, samples: Path) -> None:
    chat, story = group, Story(group)
    await sends(chat, CAT)
    await chat.reply_to(photo(chat))
    await chat.write("/style")
    await chat.sees("tap one of these")
    await chooses(chat, CAFE_TERRACE)
    await chat.answer("Balanced").click()
    await chat.sees_result("Ann, here it is: balanced")
    await story.moment()
    await the_other_speaks(chat)
    await chat.reply_to(said(chat, "Ann, here it is: balanced"))
    await picked(chat, [samples / "van-gogh-auvers.jpg"])
    await chat.write("/chain")
    await chat.sees_result("Link 1 of 5 · Ben")
    await story.moment()
    await the_other_speaks(chat)
    await chat.reply_to(said(chat, "Link 1 of 5 · Ben"))
    await chat.write("/chain great wave")
    await chat.sees_result("Link 2 of 5 · Ann")
    await chat.write("/chain end")
    shown = await chat.sees_result("The whole chain, from the photo to the last picture: Ann → Ben → Ann")
    await begins_again(shown.locator(".picture img"))
    await story.moment()
    story.tell("chain")
