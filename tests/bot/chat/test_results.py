"""What the buttons under a result do, and /history, where old results are found again."""

import asyncio

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.gallery.collection import paintings_of_the_bot
from core.executor.protocol import PaintFailed
from storage import Database, Job, Jobs, NewJob, QueueLimits
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


@pytest.mark.parametrize("strength", ["Light", "Classic"])
async def test_each_strength_is_one_tap_away_and_the_present_one_is_ticked(
    ann: Actor, jobs: Jobs, strength: str
) -> None:
    await send_pair(ann)
    await ann.tap(strength)
    shown = await result(ann, RED, BLUE)
    names = ["Light", "Balanced", "Strong", "Wild"]
    assert shown.rows[0] == [f"✓ {name}" if name == strength else name for name in names]
    assert await ann.tap("Wild", message=shown) == "Here we go!"
    again = await result(ann, RED, BLUE)
    assert again.id != shown.id
    assert again.reply_to_id == shown.id
    assert (await done(jobs, ann, 2))[0].strength == "wild"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Here it is: strong · {}."), ("ru", "Готово! Сила стиля: сильно · {}.")]
)
async def test_the_caption_names_the_painting(ann: Actor, jobs: Jobs, language: str, said: str) -> None:
    painting = paintings_of_the_bot()[0].label(language).short
    user = ann if language == "en" else Actor.join(ann.world, "Ольга", language)
    await user.send_photo(picture("red"))
    await user.expect(buttons=["1", "🎲"])
    await user.tap("1")
    await user.expect(photo=True, buttons=["✖️"])
    await user.tap("Strong" if language == "en" else "Сильно")
    shown = await user.expect(photo=True, buttons=["🌈"])
    assert shown.text == said.format(painting)
    await done(jobs, user)
    await user.send_text("/history")
    await user.tap("1", message=await user.expect(photo=True, buttons=["1"]))
    again = await user.expect(photo=True, buttons=["🌈"])
    assert again.text.endswith(f" · {painting}")


async def test_the_present_strength_is_said_to_be_that(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    shown = await painted(ann, jobs)
    toast = "Balanced is what it is now: tap another strength."
    assert await ann.tap("✓ Balanced", message=shown) == toast
    assert len(easel.begun) == 1


async def test_more_opens_the_rest_and_back_closes_it(ann: Actor, jobs: Jobs) -> None:
    shown = await painted(ann, jobs)
    first = [["Light", "✓ Balanced", "Strong", "Wild"], ["🌈 Photo's colours", "🖼 Another style"], ["More…"]]
    assert shown.rows == first
    await ann.tap("More…", message=shown)
    opened = await ann.expect(buttons=["Back"])
    assert opened.id == shown.id
    assert opened.rows == [
        first[0],
        ["🔄 Swap", "📷 Another photo"],
        ["📄 As a file", "💟 Sticker"],
        ["🔁 Redo"],
        ["⬅️ Back"],
    ]
    await ann.tap("Back")
    assert (await ann.expect(buttons=["More…"])).rows == first


async def test_in_a_group_there_are_few_buttons_until_more_is_tapped(ann: Actor, ben: Actor) -> None:
    friends = ann.world.add_group("Friends", [ann.person, ben.person])
    await ann.send_photo(picture("red"), "/style", chat=friends)
    question = await ann.expect(text="reply to this message", chat=friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    shown = await result(ann, RED, BLUE, friends)
    assert len(shown.buttons) <= 4
    assert await ben.tap("More…", chat=friends) == "Only the person who asked can use these buttons."
    assert await ann.tap_more("Wild", chat=friends) == "Here we go!"
    again = await result(ann, RED, BLUE, friends)
    assert "Ann, here it is: wild." in again.text
    await ann.tap("More…", message=again, chat=friends)
    await ann.expect(buttons=["Back"], chat=friends)
    await ann.tap("Back", chat=friends)
    assert (await ann.expect(buttons=["More…"], chat=friends)).buttons == again.buttons


async def test_buttons_of_the_version_before_still_work(ann: Actor, jobs: Jobs) -> None:
    shown = await painted(ann, jobs)
    [job] = await done(jobs, ann)
    for data, is_done in ((f"p:{job.id}:strong", True), (f"k2:{job.id}:", True), (f"w:{job.id}:", True)):
        assert (await ann.tap_data(shown, data) == "Here we go!") == is_done
        await ann.expect(photo=True, buttons=["Another style"])


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
    await ann.tap("Photo's colours", message=first)  # which lets the bot look at the queue
    shown = await result(ann, RED, both)
    await result(ann, RED, BLUE)
    await ann.tap("Strong", message=shown)
    await result(ann, RED, both)
    assert [task.recipe.mix for task in easel.begun] == [None, (2, 1), None, (2, 1)]

    await ann.tap_more("Swap", message=shown)
    await result(ann, BLUE, RED)
    assert easel.begun[-1].recipe.mix is None


async def test_a_button_that_is_out_of_date_says_what_to_do_now(ann: Actor, jobs: Jobs) -> None:
    shown = await painted(ann, jobs)
    for data in ("zz:1:", f"p:{(await done(jobs, ann))[0].id}:gentle"):
        toast = await ann.tap_data(shown, data)
        assert toast == "That button no longer works: send me a photo to start over."


async def test_the_other_colours_are_one_tap_away(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap("Photo's colours")
    shown = await result(ann, RED, BLUE)
    assert shown.text == "Here it is: balanced · colours kept."
    assert (await done(jobs, ann, 2))[0].keep_colours
    await ann.tap("Style's colours", message=shown)
    assert "🌈 Photo's colours" in (await result(ann, RED, BLUE)).buttons
    assert not (await done(jobs, ann, 3))[0].keep_colours


async def test_swap_paints_the_style_in_the_manner_of_the_photo(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap_more("Swap")
    await result(ann, BLUE, RED)


async def test_the_same_photo_in_another_style(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs, "Strong")
    await ann.tap("Another style")
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("green"))
    prompt = await ann.expect(text="How strong", photo=True)
    assert "⭐ Balanced" in prompt.buttons  # their usual strength, and not that of the picture before
    await ann.tap("Wild")
    await result(ann, RED, GREEN)


async def test_another_photo_in_the_same_style(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap_more("Another photo")
    await ann.expect(text="photo to repaint in this style")
    await ann.send_photo(picture("green"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Wild")
    await result(ann, GREEN, BLUE)


async def test_as_a_file_is_a_png(ann: Actor, jobs: Jobs) -> None:
    await painted(ann, jobs)
    await ann.tap_more("As a file")
    file = await ann.expect(document=True)
    assert file.document_bytes().startswith(b"\x89PNG")


async def test_what_was_painted_already_is_shown_rather_than_painted(
    ann: Actor, jobs: Jobs, easel: Easel
) -> None:
    first = await painted(ann, jobs)
    await ann.tap("Strong")
    await result(ann, RED, BLUE)
    await done(jobs, ann, 2)
    assert await ann.tap("Strong", message=first) == ""
    assert (await result(ann, RED, BLUE)).text == "Strong"
    assert len(easel.begun) == 2


async def test_a_double_tap_on_stronger_paints_once(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await painted(ann, jobs)
    easel.hold()
    toasts = await asyncio.gather(ann.tap("Strong"), ann.tap("Strong"))
    assert toasts == ["Here we go!", "I'm on it already."]
    easel.go_on()
    await result(ann, RED, BLUE)
    await ann.expect_silence()


async def test_cancelled_work_may_be_asked_for_again(ann: Actor, jobs: Jobs, easel: Easel) -> None:
    await painted(ann, jobs)
    easel.hold()
    await ann.tap("Strong")
    await ann.expect(buttons=["Cancel"])
    assert await ann.tap("Cancel") == "Cancelled."
    await ann.expect(text="Cancelled")
    easel.go_on()
    assert await ann.tap("Strong") == "Here we go!"
    await result(ann, RED, BLUE)


@pytest.mark.parametrize("by", ["the button", "the command"])
async def test_what_was_cancelled_is_painted_after_all_in_the_same_message(
    ann: Actor, jobs: Jobs, easel: Easel, by: str
) -> None:
    await send_pair(ann)
    easel.hold()
    await ann.tap("Strong")
    progress = await ann.expect(buttons=["Cancel"])
    if by == "the button":
        assert await ann.tap("Cancel") == "Cancelled."
    else:
        await ann.send_text("/cancel")
    cancelled = await ann.expect(text="Cancelled.", buttons=["Paint it after all"])
    assert cancelled.id == progress.id
    easel.go_on()
    assert await ann.tap("Paint it after all") == "Here we go!"
    shown = await result(ann, RED, BLUE)
    assert shown.id == progress.id
    assert (await done(jobs, ann))[0].strength == "strong"


async def test_try_again_does_in_the_same_message(ann: Actor, easel: Easel) -> None:
    prompt = await send_pair(ann)
    easel.failures.append(PaintFailed("no"))
    await ann.tap("Light")
    sorry = await ann.expect(text="Sorry", buttons=["Try again"])
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


async def painted_often(user: Actor, jobs: Jobs, shared: Database, times: int) -> list[Job]:
    """A result, and more like it, newest first."""
    await painted(user, jobs, "Strong")
    [job] = await done(jobs, user)
    row = dict((await shared.read("SELECT * FROM jobs WHERE id = ?", (job.id,)))[0])
    names = ", ".join(name for name in row if name not in ("id", "request_key", "whose"))
    for number in range(2, times + 1):
        await shared.write(
            f"INSERT INTO jobs (request_key, {names}) SELECT ?, {names} FROM jobs WHERE id = ?",  # noqa: S608
            (f"copy {number}", job.id),
        )
    return await jobs.history(user.id, limit=times)


async def test_history_is_a_sheet_of_the_last_ten_with_a_number_for_each(
    ann: Actor, jobs: Jobs, shared: Database
) -> None:
    newest = await painted_often(ann, jobs, shared, times=12)
    await ann.send_text("/history")
    sheet = await ann.expect(text="Your last results: tap a number", photo=True)
    assert sheet.rows == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]
    assert sheet.callback_data("1") == f"h:{newest[0].id}:"
    assert sheet.callback_data("10") == f"h:{newest[9].id}:"


async def test_what_telegram_no_longer_has_makes_room_for_older_ones(
    ann: Actor, jobs: Jobs, shared: Database
) -> None:
    newest = await painted_often(ann, jobs, shared, times=12)
    for job in newest[:2]:
        await shared.write("UPDATE jobs SET result_thumbnail_id = 'gone' WHERE id = ?", (job.id,))
    await ann.send_text("/history")
    sheet = await ann.expect(text="Your last results", photo=True)
    assert len(sheet.buttons) == 10
    assert sheet.callback_data("1") == f"h:{newest[2].id}:"


async def test_history_is_fetched_in_small_sizes(
    ann: Actor, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    await painted(ann, jobs)
    [job] = await done(jobs, ann)
    assert job.result_thumbnail_id
    fetched = []

    async def fetch(_bot: object, file_id: str, _most: int) -> bytes:
        fetched.append(file_id)
        return picture("red")

    monkeypatch.setattr("bot.chat.contact_sheet.download", fetch)
    await ann.send_text("/history")
    await ann.expect(text="Your last results", photo=True)
    assert fetched == [job.result_thumbnail_id]


async def test_a_covered_result_stays_covered_on_the_sheet(ann: Actor, jobs: Jobs, shared: Database) -> None:
    await painted(ann, jobs)
    await shared.write("UPDATE jobs SET content_spoiler = TRUE")
    await ann.send_text("/history")
    assert (await ann.expect(text="Your last results", photo=True)).is_covered


@pytest.mark.parametrize("trouble", ["slow", "refused", "undrawable"])
async def test_where_no_sheet_can_be_made_history_is_a_list_of_words(
    ann: Actor, api: Emulator, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    await painted(ann, jobs, "Strong")
    match trouble:
        case "slow":
            monkeypatch.setattr("bot.chat.contact_sheet.PATIENCE", 0)
        case "refused":
            api.faults.next("sendPhoto", bad_request("IMAGE_PROCESS_FAILED"))
        case "undrawable":
            monkeypatch.setattr("bot.chat.contact_sheet._columns", lambda _count: 0)
    await ann.send_text("/history")
    menu = await ann.expect(text="Your last results: tap one", photo=False)
    assert menu.buttons[0].startswith("🖼 1. Strong · ")
    await ann.tap("Redo", message=menu)
    await ann.expect(text="How strong", photo=True)


async def test_a_number_shows_that_result_again_with_its_buttons(
    ann: Actor, jobs: Jobs, easel: Easel
) -> None:
    await painted(ann, jobs, "Strong")
    await ann.send_text("/history")
    sheet = await ann.expect(text="Your last results", photo=True)
    await ann.tap("1", message=sheet)
    shown = await result(ann, RED, BLUE)
    assert shown.text == "Strong"
    assert len(easel.begun) == 1
    await ann.tap_more("Redo", message=shown)
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Wild")
    await result(ann, RED, BLUE)
    assert (await done(jobs, ann, 2))[0].strength == "wild"


async def test_the_buttons_still_work_after_a_restart(ann: Actor, jobs: Jobs, restart: Restart) -> None:
    await painted(ann, jobs)
    await restart()
    await ann.tap_more("Swap")
    await result(ann, BLUE, RED)
