"""Whatever else people send: one friendly sentence, and nothing is lost by it."""

from collections.abc import Awaitable, Callable

import pytest

from tests.bot.chat.conftest import result, send_pair
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture

Send = Callable[[Actor], Awaitable[object]]

WRONG: dict[str, tuple[Send, str]] = {
    "text": (lambda user: user.send_text("hello"), "a picture"),
    "an emoji": (lambda user: user.send_text("🙂"), "a picture"),
    "a very long text": (lambda user: user.send_text("art " * 1000), "a picture"),
    "a link": (lambda user: user.send_text("https://example.org/cat.jpg"), "can't open links"),
    "text with a link": (lambda user: user.send_text("this one: https://example.org"), "can't open links"),
    "an unknown command": (lambda user: user.send_text("/paint"), "/help"),
    "an unknown command with more": (lambda user: user.send_text("/paint a cat"), "/help"),
    "a group's command": (lambda user: user.send_text("/style"), "/help"),
    "HTML": (lambda user: user.send_text("<b>&</b>"), "a picture"),
    "a sticker": (lambda user: user.send_sticker(), "a picture"),
    "a voice": (lambda user: user.send_voice(), "a picture"),
    "a film": (lambda user: user.send_video(), "a picture"),
    "a film with words": (lambda user: user.send_video(caption="look"), "a picture"),
    "a place": (lambda user: user.send_location(), "a picture"),
    "a contact": (lambda user: user.send_contact(), "a picture"),
    "a poll": (lambda user: user.send_poll("Cats?", ["yes", "no"]), "a picture"),
    "a text file": (
        lambda user: user.send_document(b"words", name="a.txt", mime_type="text/plain"),
        "a picture",
    ),
    "a file of no kind": (
        lambda user: user.send_document(b"?", name="data", mime_type="application/octet-stream"),
        "a picture",
    ),
    "a drawing program's file": (
        lambda user: user.send_document(b"8BPS", name="a.psd", mime_type="image/vnd.adobe.photoshop"),
        "JPEG",
    ),
    "too large a file": (lambda user: user.send_document(bytes(20_500_000), name="a.png"), "20 MB"),
}


async def test_a_user_who_sends_twenty_kinds_of_wrong_thing_is_answered_each_time(ann: Actor) -> None:
    assert len(WRONG) == 20
    for send, answer in WRONG.values():
        await send(ann)
        said = await ann.expect()
        assert answer in said.text
        assert len(said.text) < 200
    await ann.expect_silence()
    await send_pair(ann)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


@pytest.mark.parametrize("kind", ["text", "a sticker", "too large a file"])
async def test_wrong_things_between_the_photos_do_no_harm(ann: Actor, kind: str) -> None:
    send, _ = WRONG[kind]
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await send(ann)
    await ann.expect(text="20 MB" if "large" in kind else "Now send me the style")
    await ann.send_photo(picture("blue"))
    prompt = await ann.expect(text="How strong")
    await send(ann)
    said = await ann.expect(text="20 MB" if "large" in kind else "tap how strong")
    assert said.reply_to_id == (None if "large" in kind else prompt.id)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_an_edited_message_is_not_heard_again(ann: Actor) -> None:
    said = await ann.send_text("/help")
    await ann.expect(text="/swap")
    await ann.edit_text(said, "/history")
    await ann.expect_silence()


@pytest.mark.parametrize(
    "data", ["", "nonsense", "s", "s:x:light", "zz:1:", "s:1:light:more", "c:0:", "h:-1:x", "🙂"]
)
async def test_a_button_nobody_made_is_answered(ann: Actor, data: str) -> None:
    prompt = await send_pair(ann)
    toast = await ann.tap_data(prompt, data)
    assert toast
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_a_strength_nobody_offered_is_answered_and_changes_nothing(ann: Actor) -> None:
    prompt = await send_pair(ann)
    for data in (f"s:{ann.id}:infinite", f"y:{ann.id}:x", f"e:{ann.id}:strength=infinite", f"d:{ann.id}:"):
        assert await ann.tap_data(prompt, data) is not None
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_an_old_question_is_settled(ann: Actor) -> None:
    first = await send_pair(ann)
    await ann.send_photo(picture("green"))
    await ann.expect(text="How strong")
    assert "settled" in await ann.tap_data(first, f"s:{ann.id}:light")


async def test_a_button_on_a_message_too_old_to_be_told_is_harmless(ann: Actor) -> None:
    """Telegram then tells only the message's id, and a date of 0."""
    await ann.send_text("/start")
    old = await ann.expect(text="Send me a photo")
    await send_pair(ann)
    for data in (f"s:{ann.id}:light", f"k:{ann.id}:", "c:1:", f"e:{ann.id}:larger=yes"):
        await ann.tap_data(old, data, too_old=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)
