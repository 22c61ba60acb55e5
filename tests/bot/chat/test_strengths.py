"""Choosing a strength with one's eyes, and choosing it once and for all."""

import pytest

from bot.demo.people.seen_messages import SeenMessage
from core.decoding.picture import open_picture
from core.recipe import SCALE
from storage import Jobs
from tests.bot.chat.conftest import Restart, done, is_gone, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture
from tests.kit.waiting import eventually, until


@pytest.fixture
def easel() -> Easel:
    easel = Easel()
    easel.with_samples = True
    return easel


def is_sheet(message: SeenMessage) -> bool:
    """Whether it shows the four strengths rather than the two pictures beside each other."""
    height, width = open_picture(message.photo_bytes()).shape[:2]
    return min(height, width) > 1000


def has_three_rows(message: SeenMessage) -> bool:
    height, width = open_picture(message.photo_bytes()).shape[:2]
    return height > 1.3 * width


async def sheet(user: Actor) -> SeenMessage:
    return await user.expect(text="How strong", photo=True, buttons=["Balanced"], where=is_sheet)


async def test_the_question_shows_every_strength_as_soon_as_it_can(ann: Actor, easel: Easel) -> None:
    easel.hold_samples()
    asked = await send_pair(ann)
    assert not is_sheet(asked)
    easel.go_on_samples()
    shown = await sheet(ann)
    assert shown.id == asked.id
    assert shown.text == asked.text
    assert shown.buttons == asked.buttons
    assert tuple(task.recipe.strength for task in easel.samples) == SCALE
    await ann.tap("Wild")
    await result(ann, RED, BLUE)


async def test_a_tap_waits_for_no_samples(ann: Actor, easel: Easel, jobs: Jobs) -> None:
    easel.hold_samples()
    await send_pair(ann)
    await eventually(lambda: len(easel.samples) == 1)
    assert await ann.tap("Light") == "Here we go!"
    shown = await result(ann, RED, BLUE)
    await done(jobs, ann)
    easel.go_on_samples()
    await ann.expect_silence(0.1)
    assert not is_sheet(ann.seen(ann.message(shown).to_json()))
    assert len(easel.samples) == 1


async def test_a_job_of_somebody_elses_goes_first(ann: Actor, ben: Actor, easel: Easel) -> None:
    easel.with_samples = False
    await send_pair(ben)
    easel.with_samples = True
    easel.hold_samples()
    await send_pair(ann)
    await eventually(lambda: len(easel.samples) == 1)
    await ben.tap("Light")
    await result(ben, RED, BLUE)
    easel.go_on_samples()
    await sheet(ann)


async def test_colours_that_are_kept_are_kept_in_the_samples(ann: Actor, easel: Easel) -> None:
    await send_pair(ann)
    await sheet(ann)
    await ann.tap("Keep colours")
    await eventually(lambda: len(easel.samples) == 2 * len(SCALE))
    assert [task.recipe.keep_colours for task in easel.samples] == [False] * 4 + [True] * 4


async def test_a_switch_meanwhile_is_as_it_was_set(ann: Actor, easel: Easel) -> None:
    easel.hold_samples()
    await send_pair(ann)
    await eventually(lambda: len(easel.samples) == 1)
    await ann.tap("Larger")
    easel.go_on_samples()
    assert "✅ Larger" in (await sheet(ann)).buttons


async def test_other_pictures_have_samples_of_their_own(ann: Actor, easel: Easel) -> None:
    easel.hold_samples()
    first = await send_pair(ann)
    await eventually(lambda: len(easel.samples) == 1)
    await ann.send_photo(picture("green"))
    await is_gone(ann, first)
    easel.go_on_samples()
    shown = await sheet(ann)
    assert shown.id != first.id
    assert len(easel.samples) == 1 + len(SCALE)


@pytest.mark.parametrize("how", ["Cancel", "/cancel", "deleted"])
async def test_a_question_that_is_gone_gets_none(ann: Actor, easel: Easel, how: str) -> None:
    easel.hold_samples()
    asked = await send_pair(ann)
    await eventually(lambda: len(easel.samples) == 1)
    if how == "Cancel":
        await ann.tap("Cancel")
    elif how == "/cancel":
        await ann.send_text("/cancel")
    else:
        del ann.world.chats[ann.id].messages[asked.id]
    easel.go_on_samples()
    if how != "deleted":
        await ann.expect(text="ancelled")
    await eventually(lambda: easel.at_work == 0)
    await ann.expect_silence(0.1)
    asked = await send_pair(ann)  # and the bot goes on
    await ann.tap("Light", message=asked)
    await result(ann, RED, BLUE)


async def test_a_restart_forgets_them(ann: Actor, easel: Easel, restart: Restart) -> None:
    easel.hold_samples()
    await send_pair(ann)
    await eventually(lambda: len(easel.samples) == 1)
    await restart()
    easel.go_on_samples()
    await ann.expect_silence(0.1)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_several_styles_stay_numbered_below_the_strengths(ann: Actor, easel: Easel) -> None:
    await ann.send_album([picture(colour) for colour in ("red", "blue", "green")])
    shown = await ann.expect(text="2 styles", photo=True, where=has_three_rows)
    assert "Without 2" in " ".join(shown.buttons)
    assert [len(task.styles) for task in easel.samples] == [2] * 4


async def test_a_covered_photo_stays_covered(ann: Actor) -> None:
    await ann.send_photo(picture("red"), spoiler=True)
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))
    shown = await sheet(ann)
    assert ann.message(shown).to_json()["has_media_spoiler"]


# Always the usual strength


async def always(user: Actor) -> None:
    """Switch it on under a question, which is then taken back."""
    await send_pair(user)
    assert "won't ask" in await user.tap("Always ⭐ Balanced")
    await user.tap("Cancel")
    await user.expect(text="Cancelled")


async def test_who_always_wants_the_usual_is_asked_no_more(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    easel.with_samples = False
    await always(ann)
    for number in (1, 2):
        await ann.send_photo(picture("red"))
        await ann.expect(text="style")
        await ann.send_photo(picture("blue"))
        if number == 1:
            await ann.expect(text="/settings")  # where to change it, once
        await result(ann, RED, BLUE)
        assert [job.strength for job in await done(jobs, ann, number)] == ["balanced"] * number


async def test_the_switch_under_the_question_shows_how_it_is_set(ann: Actor, easel: Easel) -> None:
    easel.with_samples = False
    await send_pair(ann)
    await ann.tap("Always ⭐ Balanced")
    await ann.expect(buttons=["✅ Always ⭐ Balanced"])
    assert await ann.tap("Always ⭐ Balanced") == "From now on I'll ask you each time."
    await ann.expect(buttons=["▫️ Always ⭐ Balanced"])


async def test_a_question_that_is_open_is_still_one(ann: Actor, easel: Easel, jobs: Jobs) -> None:
    easel.with_samples = False
    await send_pair(ann)
    await ann.tap("Always ⭐ Balanced")
    await ann.tap("Swap")
    await ann.expect(text="How strong", buttons=["✅ Always ⭐ Balanced"])
    assert await jobs.of_user(ann.id) == []
    await ann.tap("Wild")
    await result(ann, BLUE, RED)


async def test_settings_switch_it_on_and_off(ann: Actor, easel: Easel) -> None:
    easel.with_samples = False
    await ann.send_text("/settings")
    await ann.expect(buttons=["⭐ Balanced"])
    await ann.tap("Strong")
    await ann.expect(buttons=["▫️ Always ⭐ Strong, without asking"])
    await ann.tap("Always")
    menu = await ann.expect(buttons=["✅ Always ⭐ Strong, without asking"])
    await ann.send_photo(picture("red"))
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))
    await result(ann, RED, BLUE)
    await ann.tap("Always", message=menu)
    await send_pair(ann)


async def test_without_room_the_question_is_asked_nevertheless(ann: Actor, easel: Easel, jobs: Jobs) -> None:
    easel.with_samples = False
    await always(ann)
    easel.hold()
    for number in range(1, 5):  # one is painted, and three may wait
        await ann.send_photo(picture("red"))
        await ann.expect(text="style")
        await ann.send_photo(picture("blue"))

        async def waits(number: int = number) -> bool:
            return len(await jobs.of_user(ann.id)) == number

        await until(waits)
    await send_pair(ann)
    easel.go_on()
    await done(jobs, ann, 4)


async def test_nothing_is_painted_twice_after_a_kill(
    ann: Actor, easel: Easel, jobs: Jobs, restart: Restart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the bot had died between making the job and forgetting the request."""
    easel.with_samples = False
    await always(ann)

    async def keep(*_: object) -> bool:
        return True

    with monkeypatch.context() as patch:
        patch.setattr("storage.Sessions.delete", keep)
        await ann.send_photo(picture("red"))
        await ann.expect(text="style")
        await ann.send_photo(picture("blue"))
        await result(ann, RED, BLUE)
    await restart()
    await ann.expect_silence(1.0)
    assert len(await done(jobs, ann)) == 1
