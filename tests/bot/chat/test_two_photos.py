"""Photo, photo, strength, in every form they come in."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import server_error
from core.decoding.picture import open_picture
from storage import Jobs
from tests.bot.chat.conftest import done, is_gone, result, send_pair
from tests.kit.easel import Easel, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW, picture


async def test_start_says_in_three_lines_what_to_do(ann: Actor) -> None:
    await ann.send_text("/start")
    said = await ann.expect()
    assert len(said.text.splitlines()) == 3


async def test_two_photos_and_a_strength_make_a_picture(ann: Actor, jobs: Jobs) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"))
    prompt = await ann.expect(text="How strong", photo=True)
    assert [label.split(maxsplit=1)[1] for label in prompt.buttons] == [
        *("Light", "Balanced", "Strong", "Wild", "Classic"),
        *("Keep colours", "Larger", "Add a style", "Swap", "Always ⭐ Balanced", "Cancel"),
    ]
    assert await ann.tap("Strong") == "Here we go!"
    shown = await result(ann, RED, BLUE)
    assert shown.id == prompt.id
    [job] = await done(jobs, ann)
    assert (job.strength, job.keep_colours, job.larger) == ("strong", False, False)


async def test_the_question_shows_both_pictures_side_by_side(ann: Actor) -> None:
    prompt = await send_pair(ann)
    preview = open_picture(prompt.photo_bytes())
    height, width = preview.shape[:2]
    left, right = preview[:, : width // 3], preview[:, -width // 3 :]
    assert width > 2 * height
    assert is_near(tuple(left.mean(axis=(0, 1)).round().astype(int)), RED)
    assert is_near(tuple(right.mean(axis=(0, 1)).round().astype(int)), BLUE)


async def test_an_album_is_photo_and_style_with_one_question(ann: Actor) -> None:
    await ann.send_album([picture("red"), picture("blue")])
    prompt = await ann.expect(text="How strong", photo=True)
    await ann.expect_silence(1)
    assert [message.id for message in ann.private.messages.values()][-1] == prompt.id
    assert len(ann.private.messages) == 3
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_an_album_counts_in_its_order_even_if_that_is_lost_on_the_way(
    api: Emulator, ann: Actor
) -> None:
    api.faults.reorder_updates(2)
    await ann.send_album([picture("red"), picture("blue")])
    await ann.expect(text="How strong")
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_an_album_begins_anew(ann: Actor) -> None:
    await ann.send_photo(picture("yellow"))
    await ann.expect(text="style")
    await ann.send_album([picture("red"), picture("blue")])
    await ann.expect(text="How strong")
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_an_album_with_one_picture_and_a_film_asks_once_for_the_style(ann: Actor) -> None:
    photo, _ = await ann.send_album([picture("red"), picture("blue")])
    await ann.expect(text="How strong")
    await ann.tap("Cancel")
    await ann.expect(text="Cancelled")
    # Clients put photos and films in one album; the emulator's users cannot, so join them by hand.
    world, album = ann.world, {"media_group_id": "42"}
    content = {"photo": photo.json["photo"]}
    world.post(ann.private, ann.person, content, extra=album)
    film = (await ann.send_video()).json["video"]
    await ann.expect(text="Now send me the style")
    world.post(ann.private, ann.person, {"video": film}, extra={"media_group_id": "43"})
    await ann.expect(text="Now send me the style")
    await ann.expect_silence(1)


@pytest.mark.parametrize(
    ("name", "mime_type"), [("a.png", "image/png"), ("A.PNG", "application/octet-stream")]
)
async def test_pictures_sent_as_files_are_as_good(ann: Actor, name: str, mime_type: str) -> None:
    await ann.send_document(picture("red", kind="PNG"), name=name, mime_type=mime_type)
    await ann.expect(text="style")
    await ann.send_document(picture("blue", kind="PNG"), name=name, mime_type=mime_type)
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Balanced")
    await result(ann, RED, BLUE)


async def test_an_album_of_files(ann: Actor) -> None:
    await ann.send_album([picture("red", kind="PNG"), picture("blue", kind="PNG")], as_files=True)
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Balanced")
    await result(ann, RED, BLUE)


async def test_without_thumbnails_the_question_is_only_words(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.telegram.photo_sizes.thumbnail", lambda _: None)
    await ann.send_document(picture("red"))
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=False, buttons=["Balanced"])


async def test_a_file_over_the_limit_is_refused_with_the_limit(ann: Actor) -> None:
    await ann.send_document(bytes(20_000_001), name="huge.png")
    await ann.expect(text="up to 20 MB")
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")


async def test_a_picture_of_a_kind_nobody_reads_is_refused_at_once(ann: Actor) -> None:
    await ann.send_document(b"<svg/>", name="drawing.svg", mime_type="image/svg+xml")
    await ann.expect(text="can't read that kind")


async def test_a_photo_too_thin_to_paint_is_refused_at_once(ann: Actor) -> None:
    data = BytesIO()
    Image.new("RGB", (150, 10), "red").save(data, "PNG")
    await ann.send_photo(data.getvalue())
    await ann.expect(text="too tiny")


async def test_a_third_photo_is_another_style(ann: Actor) -> None:
    first = await send_pair(ann)
    await ann.send_photo(picture("green"))
    second = await ann.expect(text="How strong", photo=True)
    assert second.id > first.id
    await is_gone(ann, first)
    await ann.tap("Wild")
    await result(ann, RED, GREEN)


async def test_toggles_stay_and_count(ann: Actor, jobs: Jobs) -> None:
    await send_pair(ann)
    await ann.tap("Keep colours")
    await ann.expect(buttons=["✅ Keep colours", "▫️ Larger"])
    await ann.tap("Larger")
    await ann.expect(buttons=["✅ Keep colours", "✅ Larger"])
    await ann.tap("Keep colours")
    await ann.expect(buttons=["▫️ Keep colours", "✅ Larger"])
    await ann.tap("Classic")
    await result(ann, RED, BLUE)
    [job] = await done(jobs, ann)
    assert (job.strength, job.keep_colours, job.larger) == ("classic", False, True)


async def test_cancel_forgets_the_two_pictures(ann: Actor) -> None:
    prompt = await send_pair(ann)
    await ann.tap("Cancel")
    await ann.expect(text="Cancelled")
    await is_gone(ann, prompt)
    await ann.send_photo(picture("yellow"))
    await ann.expect(text="Now send me the style")


async def test_a_double_tap_makes_one_picture(ann: Actor, easel: Easel, jobs: Jobs) -> None:
    prompt = await send_pair(ann)
    easel.hold()
    toasts = await asyncio.gather(*(ann.tap(label, message=prompt) for label in ("Strong", "Strong", "Wild")))
    assert toasts == ["Here we go!", "I'm on it already.", "I'm on it already."]
    easel.go_on()
    await result(ann, RED, BLUE)
    assert len(await done(jobs, ann)) == 1


async def test_an_update_that_comes_twice_counts_once(api: Emulator, ann: Actor) -> None:
    await ann.send_text("/help")
    await ann.expect(text="/swap")
    api.faults.duplicate_updates(2)
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong")
    await ann.expect_silence()


async def test_two_requests_one_after_another_are_kept_apart(ann: Actor, easel: Easel) -> None:
    await send_pair(ann, "red", "blue")
    easel.hold()
    await ann.tap("Light")
    await ann.expect(buttons=["Cancel"])
    await send_pair(ann, "green", "yellow")
    await ann.tap("Wild")
    easel.go_on()
    await result(ann, RED, BLUE)
    await result(ann, GREEN, YELLOW)


async def test_a_full_queue_is_explained_and_nothing_is_lost(ann: Actor, easel: Easel) -> None:
    easel.hold()
    for shown in ("Painting", "next", "number 2", "number 3"):
        await send_pair(ann)
        assert await ann.tap("Light") == "Here we go!"
        await ann.expect(text=shown)
    await send_pair(ann)
    assert "as many pictures waiting" in await ann.tap("Light")
    easel.go_on()
    for _ in range(4):
        await result(ann, RED, BLUE)
    assert await ann.tap("Light") == "Here we go!"
    await result(ann, RED, BLUE)


async def test_the_users_own_strength_has_a_star(ann: Actor) -> None:
    prompt = await send_pair(ann)
    assert [label for label in prompt.buttons if "⭐" in label] == ["⭐ Balanced", "▫️ Always ⭐ Balanced"]
    await ann.tap("Cancel")
    await ann.send_text("/settings")
    await ann.expect(buttons=["Wild", "Larger"])
    await ann.tap("Wild")
    prompt = await send_pair(ann, "green", "yellow")
    assert [label for label in prompt.buttons if "⭐" in label] == ["⭐ Wild", "▫️ Always ⭐ Wild"]


async def test_a_question_that_was_deleted_is_asked_again(ann: Actor) -> None:
    prompt = await send_pair(ann)
    await ann.delete(prompt)
    await ann.send_text("where is it?")
    await ann.expect(text="How strong", photo=True, buttons=["Balanced"])
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_a_question_that_telegram_does_not_take_is_asked_until_it_does(
    api: Emulator, ann: Actor
) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    api.faults.next("sendPhoto", server_error(), times=2)
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=True)
    await ann.expect_silence(0)
