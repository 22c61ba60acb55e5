"""Games between Ann and Ben in the demo's group: they read what the bot says there, and nothing else."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from bot.chat.games import daily_clock
from bot.chat.games.duel_course import VOTE_SECONDS
from bot.chat.games.guess_course import OPEN_SECONDS
from bot.demo.stage import Stage
from bot.demo.telegram.poll import Poll
from bot.studio import game_clock
from tests.browser.conftest import keep
from tests.browser.test_conversation import picked
from tests.kit.chat_page import ASTRONAUT, CAT, GREAT_WAVE, HOW_STRONG, VAN_GOGH, Chat
from tests.kit.clock import Clock
from tests.kit.easel import Easel

PAINTERS = "Hokusai|van Gogh|Kandinsky|Leonardo|Renoir|Hiroshige|Bruegel|Arcimboldo|Dürer"


@pytest.fixture(autouse=True)
def clocks_are_looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for clock in (game_clock, daily_clock):
        monkeypatch.setattr(clock, "LOOK_AROUND", 0.05)


@pytest.fixture
def easel() -> Easel:
    easel = Easel()
    easel.with_samples = True
    return easel


@pytest_asyncio.fixture(loop_scope="session")
async def group(chat: Chat) -> Chat:
    """The page with the group open, and Ann's photo of a cat in it."""
    await chat.enter("Weekend painters")
    await chat.press(CAT)
    await expect(photo(chat)).to_be_visible()
    return chat


def photo(chat: Chat) -> Locator:
    """The newest message that shows a picture."""
    return chat.page.locator("#messages > .pictured").last


def said(chat: Chat, text: str) -> Locator:
    """The bot's newest message with this text."""
    return chat.page.locator("#messages > [aria-label=stylegram]").filter(has_text=text).last


def poll(chat: Chat, question: str) -> Locator:
    return chat.page.get_by_role("group", name=question)


def quiz_of(demo: Stage) -> Poll:
    """The newest poll, with its solution."""
    group = next(chat for chat in demo.api.world.chats.values() if not chat.is_private)
    return [message.poll for message in group.messages.values() if message.poll][-1]


def seconds_to(hour: int, clock: Clock) -> float:
    """Until it is this hour in UTC."""
    now = datetime.fromtimestamp(clock(), UTC)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return ((then - now) % timedelta(days=1)).total_seconds()


async def votes(chat: Chat, voter: str, asked: Locator, option: str | re.Pattern[str]) -> None:
    await chat.speak_as(voter)
    await asked.get_by_role("button").filter(has_text=option).click()
    own = asked.get_by_role("listitem").filter(has_text=option)
    await expect(own).to_contain_text("your vote")


async def test_a_duel(group: Chat, demo: Stage) -> None:
    chat = group
    await chat.speak_as("Ben")
    await chat.reply_to(photo(chat))
    await chat.write("/duel")
    duel = said(chat, "A duel of styles!")
    await expect(duel).to_contain_text("reply to this message with a style, or tap one")
    await keep(chat, "duel-1-begun")
    await chat.press(GREAT_WAVE)
    await expect(chat.page.locator("#toasts")).to_contain_text("You bring Great Wave")
    await expect(duel).to_contain_text("1 · Great Wave (Ben)")

    await chat.speak_as("Ann")
    await chat.press(GREAT_WAVE)
    await expect(chat.page.locator("#toasts")).to_contain_text("Somebody brings that one already")
    await keep(chat, "duel-2-taken")
    await chat.reply_to(duel)
    await chat.press("Sample pictures")
    await chat.press(VAN_GOGH)
    await expect(duel).to_contain_text("2 · own picture (Ann)")
    await keep(chat, "duel-3-brought")

    await chat.speak_as("Ben")
    await chat.press("⚔️ Start now")
    album = chat.page.locator("#messages > .theirs.pictured").filter(has=chat.page.locator(".count-2"))
    await expect(album).to_contain_text(
        re.compile(r"1 · Great Wave \(Ben\).*2 · own picture \(Ann\)", re.DOTALL)
    )
    await expect(duel.get_by_role("button", name=GREAT_WAVE, exact=True)).to_have_count(0)
    vote = poll(chat, "Which one wins? You have two minutes.")
    await keep(chat, "duel-4-poll")
    await votes(chat, "Ann", vote, "Great Wave")
    await votes(chat, "Ben", vote, "Great Wave")
    await keep(chat, "duel-5-voted")

    demo.api.world.polls.let_time_pass(VOTE_SECONDS)
    await expect(vote).to_contain_text("Final results")
    won = await chat.sees_result("wins the duel")
    await keep(chat, "duel-6-won")
    await expect(won).to_contain_text(
        "🏆 Ben's Great Wave wins the duel over Ann's own picture on Ann's photo"
    )
    await chat.is_accessible()


async def test_a_guess(group: Chat, demo: Stage) -> None:
    chat = group
    await chat.reply_to(photo(chat))
    await chat.write("/guess")
    painted = said(chat, "Ann, here it is: balanced")
    await expect(painted).to_contain_text("Whose style is this?")
    quiz = poll(chat, "Whose style is this?")
    await keep(chat, "guess-1-asked")
    assert not re.search(PAINTERS, await painted.inner_text())
    options = await quiz.get_by_role("button").filter(has_text=re.compile(PAINTERS)).all_inner_texts()
    assert len(options) == 4

    [right] = quiz_of(demo).solution["correct_option_ids"]
    await votes(chat, "Ann", quiz, options[right])
    await expect(chat.page.locator("#announcements")).to_contain_text("That is right!")
    await votes(chat, "Ben", quiz, options[right - 1])
    await expect(chat.page.locator("#announcements")).to_contain_text("That is wrong.")
    await keep(chat, "guess-2-voted")

    demo.api.world.polls.let_time_pass(OPEN_SECONDS)
    await expect(quiz).to_contain_text("Final results")
    told = chat.message("It was ")
    await expect(told).to_contain_text(options[right])
    await expect(told).to_contain_text("1 of 2 guessed right.")
    await keep(chat, "guess-3-told")
    await chat.write("/top")
    best = chat.message("Who guesses best here:")
    await expect(best).to_contain_text(re.compile("Ann – 1 of 1.*Ben – 0 of 1", re.DOTALL))
    await keep(chat, "guess-4-top")


async def test_a_chain(group: Chat, samples: Path) -> None:
    chat = group
    await chat.write("/chain")
    await chat.sees("I haven't painted anything here yet: begin with /style under a photo.")
    await keep(chat, "chain-0-nothing")
    await chat.reply_to(photo(chat))
    await chat.write("/style")
    await chat.sees("tap one of these")
    await chat.press(GREAT_WAVE)
    await chat.sees(HOW_STRONG)
    await chat.answer("Balanced").click()
    await chat.sees_result("Ann, here it is: balanced")

    await chat.speak_as("Ben")
    await chat.write("/chain")
    await chat.sees(
        "This is my latest picture here: reply with a picture in the style you want, and /chain under it."
    )
    await keep(chat, "chain-1-how")
    await chat.reply_to(chat.message("This is my latest picture here"))
    await picked(chat, [samples / "van-gogh-auvers.jpg"])
    await chat.write("/chain")
    second = await chat.sees_result("Link 1 of 5 · Ben")
    await expect(second).to_contain_text("Next: reply to this with a picture.")
    await keep(chat, "chain-2-link")

    await chat.speak_as("Ann")
    await chat.reply_to(second)
    await chat.press("Sample pictures")
    await chat.press("Send this sample: Degas, dancers")
    await chat.sees_result("Link 2 of 5 · Ann")
    await chat.write("/chain end")
    shown = await chat.sees_result("The whole chain, from the photo to the last picture: Ann → Ben → Ann")
    await expect(shown.get_by_role("button", name="GIF: Stop the animation")).to_be_visible()
    assert await shown.locator(".picture img").evaluate("image => image.naturalWidth") >= 200
    await keep(chat, "chain-3-shown")
    await chat.is_accessible()


async def test_a_painting_of_the_day(group: Chat, clock: Clock) -> None:
    chat = group
    await chat.speak_as("Ben")
    await chat.write("/daily on")
    await chat.sees("Only this group's administrators")
    await chat.speak_as("Ann")
    await chat.write("/daily on")
    await chat.sees("The first one comes on")
    await keep(chat, "daily-1-on")
    clock.put_forward(seconds_to(9, clock))
    painting = chat.message("Painting of the day:")
    await expect(painting).to_contain_text("Reply with a photo, and I'll paint it like this.")
    await keep(chat, "daily-2-painting")

    await chat.speak_as("Ben")
    await chat.reply_to(painting)
    await chat.press(ASTRONAUT)
    await chat.sees_result(re.compile("Painting of the day.*Ben, here it is", re.DOTALL))
    await keep(chat, "daily-3-painted")
    clock.put_forward(seconds_to(21, clock))
    await chat.sees("Today's picture is by Ben alone.")
    await keep(chat, "daily-4-evening")
