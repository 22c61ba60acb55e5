"""What the buttons under a result do, and /history, where old results are found again."""

import asyncio

import pytest

from bot.demo.people.seen_messages import SeenMessage
from core.executor.protocol import PaintFailed
from storage import Jobs, NewJob, QueueLimits
from tests.bot.chat.conftest import Restart, done, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, picture


async def painted(user: Actor, jobs: Jobs, strength: str = "Balanced") -> SeenMessage:
    """A red photo in a blue style, delivered."""
    await send_pair(user)
    await user.tap(strength)
    shown = await result(user, RED, BLUE)
    await done(jobs, user)
    return shown


@pytest.mark.parametrize(
    ("strength", "lighter", "stronger"),
    [
        ("Light", None, "balanced"),
        ("Balanced", "light", "strong"),
        ("Strong", "balanced", "wild"),
        ("Wild", "strong", None),
        ("Classic", None, None),
    ],
)
async def test_lighter_and_stronger_go_one_step_where_there_is_one(
    ann: Actor, jobs: Jobs, strength: str, lighter: str | None, stronger: str | None
) -> None:
    await send_pair(ann)
    await ann.tap(strength)
    shown = await result(ann, RED, BLUE)
    for button, step in (("Lighter", lighter), ("Stronger", stronger)):
        assert any(button in label for label in shown.buttons) == (step is not None)
        if step:
            before = len(await done(jobs, ann))
            assert await ann.tap(button, message=shown) == "Here we go!"
            again = await result(ann, RED, BLUE)
            assert again.id != shown.id
            assert again.reply_to_id == shown.id
            assert (await done(jobs, ann, before + 1))[0].strength == step


async def test_what_was_painted_in_several_styles_is_so_again(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    first = await painted(ann, jobs)
    pictures = (await done(jobs, ann))[0]
    several = NewJob(
        request_key="several",
        chat_id=ann.id,
        user_id=ann.id,
        content=pictures.content,
        styles=(*pictures.styles, pictures.content),
        strength="balanced",
        recipe='{"mix": [2, 1]}',
    )
    both = (127, 0, 127)
    await jobs.add(several, QueueLimits())
    await ann.tap("Keep colours", message=first)  # which lets the bot look at the queue
    shown = await result(ann, RED, both)
    await result(ann, RED, BLUE)
    await ann.tap("Stronger", message=shown)
    await result(ann, RED, both)
    assert [task.recipe.mix for task in easel.begun] == [None, (2, 1), None, (2, 1)]

    await ann.tap("Swap", message=shown)
    await result(ann, BLUE, RED)
    assert easel.begun[-1].recipe.mix is None


async def test_keep_colours_paints_the_other_way(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap("Keep colours")
    shown = await result(ann, RED, BLUE)
    assert "✅ Keep colours" in shown.buttons
    assert (await done(jobs, ann, 2))[0].keep_colours
    await ann.tap("Keep colours", message=shown)
    assert "▫️ Keep colours" in (await result(ann, RED, BLUE)).buttons
    assert not (await done(jobs, ann, 3))[0].keep_colours


async def test_swap_paints_the_style_in_the_manner_of_the_photo(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap("Swap")
    await result(ann, BLUE, RED)


async def test_the_same_photo_in_another_style(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs, "Strong")
    await ann.tap("Another style")
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("green"))
    prompt = await ann.expect(text="How strong", photo=True)
    assert "⭐ Strong" in prompt.buttons
    await ann.tap("Wild")
    await result(ann, RED, GREEN)


async def test_another_photo_in_the_same_style(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap("Another photo")
    await ann.expect(text="photo to repaint in this style")
    await ann.send_photo(picture("green"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Wild")
    await result(ann, GREEN, BLUE)


async def test_as_a_file_is_a_png(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap("As a file")
    file = await ann.expect(document=True)
    assert file.document_bytes().startswith(b"\x89PNG")


async def test_what_was_painted_already_is_shown_rather_than_painted(
    ann: Actor, jobs: Jobs, easel: Easel
) -> None:
    first = await painted(ann, jobs)
    await ann.tap("Stronger")
    await result(ann, RED, BLUE)
    await done(jobs, ann, 2)
    assert await ann.tap("Stronger", message=first) == ""
    assert (await result(ann, RED, BLUE)).text == "Strong"
    assert len(easel.begun) == 2


async def test_a_double_tap_on_stronger_paints_once(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await painted(ann, jobs)
    easel.hold()
    toasts = await asyncio.gather(ann.tap("Stronger"), ann.tap("Stronger"))
    assert toasts == ["Here we go!", "I'm on it already."]
    easel.go_on()
    await result(ann, RED, BLUE)
    await ann.expect_silence()


async def test_cancelled_work_may_be_asked_for_again(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await painted(ann, jobs)
    easel.hold()
    await ann.tap("Stronger")
    await ann.expect(buttons=["Cancel"])
    assert await ann.tap("Cancel") == "Cancelled."
    await ann.expect(text="Cancelled")
    easel.go_on()
    assert await ann.tap("Stronger") == "Here we go!"
    await result(ann, RED, BLUE)


async def test_try_again_does_in_the_same_message(ann: Actor, easel: Easel) -> None:
    prompt = await send_pair(ann)
    easel.failures.append(PaintFailed("no"))
    await ann.tap("Light")
    sorry = await ann.expect(text="sorry", buttons=["Try again"])
    assert await ann.tap("Try again") == "Here we go!"
    shown = await result(ann, RED, BLUE)
    assert shown.id == sorry.id == prompt.id


async def test_a_finished_picture_cannot_be_cancelled(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await send_pair(ann)
    easel.hold()
    await ann.tap("Light")
    progress = await ann.expect(buttons=["Cancel"])
    easel.go_on()
    await result(ann, RED, BLUE)
    await done(jobs, ann)
    ann.world.chats[ann.id].messages[progress.id].keyboard = progress.json["reply_markup"]
    assert "Too late" in await ann.tap("Cancel")


async def test_history_is_empty_at_first(ann: Actor) -> None:
    await ann.send_text("/history")
    await ann.expect(text="no results yet", buttons=[])


async def test_history_shows_the_last_ten_newest_first(ann: Actor, jobs: Jobs) -> None:
    for count, strength in enumerate(["Light", "Wild"] * 6, 1):
        await send_pair(ann)
        await ann.tap(strength)
        await result(ann, RED, BLUE)
        await done(jobs, ann, min(count, 10))
    await ann.send_text("/history")
    menu = await ann.expect(text="Your last results")
    assert len(menu.buttons) == 20
    assert menu.buttons[0].startswith("🖼 1. Wild · ")
    assert menu.buttons[2].startswith("🖼 2. Light · ")


async def test_history_shows_a_result_again_with_its_buttons(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await painted(ann, jobs, "Strong")
    await ann.send_text("/history")
    await ann.expect(text="Your last results")
    await ann.tap("1. Strong")
    shown = await result(ann, RED, BLUE)
    assert shown.text == "Strong"
    assert len(easel.begun) == 1


async def test_redo_asks_for_another_strength(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs, "Strong")
    await ann.send_text("/history")
    await ann.expect(text="Your last results")
    await ann.tap("Redo")
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Wild")
    await result(ann, RED, BLUE)
    assert (await done(jobs, ann, 2))[0].strength == "wild"


async def test_the_buttons_still_work_after_a_restart(ann: Actor, jobs: Jobs, restart: Restart) -> None:
    await painted(ann, jobs)
    await restart()
    await ann.tap("Swap")
    await result(ann, BLUE, RED)
