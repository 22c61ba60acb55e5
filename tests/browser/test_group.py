"""A group: two people, one bot, and whose buttons are whose."""

from playwright.async_api import expect

from tests.kit.chat_page import CAT, GREAT_WAVE, HOW_STRONG, Chat


async def test_one_shows_a_photo_and_another_has_it_repainted(chat: Chat) -> None:
    await chat.enter("Weekend painters")
    await chat.press(CAT)
    photo = chat.page.locator("#messages > .pictured").last
    await expect(photo).to_be_visible()

    await chat.speak_as("Ben")
    await chat.reply_to(photo)
    await chat.write("/style")
    question = chat.page.locator("#messages > .theirs").filter(has_text="tap one of these").last
    await expect(question).to_contain_text("Ben")
    await chat.press(GREAT_WAVE)
    await chat.sees(HOW_STRONG)

    await chat.speak_as("Ann")
    await chat.answer("Balanced").click()
    await expect(chat.page.locator("#toasts")).to_contain_text("Only the person who asked")

    await chat.speak_as("Ben")
    await chat.answer("Balanced").click()
    await chat.sees_result("Ben, here it is: balanced")


async def test_what_happens_elsewhere_is_counted_until_it_is_read(chat: Chat) -> None:
    await chat.enter("Weekend painters")
    await chat.write("Hello")
    await chat.enter("Ben ↔ stylegram")
    await chat.write("/help")
    await chat.enter("Ann ↔ stylegram")
    entry = chat.page.locator("#chats button").filter(has_text="Ben ↔ stylegram")
    await expect(entry.locator(".preview")).not_to_be_empty()
    await chat.enter("Ben ↔ stylegram")
    await chat.sees("Send me two pictures")
    await expect(entry.locator(".unread")).to_have_count(0)
