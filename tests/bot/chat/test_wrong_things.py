"""Whatever else people send: one friendly sentence, and nothing is lost by it."""

from collections.abc import Awaitable, Callable

import pytest

from bot.demo.telegram.emulator import Emulator
from tests.bot.chat.conftest import result, send_pair
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture

Send = Callable[[Actor], Awaitable[object]]

WRONG: dict[str, tuple[Send, str]] = {
    "text": (lambda user: user.send_text("hello"), "as a photo or as a file"),
    "an emoji": (lambda user: user.send_text("🙂"), "as a photo or as a file"),
    "a very long text": (lambda user: user.send_text("art " * 1000), "as a photo or as a file"),
    "a link": (lambda user: user.send_text("https://example.org/cat.jpg"), "can't open links"),
    "text with a link": (lambda user: user.send_text("this one: https://example.org"), "can't open links"),
    "an unknown command": (lambda user: user.send_text("/paint"), "/help"),
    "an unknown command with more": (lambda user: user.send_text("/paint a cat"), "/help"),
    "a group's command": (lambda user: user.send_text("/style"), "Reply to a photo"),
    "HTML": (lambda user: user.send_text("<b>&</b>"), "as a photo or as a file"),
    "a sticker that moves": (lambda user: user.send_sticker(), "animated stickers"),
    "a voice": (lambda user: user.send_voice(), "as a photo or as a file"),
    "music": (lambda user: user.send_audio(), "as a photo or as a file"),
    "a film": (lambda user: user.send_video(), "a screenshot or a photo"),
    "a film with words": (lambda user: user.send_video(caption="look"), "a screenshot or a photo"),
    "a film as a file": (
        lambda user: user.send_document(b"a film", name="a.mov", mime_type="video/quicktime"),
        "a screenshot or a photo",
    ),
    "a video message": (lambda user: user.send_video_note(), "a screenshot or a photo"),
    "a story": (lambda user: user.send_story(), "a screenshot or a photo"),
    "a photo for money": (lambda user: user.send_paid_photo(), "send me the photo itself"),
    "a place": (lambda user: user.send_location(), "a photo of it"),
    "a place with a name": (lambda user: user.send_venue(), "a photo of it"),
    "a contact": (lambda user: user.send_contact(), "a photo instead"),
    "a poll": (lambda user: user.send_poll("Cats?", ["yes", "no"]), "as a photo or as a file"),
    "a dice": (lambda user: user.send_dice(), "as a photo or as a file"),
    "a text file": (
        lambda user: user.send_document(b"words", name="a.txt", mime_type="text/plain"),
        "not a picture I can open",
    ),
    "a file of no kind": (
        lambda user: user.send_document(b"?", name="data", mime_type="application/octet-stream"),
        "not a picture I can open",
    ),
    "a drawing program's file": (
        lambda user: user.send_document(b"8BPS", name="a.psd", mime_type="image/vnd.adobe.photoshop"),
        "JPEG",
    ),
    "too large a file": (lambda user: user.send_document(bytes(20_500_000), name="a.png"), "20 MB"),
}


async def test_a_user_who_sends_every_kind_of_wrong_thing_is_answered_each_time(ann: Actor) -> None:
    assert len(WRONG) == 27
    for send, answer in WRONG.values():
        await send(ann)
        said = await ann.expect()
        assert answer in said.text
        assert len(said.text) < 200
    await ann.expect_silence()
    await send_pair(ann)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


@pytest.mark.parametrize("kind", ["a link", "a voice", "a story", "too large a file"])
async def test_wrong_things_between_the_photos_do_no_harm(ann: Actor, kind: str) -> None:
    send, answer = WRONG[kind]
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await send(ann)
    await ann.expect(text="Now send me the style" if kind == "a voice" else answer)
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong")
    await send(ann)
    await ann.expect(text=answer if kind in ("a link", "too large a file") else "tap how strong")
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_what_is_no_picture_is_answered_in_reply_to_it(ann: Actor) -> None:
    for send in (ann.send_story, ann.send_video):
        sent = await send()
        assert (await ann.expect(text="a screenshot or a photo")).reply_to_id == sent.id


async def test_in_a_group_only_where_the_bot_was_spoken_to(api: Emulator, ann: Actor) -> None:
    friends = api.world.add_supergroup("Friends", [ann.person])
    ann.promote_bot(friends)
    await ann.expect(text="Hello!", chat=friends)
    sent = [await ann.send_video(chat=friends), await ann.send_story(chat=friends)]
    await ann.expect_silence(0.2, chat=friends)
    for film in sent:
        await ann.send_text("/style", chat=friends, reply_to=film)
        assert (await ann.expect(text="a screenshot or a photo", chat=friends)).reply_to_id == film.id
    await ann.send_video(caption="/style", chat=friends)
    await ann.expect(text="a screenshot or a photo", chat=friends)
    photo = await ann.send_photo(picture("red"), "/style", chat=friends)
    question = await ann.expect(text="with the style picture", chat=friends)
    assert question.reply_to_id == photo.id
    await ann.send_video_note(chat=friends, reply_to=question)
    await ann.expect(text="a screenshot or a photo", chat=friends)
    await ann.send_voice(chat=friends, reply_to=question)
    await ann.expect(text="reply to this message with the style", chat=friends)


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
