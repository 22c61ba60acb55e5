"""/swap, /cancel, /status, /settings, /forget, /help: at every moment they may come."""

import pytest

from bot.chat.session_flow import ALBUM_PAUSE
from bot.demo.telegram.emulator import Emulator
from storage import Database, Jobs, NewJob, QueueLimits, Users
from tests.bot.chat.conftest import done, is_gone, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture


async def test_help_names_every_command(ann: Actor) -> None:
    await ann.send_text("/help")
    said = await ann.expect()
    for command in ("/swap", "/cancel", "/status", "/history", "/settings", "/forget", "/style"):
        assert command in said.text


async def test_swap_before_the_strength_asks_again(ann: Actor) -> None:
    first = await send_pair(ann)
    await ann.send_text("/swap")
    await ann.expect(text="How strong", photo=True)
    await is_gone(ann, first)
    await ann.tap("Light")
    await result(ann, BLUE, RED)


async def test_swap_with_one_picture_makes_it_the_style(ann: Actor) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_text("/swap")
    await ann.expect(text="photo to repaint in this style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong")
    await ann.tap("Light")
    await result(ann, BLUE, RED)


async def test_swap_after_a_result_begins_with_its_pictures(ann: Actor, jobs: Jobs) -> None:
    await send_pair(ann)
    await ann.tap("Light")
    await result(ann, RED, BLUE)
    await done(jobs, ann)
    await ann.send_text("/swap")
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, BLUE, RED)


async def test_swap_with_nothing_says_so(ann: Actor) -> None:
    await ann.send_text("/swap")
    await ann.expect(text="nothing to swap")


async def test_cancel_drops_the_request_first_and_then_the_work(ann: Actor, easel: Easel) -> None:
    await send_pair(ann)
    easel.hold()
    await ann.tap("Light")
    await ann.expect(text="Painting")
    prompt = await send_pair(ann)
    await ann.send_text("/cancel")
    await ann.expect(text="Cancelled")
    await is_gone(ann, prompt)
    await ann.send_text("/cancel")
    await ann.expect(text="I stopped 1 picture.")
    await ann.send_text("/cancel")
    await ann.expect(text="nothing to cancel")


async def test_status_tells_what_is_painted_and_what_waits(ann: Actor, easel: Easel) -> None:
    easel.hold()
    for shown in ("Painting", "next", "number 2"):
        await send_pair(ann)
        await ann.tap("Light")
        await ann.expect(text=shown)
    await ann.send_text("/status")
    said = await ann.expect(text="painting it now")
    standings = ["I'm painting it now", "It's next", "It's number 2 in the queue"]
    for line, standing in zip(said.text.splitlines(), standings, strict=True):
        assert line.startswith(standing)
    easel.go_on()


async def test_status_with_nothing_to_paint_says_what_to_send(ann: Actor) -> None:
    await ann.send_text("/status")
    await ann.expect(text="I'm not painting anything for you right now. Send me the photo")
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_text("/status")
    await ann.expect(text="I'm not painting anything for you right now. Now send me the style")
    await ann.send_photo(picture("blue"))
    prompt = await ann.expect(text="How strong")
    await ann.send_text("/status")
    assert (await ann.expect(text="tap how strong")).reply_to_id == prompt.id


async def test_settings_are_what_requests_begin_with(ann: Actor, jobs: Jobs) -> None:
    await ann.send_text("/settings")
    await ann.expect(text="Your settings", buttons=["⭐ Balanced", "✅ Normal size", "✅ As in Telegram"])
    for choice in ("Wild", "Larger", "Keep colours"):
        assert await ann.tap(choice) == "Saved."
    await ann.expect(buttons=["⭐ Wild", "✅ Larger", "✅ Keep colours"])
    prompt = await send_pair(ann)
    assert {"⭐ Wild", "✅ Larger", "✅ Keep colours"} <= set(prompt.buttons)
    await ann.tap("Light")
    await result(ann, RED, BLUE)
    [job] = await done(jobs, ann)
    assert (job.strength, job.larger, job.keep_colours) == ("light", True, True)


async def test_a_setting_tapped_twice_is_no_problem(ann: Actor) -> None:
    await ann.send_text("/settings")
    await ann.expect(text="Your settings")
    assert [await ann.tap("Balanced"), await ann.tap("Balanced")] == ["Saved.", "Saved."]


async def test_forget_asks_first(ann: Actor, shared: Database) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_text("/forget")
    await ann.expect(text="Shall I delete")
    await ann.tap("Keep it")
    await ann.expect(text="Nothing was deleted", buttons=[])
    assert await Users(shared).get(ann.id)


async def test_forget_deletes_everything_and_says_what(ann: Actor, shared: Database, jobs: Jobs) -> None:
    for _ in range(2):
        await send_pair(ann)
        await ann.tap("Light")
        await result(ann, RED, BLUE)
    await done(jobs, ann, 2)
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_text("/forget")
    await ann.expect(text="Shall I delete")
    await ann.tap("Delete everything")
    said = await ann.expect(text="I have deleted")
    assert said.text.splitlines()[1:] == ["• 2 pictures", "• 1 half-made request", "• your settings"]
    assert await Users(shared).get(ann.id) is None
    assert await jobs.history(ann.id) == []
    assert await ann.tap("Strong") == "I no longer have that picture: send me a photo to start over."
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")


@pytest.mark.parametrize(
    ("payload", "answer"), [("settings", "Your settings"), ("nonsense", "Send me a photo")]
)
async def test_a_link_to_the_bot_may_carry_a_command(ann: Actor, payload: str, answer: str) -> None:
    await ann.send_text(f"/start {payload}")
    await ann.expect(text=answer)


@pytest.mark.parametrize("payload", ["cancel", "swap", "start", "nonsense", "ban"])
async def test_a_link_does_nothing_that_nobody_asked_for(ann: Actor, payload: str) -> None:
    """Anybody can make a link that sends `/start` with something behind it."""
    await send_pair(ann)
    await ann.send_text(f"/start {payload}")
    await ann.expect(text="Send me a photo")
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_cancel_right_after_an_albums_photo_is_the_last_word(api: Emulator, ann: Actor) -> None:
    photo = (await ann.send_photo(picture("red"))).json["photo"]
    await ann.expect(text="Now send me the style")
    api.world.post(ann.private, ann.person, {"photo": photo}, extra={"media_group_id": "7"})
    await ann.send_text("/cancel")
    await ann.expect(text="Cancelled")
    await ann.expect_silence(2 * ALBUM_PAUSE)


async def test_history_shows_ten_whatever_was_painted_again_as_a_file(
    ann: Actor, jobs: Jobs, shared: Database
) -> None:
    await send_pair(ann)
    await ann.tap("Light")
    await result(ann, RED, BLUE)
    [job] = await done(jobs, ann)
    for number in range(40):
        again = NewJob(
            request_key=f"again {number}",
            chat_id=ann.id,
            user_id=ann.id,
            content=job.content,
            styles=job.styles,
            strength="light",
            as_file_of=None if number < 9 else job.id,
        )
        added, _ = await jobs.add(again, QueueLimits(user=99))
        await shared.write("UPDATE jobs SET state = 'running' WHERE id = ?", (added.id,))
        await jobs.finish(added.id, str(job.result_photo_file_id))
    await ann.send_text("/history")
    shown = await ann.expect(text="Your last results")
    assert shown.buttons == [str(number) for number in range(1, 11)]
