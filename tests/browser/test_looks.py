"""Wherever it is opened: on a phone, in the dark, in Russian, with a screen reader."""

from playwright.async_api import expect

from tests.browser.conftest import OpenChat, keep
from tests.kit.chat_page import CAT, RESULT, WHICH_STYLE, Chat

PHONE = {"viewport": {"width": 375, "height": 720}, "has_touch": True, "is_mobile": True}


async def test_on_a_phone(open_chat: OpenChat) -> None:
    chat = await open_chat(**PHONE)
    await chat.is_accessible()
    await chat.ask_for_a_painting()
    await chat.sees_result()
    assert await chat.page.evaluate("document.documentElement.scrollWidth") <= 375
    await keep(chat, "phone")
    await chat.press("Before and after")
    await expect(chat.page.get_by_role("slider")).to_be_visible()
    await chat.press("Close")
    await chat.press("All chats")
    await expect(chat.page.locator("#composer")).to_be_hidden()
    await keep(chat, "phone-chats")
    await chat.enter("Weekend painters")
    await chat.press("You speak as Ann. Switch to Ben.")
    await chat.write("Hello")
    await expect(chat.message("Hello")).to_have_attribute("aria-label", "Ben")


async def test_in_the_dark(open_chat: OpenChat) -> None:
    chat = await open_chat(color_scheme="dark")
    await chat.ask_for_a_painting()
    await chat.sees_result()
    await chat.is_accessible()
    await keep(chat, "dark")
    await chat.press("Light or dark")
    await chat.open()
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", "light")


async def test_in_russian_page_and_bot_speak_russian(open_chat: OpenChat) -> None:
    chat = await open_chat(locale="ru-RU")
    await expect(chat.page.locator("html")).to_have_attribute("lang", "ru")
    await chat.press("Отправить: астронавт")
    await chat.sees("Теперь")
    await keep(chat, "russian")
    await chat.page.locator("#language").click()
    await expect(chat.page.get_by_label("Message", exact=True)).to_be_visible()
    await chat.write("/help")
    await chat.sees("Send me two pictures")


async def test_a_screen_reader_finds_its_way(chat: Chat) -> None:
    await chat.is_accessible()
    await chat.press(CAT)
    await expect(chat.page.locator("#announcements")).to_contain_text(WHICH_STYLE)
    await chat.chooses_style()
    await chat.answer("Balanced").click()
    await chat.sees_result()
    await expect(chat.page.locator("#announcements")).to_contain_text(RESULT)
    await chat.is_accessible()
    await chat.press("Before and after")
    await chat.is_accessible()
