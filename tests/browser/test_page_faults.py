"""Faults that the page once had, each as somebody would notice it."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.stage import Stage
from tests.browser.conftest import OpenChat, keep
from tests.browser.test_conversation import picked
from tests.kit.chat_page import ASTRONAUT, WHICH_STYLE, Chat
from tests.kit.easel import Easel

LANDSCAPE = {"viewport": {"width": 812, "height": 375}, "has_touch": True, "is_mobile": True}
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 900, "height": 480}}

IS_AT_END = """() => {
  const { scrollHeight, scrollTop, clientHeight } = document.querySelector("#scroller");
  return scrollHeight - scrollTop - clientHeight < 3;
}"""
BRIGHTER_THAN_THE_WALL = """() => {
  const light = (colour) => colour.match(/\\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part);
  const style = (element, name) => getComputedStyle(element)[name];
  const colours = style(document.querySelector("#chat"), "backgroundImage").match(/rgb\\([^)]+\\)/g);
  const bubbles = [...document.querySelectorAll(".bubble")];
  const darkest = Math.min(...bubbles.map((bubble) => light(style(bubble, "backgroundColor"))));
  return darkest - Math.max(...colours.map(light));
}"""


async def box(element: Locator) -> dict[str, float]:
    found = await element.bounding_box()
    assert found is not None
    return {**found, "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


async def never_answered(page: Page, path: str, status: int, body: str) -> None:
    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=body)

    await page.route(path, answer)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, '{"error": "not_found", "message": "There is no such picture."}', "There is no such picture."),
        (502, "<html>Bad gateway</html>", "The server refused that: 502"),
    ],
)
async def test_what_the_server_says_of_a_sample_is_not_sent_as_one(
    chat: Chat, demo: Stage, status: int, body: str, said: str
) -> None:
    await never_answered(chat.page, "**/samples/astronaut.jpg", status, body)
    await chat.press(ASTRONAUT)
    await expect(chat.page.locator("#toasts")).to_contain_text(said)
    assert len(demo.people[0].private.messages) == 0
    chat.troubles.clear()  # the browser itself notes every request that was refused


async def test_an_answer_that_is_none_is_told_as_such(chat: Chat) -> None:
    await never_answered(chat.page, "**/messages", 200, "<html>")
    await chat.write("Hello")
    await expect(chat.page.locator("#toasts")).to_contain_text("sent an answer this page cannot read")
    await expect(chat.page.get_by_label("Message", exact=True)).to_have_value("Hello")


async def test_an_answer_to_a_tap_that_comes_late_says_nothing_in_another_chat(chat: Chat) -> None:
    went_away = asyncio.Event()

    async def answer(route: Route) -> None:
        await went_away.wait()
        await route.fulfill(status=500, body="{}")

    await chat.press(ASTRONAUT)
    await chat.chooses_style()
    await chat.page.route("**/tap", answer)
    await chat.answer("Balanced").click()
    await chat.enter("Ben ↔ stylegram")
    async with chat.page.expect_response("**/tap"):
        went_away.set()
    await chat.enter("Weekend painters")  # by then it would be said
    await expect(chat.page.locator("#toasts p")).to_have_count(0)
    chat.troubles.clear()


async def test_a_toast_does_not_follow_to_another_chat(chat: Chat) -> None:
    await never_answered(chat.page, "**/messages", 500, "{}")
    await chat.write("Hello")
    await expect(chat.page.locator("#toasts p")).to_have_count(1)
    await chat.enter("Ben ↔ stylegram")
    await expect(chat.page.locator("#toasts p")).to_have_count(0)
    chat.troubles.clear()


@pytest.mark.parametrize("number", [0, 1])
async def test_an_album_without_one_of_its_pictures_shows_the_other(
    chat: Chat, demo: Stage, samples: Path, number: int
) -> None:
    await picked(chat, [samples / "astronaut.jpg", samples / "cat.jpg"])
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.locator(".mine .pictures img")).to_have_count(2)
    world, private = demo.api.world, demo.people[0].private
    album = [message for message in private.messages.values() if "photo" in message.content]
    left = album[1 - number].content["photo"][-1]["file_id"]
    world.delete(album[number])
    await expect(chat.page.locator(".mine .pictures img")).to_have_count(1)
    await expect(chat.page.locator(".mine .pictures img")).to_have_attribute("src", f"/api/files/{left}")
    world.delete(album[1 - number])
    await expect(chat.page.locator(".mine .pictures")).to_have_count(0)


async def test_a_group_says_what_to_do_and_no_word_more(chat: Chat) -> None:
    await chat.enter("Weekend painters")
    await chat.sees("Reply to a photo here")
    await expect(chat.page.locator("#scroller")).not_to_contain_text("false")
    await expect(chat.page.locator("#samples")).to_be_visible()


@pytest.mark.parametrize("looks", [PHONE, LANDSCAPE, SMALL], ids=["phone", "on its side", "small"])
async def test_what_is_asked_is_in_sight_and_so_is_where_to_write(
    open_chat: OpenChat, looks: dict[str, int]
) -> None:
    chat = await open_chat(**looks)
    height = int(await chat.page.evaluate("innerHeight"))
    assert (await box(chat.page.locator("#composer")))["bottom"] <= height
    for shown in (chat.page.locator("#empty .stage"), chat.page.locator(".start").first):
        await expect(shown).to_be_in_viewport(ratio=1)
    await expect(chat.page.locator("#samples button").last).to_be_in_viewport(ratio=1)
    assert await chat.page.evaluate("scroller.scrollHeight - scroller.clientHeight") <= 0
    await keep(chat, f"arrival-{height}")
    await chat.press(ASTRONAUT)
    await chat.chooses_style()
    await expect(chat.answer("Balanced")).to_be_in_viewport()
    await asyncio.sleep(0.3)  # for whatever is still loading
    composer = await box(chat.page.locator("#composer"))
    assert composer["bottom"] <= height
    assert (await box(chat.page.locator("#messages .keyboard").last))["bottom"] <= composer["y"]
    await keep(chat, f"question-{height}")


async def test_only_a_person_who_scrolls_leaves_the_end(open_chat: OpenChat, demo: Stage) -> None:
    chat = await open_chat(**SMALL)
    await chat.enter("Weekend painters")
    ben = demo.people[1]
    group = next(chat for chat in demo.api.world.chats.values() if not chat.is_private)
    for number in range(30):
        await ben.send_text(f"message {number}", chat=group)
    await chat.sees("message 29")
    await chat.page.set_viewport_size({"width": 900, "height": 320})
    await ben.send_text("one more", chat=group)
    await chat.sees("one more")
    await chat.page.wait_for_function(IS_AT_END)
    await expect(chat.page.locator("#to-end")).to_be_hidden()

    await chat.page.locator("#scroller").hover()
    await chat.page.mouse.wheel(0, -600)
    await expect(chat.page.locator("#to-end")).to_be_visible()
    await ben.send_text("the last", chat=group)
    await chat.sees("the last")
    await chat.press("To the newest message")
    await chat.page.wait_for_function(IS_AT_END)
    await expect(chat.page.locator("#to-end")).to_be_hidden()


async def test_a_bubble_is_as_wide_as_its_picture(chat: Chat, easel: Easel) -> None:
    easel.hold()
    await chat.ask_for_a_painting()
    await chat.sees("░")
    await keep(chat, "draft")
    bubble = chat.message("░").locator(".bubble")
    await expect(bubble.locator("img")).to_have_count(1)
    assert abs((await box(bubble))["width"] - (await box(bubble.locator("img")))["width"]) < 2


@pytest.mark.parametrize("looks", [{}, PHONE], ids=["desktop", "phone"])
async def test_a_toast_covers_nothing(open_chat: OpenChat, looks: dict[str, int]) -> None:
    chat = await open_chat(**looks)
    await chat.press(ASTRONAUT)
    await chat.sees(WHICH_STYLE)
    await never_answered(chat.page, "**/messages", 500, "{}")
    await chat.write("Hello")
    toast = await box(chat.page.locator("#toasts p"))
    last = await box(chat.message(WHICH_STYLE))
    composer = await box(chat.page.locator("#composer"))
    assert last["bottom"] <= toast["y"]
    assert toast["bottom"] <= composer["y"]
    await keep(chat, f"toast-{len(looks)}")
    chat.troubles.clear()


async def test_a_refused_attachment_is_named_and_holds_up_nothing(
    chat: Chat, demo: Stage, samples: Path, tmp_path: Path
) -> None:
    words = tmp_path / "words.jpg"
    words.write_text("these are words")
    await picked(chat, [samples / "astronaut.jpg", words])
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.locator("#toasts")).to_contain_text("words.jpg: That picture cannot be read")
    await expect(chat.page.locator("#attached .refused")).to_have_count(1)
    await keep(chat, "refused")
    await chat.write("My photo")
    await chat.sees(WHICH_STYLE)
    await expect(chat.page.locator("#attached")).to_be_hidden()
    ann = demo.people[0]
    sent = [one for one in ann.private.messages.values() if one.sender is ann.person]
    assert ["photo" in one.content for one in sent] == [True]
    chat.troubles.clear()


async def test_as_files_is_asked_anew_each_time(chat: Chat, samples: Path) -> None:
    await picked(chat, [samples / "astronaut.jpg"])
    await chat.page.get_by_label("As files, in full quality").check()
    await chat.page.get_by_label("Message", exact=True).press("Enter")
    await chat.sees(WHICH_STYLE)
    await picked(chat, [samples / "cat.jpg"])
    await expect(chat.page.get_by_label("As files, in full quality")).not_to_be_checked()


async def test_a_picture_opens_by_itself_and_with_its_photo_where_that_is_asked_for(chat: Chat) -> None:
    await chat.ask_for_a_painting()
    result = await chat.sees_result()
    await expect(result.get_by_role("button", name="Before and after")).to_be_visible()
    await result.get_by_role("button", name="Open the picture large").click()
    await expect(chat.page.get_by_role("dialog")).to_be_visible()
    await expect(chat.page.get_by_role("slider")).to_have_count(0)


async def test_the_tab_key_stops_at_one_reply_and_arrows_lead_to_the_others(chat: Chat, demo: Stage) -> None:
    for number in range(3):
        await demo.people[0].send_text(f"message {number}")
    await chat.sees("message 2")
    replies = chat.page.locator("#messages .reply")
    assert await replies.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length") == 1
    await chat.tab_to(replies.last)
    await chat.page.keyboard.press("ArrowUp")
    await expect(replies.nth(-2)).to_be_focused()
    assert await replies.evaluate_all("all => all.filter((one) => one.tabIndex === 0).length") == 1


@pytest.mark.parametrize(("locale", "is_12_hours"), [("en-US", True), ("en-GB", False), ("de-DE", False)])
async def test_the_clock_has_as_many_hours_as_the_browsers(
    open_chat: OpenChat, locale: str, is_12_hours: bool
) -> None:
    chat = await open_chat(locale=locale)
    await chat.write("Hello")
    await chat.sees("Hello")
    shown = await chat.message("Hello").locator("time").inner_text()
    assert shown.endswith(("AM", "PM")) == is_12_hours


async def test_dark_bubbles_stand_out_from_what_is_behind_them(open_chat: OpenChat) -> None:
    chat = await open_chat(color_scheme="dark")
    await chat.press(ASTRONAUT)
    await chat.sees(WHICH_STYLE)
    assert await chat.page.evaluate(BRIGHTER_THAN_THE_WALL) > 60  # of 765


async def test_commands_that_are_offered_late_do_not_stay_once_it_is_sent(chat: Chat) -> None:
    offered = chat.page.get_by_role("option", name="/help")
    is_sent = asyncio.Event()

    async def offer_late(route: Route) -> None:
        await is_sent.wait()
        await route.continue_()

    async def send_slowly(route: Route) -> None:
        is_sent.set()
        await expect(offered).to_be_visible()
        await route.continue_()

    await chat.page.route("**/commands?**", offer_late)
    await chat.page.route("**/messages", send_slowly)
    await chat.write("/help")
    await chat.sees("Send me two pictures")
    await expect(offered).to_have_count(0)


async def test_a_tap_counts_though_the_message_changes_under_it(chat: Chat, demo: Stage, bot: Bot) -> None:
    group = next(one for one in demo.api.world.chats.values() if not one.is_private)
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Tap me", callback_data="nothing")]])
    await chat.enter(group.title)
    sent = await bot.send_message(group.id, "Before", reply_markup=buttons)
    await chat.page.get_by_role("button", name="Tap me").hover()
    await chat.page.mouse.down()
    await bot.edit_message_text("After", group.id, sent.message_id, reply_markup=buttons)
    await expect(chat.page.locator("#chats").get_by_text("After")).to_be_visible()
    async with chat.page.expect_request("**/tap"):
        await chat.page.mouse.up()
    await chat.sees("After")
