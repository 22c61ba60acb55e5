"""Everything that shows a picture is one: whatever a file is called, stickers, quotes, what was replaced."""

import pytest

from bot.demo.telegram.emulator import Emulator
from storage import Jobs, SessionKey, Sessions
from tests.bot.chat.conftest import Restart, done, is_gone, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW, picture


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [
        ("a.jfif", "image/jpeg"),
        ("a.jfif", "application/octet-stream"),
        ("A.JFIF", ""),
        ("a.jpg", "image/pjpeg"),
        ("photo", "image/pjpeg"),
        ("a.jpe", "application/octet-stream"),
        ("photo", "application/octet-stream"),
        ("photo.jpg_large", "binary/octet-stream"),
        ("photo.dat", ""),
        ("photo.txt", "text/plain"),
        ("photo", "image/x-unheard-of"),
        ("photo.jpg", "video/mp4"),
        ("a.jpg", "Image/JPEG; charset=binary"),
    ],
)
async def test_a_jpeg_is_a_picture_whatever_it_is_called(ann: Actor, name: str, mime_type: str) -> None:
    await ann.send_document(picture("red"), name=name, mime_type=mime_type)
    await ann.expect(text="Now send me the style")


@pytest.mark.parametrize(
    ("name", "mime_type", "answer"),
    [
        ("a.txt", "text/plain", "not a picture I can open"),
        ("data", "application/octet-stream", "not a picture I can open"),
        ("data", "", "not a picture I can open"),
        ("a.svg", "image/svg+xml", "not a picture I can open"),
        ("a.pdf", "application/pdf", "as a photo or as a file"),
        ("a.mp4", "video/mp4", "send me a screenshot"),
        ("a.mp3", "audio/mpeg", "as a photo or as a file"),
    ],
)
async def test_what_is_none_is_refused_at_once(ann: Actor, name: str, mime_type: str, answer: str) -> None:
    await ann.send_document(b"these are only words", name=name, mime_type=mime_type)
    await ann.expect(text=answer)
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")


async def test_a_sticker_that_stands_still_is_a_picture(ann: Actor) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_sticker(picture("blue", kind="WEBP", lossless=True))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_an_animation_is_the_frame_that_telegram_shows_of_it(ann: Actor) -> None:
    await ann.send_animation(picture("red", kind="GIF"))
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_a_photo_quoted_out_of_another_chat(api: Emulator, ann: Actor, ben: Actor) -> None:
    elsewhere = api.world.add_group("Elsewhere", [ben.person, ann.person], with_bot=False)
    quoted = await ben.send_photo(picture("red"), chat=elsewhere)
    await ann.quote(quoted, "this one")
    await ann.expect(text="Now send me the style")
    friends = api.world.add_supergroup("Friends", [ann.person])
    await ann.quote(quoted, "/style", chat=friends)
    question = await ann.expect(text="with the style picture", chat=friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


@pytest.mark.parametrize("covered", ["content", "style"])
async def test_a_spoiler_stays_one(
    ann: Actor, easel: Easel, jobs: Jobs, restart: Restart, covered: str
) -> None:
    await ann.send_photo(picture("red"), spoiler=covered == "content")
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"), spoiler=covered == "style")
    await restart()
    prompt = await ann.expect(text="How strong", photo=True)
    assert prompt.is_covered
    easel.hold()
    await ann.tap("Light")
    await ann.expect(text="Painting", where=lambda seen: seen.is_covered)
    easel.go_on()
    shown = await result(ann, RED, BLUE)
    assert shown.is_covered
    await done(jobs, ann)
    await ann.send_text("/history")
    await ann.expect(text="Your last results")
    await ann.tap("1")
    assert (await result(ann, RED, BLUE)).is_covered
    await ann.tap("Strong")
    assert (await result(ann, RED, BLUE)).is_covered


async def test_what_was_not_covered_is_not(ann: Actor) -> None:
    assert not (await send_pair(ann)).is_covered
    await ann.tap("Light")
    assert not (await result(ann, RED, BLUE)).is_covered


async def test_remix_covers_what_was_covered(api: Emulator, ann: Actor, jobs: Jobs) -> None:
    friends = api.world.add_supergroup("Friends", [ann.person])
    photo = await ann.send_photo(picture("red"), "/style", chat=friends)
    question = await ann.expect(text="with the style picture", chat=friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    assert not (await result(ann, RED, BLUE, friends)).is_covered
    await done(jobs, ann)
    photo = await ann.send_photo(picture("green"), "/remix", chat=friends, spoiler=True)
    shown = await ann.expect(photo=True, buttons=["Another style"], chat=friends)
    assert shown.is_covered
    assert photo.is_covered


async def test_a_photo_replaced_before_the_style_comes(ann: Actor) -> None:
    photo = await ann.send_photo(picture("yellow"))
    await ann.expect(text="Now send me the style")
    await ann.replace_photo(photo, picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong")
    await ann.tap("Light")
    await result(ann, RED, BLUE)


@pytest.mark.parametrize("which", ["content", "style"])
async def test_a_photo_replaced_while_choosing_is_asked_about_anew(
    ann: Actor, restart: Restart, which: str
) -> None:
    content = await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    style = await ann.send_photo(picture("blue"))
    first = await ann.expect(text="How strong", photo=True)
    await restart()
    await ann.replace_photo(content if which == "content" else style, picture("green"))
    await ann.expect(text="How strong", photo=True)
    await is_gone(ann, first)
    await ann.tap("Light")
    await result(ann, *((GREEN, BLUE) if which == "content" else (RED, GREEN)))


async def test_a_photo_replaced_once_it_is_used_changes_nothing(ann: Actor, easel: Easel) -> None:
    content = await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=True)
    easel.hold()
    await ann.tap("Light")
    await ann.replace_photo(content, picture("green"))
    await ann.expect(text="Painting")
    easel.go_on()
    await result(ann, RED, BLUE)
    await ann.expect_silence(0.2)


async def test_a_photo_replaced_by_what_is_none_stays(ann: Actor) -> None:
    photo = await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.replace_photo(photo, picture("green", 150, 10))
    await ann.expect(text="too tiny: each side needs at least 16 pixels. I'll go on with the picture")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_a_friends_photo_that_they_replace(api: Emulator, ann: Actor, ben: Actor) -> None:
    friends = api.world.add_supergroup("Friends", [ann.person, ben.person])
    ann.promote_bot(friends)
    photo = await ben.send_photo(picture("red"), chat=friends)
    await ann.send_text("/style", chat=friends, reply_to=photo)
    await ann.expect(text="with the style picture", chat=friends)
    await ben.replace_photo(photo, picture("yellow"))
    question = await ann.expect(text="with the style picture", chat=friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, YELLOW, BLUE, friends)


async def test_edited_words_are_not_heard_again(ann: Actor, sessions: Sessions) -> None:
    photo = await ann.send_photo(picture("red"), "a cat")
    await ann.expect(text="Now send me the style")
    await ann.edit_text(photo, "/cancel")
    said = await ann.send_text("hello")
    await ann.expect(text="Now send me the style")
    await ann.edit_text(said, "/cancel")
    await ann.expect_silence(0.2)
    assert await sessions.get(SessionKey(ann.id, 0, ann.id)) is not None
