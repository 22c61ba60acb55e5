"""What a chat can show: albums, stickers, what is under a spoiler, reactions, quotations that unfold."""

from pathlib import Path

from playwright.async_api import expect

from bot.demo.stage import Stage
from tests.browser.conftest import keep
from tests.browser.test_conversation import picked
from tests.kit.chat_page import ASTRONAUT, WHICH_STYLE, Chat

BLURRED = "image => getComputedStyle(image).filter"


async def test_stickers_albums_spoilers_and_reactions(chat: Chat, demo: Stage, samples: Path) -> None:
    await chat.enter("Weekend painters")
    group = next(one for one in demo.api.world.chats.values() if not one.is_private)

    await chat.press("Send this sample: cat, a sticker")
    await expect(chat.page.locator(".mine .sticker")).to_have_js_property("naturalWidth", 512)

    paintings = [samples / f"{name}.jpg" for name in ("astronaut", "cat", "palace", "degas-dancers")]
    await picked(chat, paintings)
    await chat.page.get_by_label("Under a spoiler").check()
    await chat.page.get_by_label("Message", exact=True).press("Enter")
    album = chat.page.locator(".mine .pictures.count-4")
    await expect(album.get_by_role("button", name="Show the hidden picture")).to_have_count(4)
    assert "blur" in await album.locator("img").first.evaluate(BLURRED)
    await album.get_by_role("button").first.click()
    await expect(chat.page.get_by_role("dialog")).to_have_count(0)
    await expect(album.get_by_role("button", name="Open the picture large")).to_have_count(1)
    assert await album.locator("img").first.evaluate(BLURRED) == "none"

    [*_, last] = group.messages.values()
    demo.api.world.react(last, "👀")
    await expect(chat.page.locator(".reactions")).to_have_text("👀")
    demo.api.world.edit(last, last.content, None)
    await chat.open()  # it is there whenever somebody looks
    await chat.enter("Weekend painters")
    await expect(chat.page.locator(".reactions")).to_have_text("👀")
    await keep(chat, "kinds")
    demo.api.world.react(last, None)
    await expect(chat.page.locator(".reactions")).to_have_count(0)


async def test_the_gallerys_names_unfold(chat: Chat) -> None:
    await chat.press(ASTRONAUT)
    await chat.sees(WHICH_STYLE)
    names = chat.page.locator("blockquote")
    folded = await names.evaluate("element => element.clientHeight")
    await chat.press("Show all")
    assert await names.evaluate("element => element.clientHeight") > 2 * folded
    await chat.press("Show less")
