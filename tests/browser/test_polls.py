"""Polls in a group: what each person sees before and after a vote, by mouse, by keyboard, and by time."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect
from telegram import Bot, Message

from bot.demo.stage import Stage
from tests.browser.conftest import OpenChat, keep
from tests.kit.chat_page import Chat

GROUP = "Weekend painters"
PHONE = {"viewport": {"width": 375, "height": 720}, "has_touch": True, "is_mobile": True}
OPTIONS = ["The Great Wave", "The Starry Night"]


def group_of(demo: Stage) -> int:
    return next(chat.id for chat in demo.api.world.chats.values() if not chat.is_private)


async def asks(bot: Bot, demo: Stage, question: str = "Which one wins?", **how: Any) -> Message:
    options = how.pop("options", OPTIONS)
    return await bot.send_poll(group_of(demo), question, options, **{"is_anonymous": False, **how})


async def asks_quiz(bot: Bot, demo: Stage) -> Message:
    how = {"type": "quiz", "correct_option_ids": [1], "explanation": "The strokes turn round the sun."}
    return await asks(bot, demo, "Who painted this?", options=["Hokusai", "van Gogh"], **how)


def option(poll: Locator, text: str) -> Locator:
    return poll.get_by_role("button").filter(has_text=text)


def result(poll: Locator, text: str) -> Locator:
    return poll.get_by_role("listitem").filter(has_text=text)


async def test_ann_and_ben_vote_and_each_sees_their_own(chat: Chat, demo: Stage, bot: Bot) -> None:
    await chat.enter(GROUP)
    await asks(bot, demo)
    poll = chat.page.get_by_role("group", name="Which one wins?")
    await expect(poll).to_contain_text("No votes yet")
    await option(poll, "Great Wave").click()
    await expect(result(poll, "Great Wave")).to_contain_text("100%")
    await expect(result(poll, "Great Wave")).to_contain_text("your vote")
    await expect(poll).to_contain_text("1 vote")

    await chat.speak_as("Ben")
    await expect(option(poll, "Great Wave")).to_be_visible()
    await expect(poll).not_to_contain_text("%")
    await option(poll, "Starry Night").click()
    await expect(result(poll, "Starry Night")).to_contain_text(re.compile("50%.*your vote"))
    await expect(result(poll, "Great Wave")).not_to_contain_text("your vote")
    await expect(poll.get_by_role("img", name="Voted: Ann, Ben")).to_be_visible()
    await chat.is_accessible()
    await keep(chat, "poll")
    await chat.press("2 votes: who voted for what")
    who = chat.page.get_by_role("dialog", name="Which one wins?")
    await expect(who).to_contain_text(re.compile("The Great Wave.*Ann.*The Starry Night.*Ben"))
    await chat.is_accessible()
    await keep(chat, "voters")
    await who.get_by_role("button", name="Close").click()

    await chat.speak_as("Ann")
    await expect(result(poll, "Great Wave")).to_contain_text("your vote")
    await chat.press("Retract vote")
    await expect(option(poll, "Great Wave")).to_be_visible()
    await chat.open()  # it is there whenever somebody looks
    await chat.enter(GROUP)
    await chat.speak_as("Ben")
    await expect(result(poll, "Starry Night")).to_contain_text(re.compile("100%.*your vote"))


async def test_several_options_are_chosen_by_keyboard(chat: Chat, demo: Stage, bot: Bot) -> None:
    await chat.enter(GROUP)
    await asks(bot, demo, allows_multiple_answers=True, is_anonymous=True)
    poll = chat.page.get_by_role("group", name="Which one wins?")
    await expect(poll).to_contain_text("Anonymous poll")
    for text in OPTIONS:
        choice = poll.get_by_role("checkbox", name=text)
        await chat.tab_to(choice)
        await chat.page.keyboard.press("Space")
        await expect(choice).to_be_checked()
        await expect(choice).to_be_focused()
    await chat.tab_to(poll.get_by_role("button", name="Vote", exact=True))
    await chat.page.keyboard.press("Enter")
    await expect(poll.get_by_text("your vote")).to_have_count(2)
    await expect(poll).to_contain_text("1 vote")
    await expect(poll.get_by_role("img")).to_have_count(0)
    await expect(chat.page.locator("#announcements")).to_have_text("Your vote is counted.")
    assert await chat.page.evaluate("document.querySelector('.poll').contains(document.activeElement)")


async def test_a_quiz_says_what_is_right_to_those_who_have_answered(
    chat: Chat, demo: Stage, bot: Bot
) -> None:
    await chat.enter(GROUP)
    await asks_quiz(bot, demo)
    quiz = chat.page.get_by_role("group", name="Who painted this?")
    await expect(quiz).to_contain_text("Quiz")
    await option(quiz, "Hokusai").focus()
    await chat.page.keyboard.press("Enter")
    await expect(result(quiz, "Hokusai")).to_contain_text("(your vote, wrong)")
    await expect(result(quiz, "Hokusai")).to_be_focused()
    await expect(result(quiz, "van Gogh")).to_contain_text("(the right answer)")
    await expect(quiz).to_contain_text("The strokes turn round the sun.")
    await expect(chat.page.locator("#announcements")).to_contain_text("That is wrong.")

    await chat.speak_as("Ben")
    await expect(quiz).not_to_contain_text("The strokes turn round the sun.")
    await option(quiz, "van Gogh").click()
    await expect(result(quiz, "van Gogh")).to_contain_text("(your vote, the right answer)")
    await expect(chat.page.locator("#announcements")).to_contain_text("That is right!")
    await expect(quiz.get_by_role("button", name="Retract vote")).to_have_count(0)
    await chat.is_accessible()


async def test_a_poll_closes_by_time_and_takes_no_late_vote(chat: Chat, demo: Stage, bot: Bot) -> None:
    await chat.enter(GROUP)
    await asks(bot, demo, open_period=90)
    poll = chat.page.get_by_role("group", name="Which one wins?")
    await expect(poll.get_by_role("timer")).to_have_text(re.compile(r"^1:[0-3]\d$"))
    await chat.page.route("**/vote", lambda route: route.abort())
    await option(poll, "Great Wave").click()
    await expect(chat.page.locator("#toasts")).to_contain_text("No connection")
    await chat.page.unroute_all()
    demo.api.world.polls.let_time_pass(90)
    await expect(poll).to_contain_text("Final results")
    await expect(poll.get_by_role("timer")).to_have_count(0)
    await expect(poll.get_by_role("button")).to_have_count(0)
    await expect(chat.page.locator("#announcements")).to_have_text("Final results: Which one wins?")
    chat.troubles.clear()  # the browser itself notes the request that was cut off


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_in_russian(open_chat: OpenChat, demo: Stage, bot: Bot, scheme: str) -> None:
    chat = await open_chat(**PHONE, locale="ru-RU", color_scheme=scheme)
    await chat.press("Все чаты")
    await chat.enter(GROUP)
    await asks(bot, demo, options=["Ann: The Great Wave off Kanagawa", "Ben: " + "Starry" * 12])
    await asks_quiz(bot, demo)
    await chat.page.get_by_role("button").filter(has_text="Hokusai").click()
    await expect(chat.page.get_by_text("верный ответ")).to_have_count(1)
    await chat.is_accessible()
    assert await chat.page.evaluate("document.documentElement.scrollWidth") <= 375
    await keep(chat, f"polls-phone-{scheme}")


async def test_somebody_replies_to_a_poll(chat: Chat, demo: Stage, bot: Bot) -> None:
    await chat.enter(GROUP)
    sent = await asks(bot, demo)
    await chat.reply_to(chat.message("Which one wins?"))
    await chat.write("/duel cancel")
    await expect(chat.message("/duel cancel").locator(".quotation")).to_contain_text("Which one wins?")
    said = [
        one for one in demo.api.world.chats[group_of(demo)].messages.values() if one.text == "/duel cancel"
    ]
    assert said[0].reply_to is not None
    assert said[0].reply_to.id == sent.message_id


SHARES = [  # in percent, by counts of votes
    ([1, 1, 1], [33, 33, 33]),
    ([2, 1], [67, 33]),
    ([1, 1, 4], [17, 17, 66]),
    ([0, 0], [0, 0]),
    ([1, 7], [13, 87]),
]


async def test_shares_come_near_a_hundred_and_the_same_count_has_the_same_share(chat: Chat) -> None:
    script = "async ([counts, total]) => (await import('/static/js/poll.js')).percentages(counts, total)"
    for counts, shares in SHARES:
        assert await chat.page.evaluate(script, [counts, sum(counts)]) == shares
