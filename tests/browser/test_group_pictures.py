"""What the bot shows in a group, and what people answer: albums, stickers, animations, with pictures."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Locator, expect
from telegram import Bot, InputMediaPhoto

from bot.demo.stage import Stage
from bot.demo.telegram.chats import Chat as GroupChat
from tests.browser.conftest import OpenChat, keep
from tests.browser.test_conversation import picked
from tests.kit.chat_page import CAT, Chat
from tests.kit.pictures import picture

GROUP = "Weekend painters"
PHONE = {"viewport": {"width": 375, "height": 720}, "has_touch": True, "is_mobile": True}
STILL = {"reduced_motion": "reduce"}


@pytest.fixture
def group(demo: Stage) -> GroupChat:
    return next(chat for chat in demo.api.world.chats.values() if not chat.is_private)


def gif() -> bytes:
    frames = [Image.new("RGB", (320, 240), colour) for colour in ("teal", "orange")]
    made = BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0)
    return made.getvalue()


async def shape(cell: Locator) -> float:
    box = await cell.bounding_box()
    assert box is not None
    return box["width"] / box["height"]


@pytest.mark.parametrize("count", [2, 3, 4])
async def test_an_album_of_the_bot_is_one_with_its_caption(
    chat: Chat, bot: Bot, group: GroupChat, count: int
) -> None:
    await chat.enter(GROUP)
    media = [
        InputMediaPhoto(picture("teal", 600, 400), caption="" if n else "The duel") for n in range(count)
    ]
    await bot.send_media_group(group.id, media)
    album = chat.message("The duel").locator(f".pictures.count-{count}")
    await expect(album.locator("img")).to_have_count(count)
    await expect(chat.page.locator("#messages > .pictured")).to_have_count(1)
    for cell in await album.locator("img").all():
        assert await shape(cell) == pytest.approx(1.5, abs=0.1)  # nothing is cut off
    await chat.reply_to(chat.message("The duel"))
    await chat.write("/style")
    first = next(message for message in group.messages.values() if message.text == "The duel")
    await expect(chat.page.locator(".mine .quotation")).to_contain_text("The duel")
    [said] = [message for message in group.messages.values() if message.text == "/style"]
    assert said.reply_to is first


async def test_a_sticker_of_the_bot_stands_without_a_bubble(
    chat: Chat, bot: Bot, group: GroupChat, samples: Path
) -> None:
    await chat.enter(GROUP)
    await bot.send_sticker(group.id, (samples / "cat-sticker.webp").read_bytes())
    sticker = chat.page.locator(".theirs .sticker")
    await expect(sticker).to_have_js_property("naturalWidth", 512)
    assert 180 <= await sticker.evaluate("image => image.clientWidth") <= 200
    bubble = chat.page.locator(".theirs.stuck .bubble")
    assert await bubble.evaluate("bubble => getComputedStyle(bubble).backgroundColor") == "rgba(0, 0, 0, 0)"
    await chat.is_accessible()


async def test_an_animation_plays_where_it_stands_until_it_is_stopped(
    chat: Chat, bot: Bot, group: GroupChat
) -> None:
    await chat.enter(GROUP)
    sent = (await bot.send_animation(group.id, gif(), filename="chain.gif", caption="The chain")).animation
    assert sent is not None
    assert sent.thumbnail is not None
    shown = chat.message("The chain").locator(".picture img")
    await expect(shown).to_have_attribute("src", f"/api/files/{sent.file_id}")
    await chat.press("GIF: Stop the animation")
    await expect(shown).to_have_attribute("src", f"/api/files/{sent.thumbnail.file_id}")
    await expect(chat.page.get_by_role("button", name="GIF: Play the animation")).to_be_focused()
    await chat.is_accessible()
    await chat.press("GIF: Play the animation")
    await chat.press("Open the animation large")
    large = chat.page.get_by_role("dialog", name="Animation").locator("img")
    await expect(large).to_have_attribute("src", f"/api/files/{sent.file_id}")


async def test_who_wants_little_motion_starts_animations(
    open_chat: OpenChat, bot: Bot, group: GroupChat
) -> None:
    chat = await open_chat(**PHONE, **STILL)
    await chat.press("All chats")
    await chat.enter(GROUP)
    sent = (await bot.send_animation(group.id, gif(), filename="chain.gif", caption="The chain")).animation
    assert sent is not None
    assert sent.thumbnail is not None
    shown = chat.message("The chain").locator(".picture img")
    await expect(shown).to_have_attribute("src", f"/api/files/{sent.thumbnail.file_id}")
    await keep(chat, "animation-still")
    await chat.press("GIF: Play the animation")
    await expect(shown).to_have_attribute("src", f"/api/files/{sent.file_id}")


async def test_a_picture_with_a_command_under_it_replies_to_what_the_bot_showed(
    chat: Chat, bot: Bot, group: GroupChat, samples: Path
) -> None:
    await chat.enter(GROUP)
    result = await bot.send_photo(group.id, picture("teal"), caption="The latest link")
    await chat.speak_as("Ben")
    await chat.reply_to(chat.message("The latest link"))
    await picked(chat, [samples / "van-gogh-auvers.jpg"])
    await chat.write("/chain")
    said = chat.page.locator(".mine.pictured").filter(has_text="/chain")
    await expect(said.locator(".quotation")).to_contain_text("The latest link")
    [kept] = [message for message in group.messages.values() if message.text == "/chain"]
    assert kept.reply_to is not None
    assert (kept.reply_to.id, kept.sender.first_name) == (result.message_id, "Ben")
    assert "photo" in kept.content


async def test_a_command_is_chosen_from_the_list_in_reply_to_a_photo(chat: Chat, group: GroupChat) -> None:
    await chat.enter(GROUP)
    await chat.press(CAT)
    photo = chat.page.locator("#messages > .pictured").last
    await chat.reply_to(photo)
    text = chat.page.get_by_label("Message", exact=True)
    await text.press_sequentially("/sty")
    await expect(chat.page.get_by_role("option").first).to_be_visible()
    await chat.page.keyboard.press("Enter")
    await expect(text).to_have_value("/style ")
    await expect(chat.page.locator("#replying")).to_be_visible()
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.locator(".mine .quotation img")).to_be_visible()
    [said] = [message for message in group.messages.values() if message.text == "/style"]
    assert said.reply_to is not None
    assert "photo" in said.reply_to.content
