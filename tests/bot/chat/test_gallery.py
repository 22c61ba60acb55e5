"""A painting of the gallery as the style: three taps from the photo to the result, and no typing."""

from pathlib import Path

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.gallery.collection import Gallery, paintings_of_the_bot
from bot.settings import Settings
from bot.wording.keyboards.taps import Action, Tap
from storage import Jobs, SessionKey, Sessions, State, name_of_question
from tests.bot.chat.conftest import Restart, done, is_gone, result, send_pair
from tests.bot.chat.test_copies import either, not_noted
from tests.kit.easel import Easel, colour_of
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, Colour, picture

GALLERY = Gallery(paintings_of_the_bot())
WRONG_ID = bad_request("wrong file identifier/HTTP URL specified")


def colour(number: int) -> Colour:
    return colour_of(list(GALLERY)[number - 1].bytes())


async def sheet(user: Actor) -> SeenMessage:
    """What comes after the photo."""
    await user.send_photo(picture("red"))
    return await user.expect(text="Now send me the style", photo=True, buttons=["12"])


async def test_three_taps_and_no_typing(ann: Actor, jobs: Jobs) -> None:
    shown = await sheet(ann)
    assert shown.buttons == [*map(str, range(1, 13)), "🎲 Surprise me"]
    assert "1. Katsushika Hokusai: The Great Wave off Kanagawa (about 1831)" in shown.text
    assert await ann.tap("1") == "Great Wave"
    prompt = await ann.expect(text="Style: Great Wave\nHow strong", photo=True)
    assert prompt.reply_to_id is None
    await ann.tap("Strong")
    await result(ann, RED, colour(1))
    [job] = await done(jobs, ann)
    assert [style.painting for style in job.styles] == ["hokusai-great-wave"]


async def test_by_lot_and_which_it_was_is_said(ann: Actor, jobs: Jobs) -> None:
    await sheet(ann)
    toast = await ann.tap("Surprise me")
    assert toast.startswith("🎲 ")
    await ann.expect(text="Style: ", photo=True)
    await ann.tap("Light")
    [job] = await done(jobs, ann)
    drawn = GALLERY.get(job.styles[0].painting or "")
    assert drawn
    assert toast == f"🎲 {drawn.label('en')}"


async def test_one_changes_ones_mind_under_the_same_sheet(ann: Actor) -> None:
    shown = await sheet(ann)
    await ann.tap("3")
    first = await ann.expect(text="Composition VIII", photo=True)
    await ann.tap("5", message=shown)
    second = await ann.expect(text="Moulin de la Galette", photo=True)
    await is_gone(ann, first)
    assert "settled. I have your" in await ann.tap("5", message=shown)
    await ann.tap("Light", message=second)
    await result(ann, RED, colour(5))


async def test_a_late_tap_begins_anew_with_the_same_photo(ann: Actor, jobs: Jobs) -> None:
    shown = await sheet(ann)
    await ann.tap("1")
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, colour(1))
    await done(jobs, ann)
    await ann.tap("10", message=shown)
    await ann.expect(text="Style: Poppies", photo=True)
    await ann.tap("Light")
    await result(ann, RED, colour(10))


async def test_a_tap_under_a_sheet_for_a_photo_that_is_given_up(ann: Actor) -> None:
    shown = await sheet(ann)
    await ann.send_text("/cancel")
    await ann.expect(text="Cancelled")
    assert "send me a photo" in await ann.tap("1", message=shown)
    await send_pair(ann, "green", "blue")
    assert "settled. I have your" in await ann.tap("1", message=shown)


async def test_ones_own_picture_instead(ann: Actor) -> None:
    await sheet(ann)
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


@pytest.mark.parametrize(("words", "number"), [("great wave", 1), ("Дюрер", 12), ("3", 3)])
async def test_its_name_in_answer_does_as_well(ann: Actor, words: str, number: int) -> None:
    await sheet(ann)
    await ann.send_text(words)
    await ann.expect(text="Style:", photo=True)
    await ann.tap("Light")
    await result(ann, RED, colour(number))


async def test_the_gallery_first_and_then_the_photo(ann: Actor) -> None:
    await ann.send_text("/gallery")
    await ann.expect(text="Tap the painting", photo=True, buttons=["12"])
    await ann.tap("1")
    await ann.expect(text="Now send me the photo")
    await ann.send_photo(picture("red"))
    await ann.expect(text="Great Wave", photo=True)
    await ann.tap("Light")
    await result(ann, RED, colour(1))


async def test_the_gallery_for_the_photo_under_way(ann: Actor) -> None:
    await send_pair(ann)
    await ann.send_text("/gallery")
    await ann.expect(text="Tap the painting", photo=True)
    await ann.tap("1")
    await ann.expect(text="Great Wave", photo=True)
    await ann.tap("Light")
    await result(ann, RED, colour(1))


async def test_swapped_the_painting_is_painted(ann: Actor, easel: Easel) -> None:
    await sheet(ann)
    await ann.tap("1")
    await ann.expect(text="Great Wave", photo=True)
    await ann.tap_more("Swap")
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, colour(1), RED)
    assert easel.begun[-1].content == next(iter(GALLERY)).bytes()


async def test_a_restart_between_every_two_steps(ann: Actor, restart: Restart) -> None:
    await sheet(ann)
    await restart()
    await ann.tap("1")
    await ann.expect(text="Great Wave", photo=True)
    await restart()
    await ann.tap("Add a style")
    await ann.expect(text="one more style", photo=True)
    await restart()
    await ann.tap("2")
    await ann.expect(text="1. Great Wave\n2. Café Terrace", photo=True)
    await restart()
    await ann.tap("Light")
    await ann.expect(photo=True, buttons=["Another style"])
    await restart()
    await ann.tap("Strong")
    await ann.expect(photo=True, buttons=["Another style"])


@either
async def test_a_sheet_that_was_sent_twice_works_twice(
    ann: Actor, sessions: Sessions, restart: Restart, copy: int
) -> None:
    asked = [await sheet(ann)]
    await not_noted(ann, sessions)
    await restart()
    asked.append(await ann.expect(text="Now send me the style", photo=True))
    await ann.tap("1", message=asked[copy])
    await ann.expect(text="Great Wave", photo=True)
    assert "settled" in await ann.tap("1", message=asked[1 - copy])


async def test_a_tap_that_comes_again_is_asked_about_once(api: Emulator, ann: Actor) -> None:
    await sheet(ann)
    api.faults.duplicate_updates(1)
    await ann.tap("1")
    await ann.expect(text="Great Wave", photo=True)
    await ann.expect_silence(0.3)


@pytest.mark.parametrize("value", ["", "p", "pffffffff", "p.", "x", "n99", "n-1", "nine", "n0", "r", "🎲"])
async def test_a_forged_tap_does_no_harm(ann: Actor, sessions: Sessions, value: str) -> None:
    shown = await sheet(ann)
    for question in ("", ".", ".12345678", f".{name_of_question(None, ())}"):
        await ann.tap_data(shown, Tap(Action.GALLERY, ann.id, value + question).data)
    session = await sessions.get(SessionKey(ann.id, 0, ann.id))
    assert session is not None
    assert session.styles == ()
    await ann.tap("1", message=shown)
    await ann.expect(text="Great Wave", photo=True)


async def test_the_sheet_is_uploaded_once_and_then_known(
    api: Emulator, ann: Actor, ben: Actor, restart: Restart
) -> None:
    async def file_id(user: Actor) -> str:
        await user.send_text("/gallery")
        shown = await user.expect(photo=True, buttons=["12"])
        return str(shown.json["photo"][-1]["file_id"])

    first = await file_id(ann)
    await restart()
    assert await file_id(ben) == first
    api.faults.next("sendPhoto", WRONG_ID)
    anew = await file_id(ben)
    assert anew != first
    assert await file_id(ann) == anew


async def test_where_photos_are_refused_names_will_do(api: Emulator, ann: Actor) -> None:
    api.faults.next("sendPhoto", bad_request("IMAGE_PROCESS_FAILED"))
    await ann.send_photo(picture("red"))
    await ann.expect(text="12. Albrecht Dürer: Lion", photo=False, buttons=["12"])
    await ann.tap("12")
    await ann.expect(text="Style: Lion", photo=True)


class TestOperatorsOwn:
    """Paintings of a folder, on pages."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "paintings"
        folder.mkdir()
        (folder / "lawn.png").write_bytes(picture("green", kind="PNG"))
        (folder / "wall.png").write_bytes(picture("yellow", 1500, 1200, kind="PNG"))
        (folder / "names.txt").write_text("wall.png = Banksy: <The> wall & all\n")
        return folder

    @pytest.fixture
    def settings(self, settings: Settings, folder: Path) -> Settings:
        return settings.model_copy(update={"gallery": folder})

    async def test_they_are_on_the_next_page(self, ann: Actor) -> None:
        shown = await sheet(ann)
        assert shown.buttons[-2:] == ["🎲 Surprise me", "▶️"]
        await ann.tap("▶️")
        second = await ann.expect(text="14. Banksy: <The> wall & all", photo=True)
        assert second.id == shown.id
        assert second.buttons == ["13", "14", "◀️", "🎲 Surprise me"]
        await ann.tap("◀️")
        await ann.expect(text="1. Katsushika", photo=True, buttons=["▶️"])
        await ann.tap("▶️")
        await ann.expect(text="13. Lawn", photo=True)
        await ann.tap("14")
        await ann.expect(text="Style: <The> wall & all", photo=True)
        await ann.tap("Light")
        await result(ann, RED, (255, 255, 0))

    async def test_one_that_is_gone_is_said_to_be(
        self, ann: Actor, jobs: Jobs, folder: Path, restart: Restart
    ) -> None:
        await sheet(ann)
        await ann.send_text("lawn")
        await ann.expect(text="Lawn", photo=True)
        await ann.tap("Light")
        shown = await result(ann, RED, GREEN)
        await ann.tap("Another style")
        await ann.expect(text="Now send me the style")
        await ann.tap("▶️")
        other = await ann.expect(text="13. Lawn", photo=True)
        await ann.send_text("lawn")
        prompt = await ann.expect(text="Style: Lawn", photo=True)
        (folder / "lawn.png").unlink()
        await restart()
        assert "no longer in my gallery" in await ann.tap("13", message=other)
        assert "no longer in my gallery" in await ann.tap("Light", message=prompt)
        await ann.tap("Strong", message=shown)
        await ann.expect(text="no longer in my gallery")
        assert [job.error for job in await jobs.latest(State.FAILED, ann.id, 1)] == [
            "the gallery has no lawn any more"
        ]

    async def test_one_that_is_damaged_while_the_bot_runs(self, ann: Actor, folder: Path) -> None:
        (folder / "lawn.png").write_bytes(b"no picture any more")
        await sheet(ann)
        await ann.tap("▶️")
        await ann.expect(text="13. Lawn", buttons=["13", "14"])
