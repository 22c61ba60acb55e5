"""Sharing a result inline: from its button, by mouse and by keyboard, into the chat that was chosen."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenChat, keep
from tests.kit.chat_page import Chat

GROUP = "Weekend painters"
VIA = "via @stylegram_bot"
PHONE = {"viewport": {"width": 375, "height": 720}, "has_touch": True, "is_mobile": True}


def composer(chat: Chat) -> Locator:
    return chat.page.get_by_label("Message", exact=True)


def offers(chat: Chat) -> Locator:
    return chat.page.get_by_role("listbox", name="What the bot offers").get_by_role("option")


async def test_a_result_is_shared_into_a_chosen_chat_by_keyboard(chat: Chat) -> None:
    await chat.ask_for_a_painting()
    await chat.sees_result()
    await chat.answer("More…").click()
    await chat.answer("Share").click()
    chooser = chat.page.get_by_role("dialog", name="Choose a chat")
    await expect(chooser.get_by_role("listitem")).to_have_count(2)  # Ben's own chat is not hers
    await chat.is_accessible()
    await chooser.get_by_role("button", name=GROUP).click()
    await expect(composer(chat)).to_be_focused()
    await expect(offers(chat)).to_have_count(1)
    await expect(offers(chat).locator("img")).to_have_js_property("complete", True)
    await chat.is_accessible()
    await keep(chat, "inline")
    await chat.page.keyboard.press("Enter")
    sent = chat.message(VIA)
    await expect(sent.locator(".picture img")).to_be_visible()
    await expect(composer(chat)).to_have_value("")
    await expect(offers(chat)).to_have_count(0)
    await chat.speak_as("Ben")
    await expect(chat.message(VIA)).to_contain_text(f"Ann {VIA}")


async def test_results_are_found_by_typing_and_sent_by_mouse_in_reply(chat: Chat) -> None:
    await chat.ask_for_a_painting()
    await chat.sees_result()
    await chat.answer("Strong").click()
    await chat.sees_result("Here it is: strong")
    await chat.enter(GROUP)
    await chat.write("Show me")
    await chat.reply_to(chat.message("Show me"))
    await composer(chat).press_sequentially("@stylegram_bot ")
    await expect(offers(chat)).to_have_count(2)
    first, second = await offers(chat).all()
    await expect(first).to_have_attribute("aria-selected", "true")
    await chat.page.keyboard.press("ArrowRight")
    await expect(second).to_have_attribute("aria-selected", "true")
    await expect(composer(chat)).to_have_attribute("aria-activedescendant", "inline-1")
    await chat.page.keyboard.press("Escape")
    await expect(second).to_be_hidden()
    await composer(chat).press_sequentially("nothing like this")
    await expect(chat.page.get_by_role("button", name="paint a picture")).to_be_visible()
    await expect(first).to_be_hidden()
    await composer(chat).fill("@stylegram_bot ")
    await first.click()
    await expect(chat.message(VIA).locator(".quotation")).to_contain_text("Show me")
    await expect(composer(chat)).to_have_value("")


async def test_the_button_above_what_is_offered_leads_to_the_bot(chat: Chat) -> None:
    await chat.enter(GROUP)
    await composer(chat).fill("@stylegram_bot wave")
    await chat.press("No results yet: paint a picture")
    await expect(chat.page.get_by_role("heading", name="Ann ↔ stylegram")).to_be_visible()
    await chat.sees("/start share")


async def test_what_is_no_query_is_sent_as_it_stands(chat: Chat) -> None:
    await chat.enter(GROUP)
    await chat.write("@stylegram_bot")
    await chat.sees("@stylegram_bot")
    await chat.write("@somebody_else hello")
    await chat.sees("@somebody_else hello")
    await expect(chat.page.locator("#inline")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone(open_chat: OpenChat, scheme: str) -> None:
    chat = await open_chat(**PHONE, color_scheme=scheme)
    await chat.ask_for_a_painting()
    await chat.sees_result()
    await composer(chat).fill("@stylegram_bot ")
    await expect(offers(chat)).to_have_count(1)
    await chat.is_accessible()
    assert await chat.page.evaluate("document.documentElement.scrollWidth") <= 375
    await keep(chat, f"inline-phone-{scheme}")
    await offers(chat).tap()
    await chat.sees(VIA)
