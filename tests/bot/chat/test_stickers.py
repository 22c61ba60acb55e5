"""A result as a sticker: in reply to it, and once made, sent again as it is."""

from io import BytesIO

import pytest
from PIL import Image

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.settings import Settings
from core.decoding.decoder import Decoder, DecoderUnavailable
from core.decoding.refusal import PictureError, Reason
from storage import Database, Jobs
from tests.bot.chat.conftest import Restart, done, result, send_pair
from tests.bot.chat.test_groups import ask
from tests.kit.easel import halves
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture
from tests.kit.waiting import eventually

GONE = "I can't find that picture any more."


@pytest.fixture
def friends(api: Emulator, ann: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person])


async def painted(user: Actor) -> SeenMessage:
    await send_pair(user)
    await user.tap("Light")
    return await result(user, RED, BLUE)


async def painted_in(group: Chat, user: Actor, jobs: Jobs) -> SeenMessage:
    question = await ask(user, group)
    await user.send_photo(picture("blue"), chat=group, reply_to=question)
    await user.expect(text="How strong", chat=group)
    await user.tap("Light", chat=group)
    shown = await result(user, RED, BLUE, group)
    await done(jobs, user)
    return shown


async def sticker(user: Actor, chat: Chat | None = None) -> SeenMessage:
    """The next sticker, which is of the result."""
    seen = await user.expect(where=lambda message: message.sticker is not None, chat=chat)
    assert seen.sticker
    assert max(seen.sticker["width"], seen.sticker["height"]) == 512
    left, right = halves(seen.sticker_bytes())
    assert left == pytest.approx(RED, abs=20)  # it may have been a JPEG before
    assert right == pytest.approx(BLUE, abs=20)
    return seen


async def test_it_is_sent_in_reply_to_the_result_as_soon_as_that_is_seen(ann: Actor) -> None:
    shown = await painted(ann)
    assert await ann.tap_more("Sticker") == ""
    assert (await sticker(ann)).reply_to_id == shown.id


async def test_a_second_tap_sends_the_same_sticker(ann: Actor) -> None:
    await painted(ann)
    await ann.tap_more("Sticker")
    first = await sticker(ann)
    await ann.tap("Sticker")
    again = await sticker(ann)
    assert again.id != first.id
    assert again.json["sticker"]["file_id"] == first.json["sticker"]["file_id"]


async def test_where_telegram_has_the_sticker_no_longer_it_is_made_again(ann: Actor, api: Emulator) -> None:
    await painted(ann)
    await ann.tap_more("Sticker")
    await sticker(ann)
    api.faults.next("sendSticker", bad_request("wrong file identifier/HTTP URL specified"))
    await ann.tap("Sticker")
    await sticker(ann)


async def test_without_its_file_it_is_made_of_the_photo_after_a_restart_too(
    ann: Actor, jobs: Jobs, settings: Settings, restart: Restart
) -> None:
    await painted(ann)
    [job] = await done(jobs, ann)
    await restart()
    (settings.data / "results" / f"{job.id}.png").unlink()
    await ann.tap_more("Sticker")
    await sticker(ann)


async def test_a_picture_that_is_nowhere_any_more_is_said_to_be_gone(
    ann: Actor, api: Emulator, jobs: Jobs, settings: Settings, shared: Database
) -> None:
    await painted(ann)
    [job] = await done(jobs, ann)
    kept = settings.data / "results" / f"{job.id}.png"
    await eventually(kept.exists)  # which is put there once the job is done
    kept.unlink()
    api.faults.next("getFile", bad_request("wrong file_id or the file is temporarily unavailable"))
    assert await ann.tap_more("Sticker") == GONE
    await shared.write("UPDATE jobs SET result_photo_file_id = ''")
    assert await ann.tap("Sticker") == GONE


@pytest.mark.parametrize(
    "error", [DecoderUnavailable("No memory."), PictureError(Reason.TOO_HEAVY, "It takes too long.")]
)
async def test_where_none_can_be_made_that_is_said(
    ann: Actor, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def fail(_decoder: Decoder, _data: bytes) -> bytes:
        raise error

    monkeypatch.setattr(Decoder, "sticker", fail)
    await painted(ann)
    assert "can't make a sticker of that right now" in await ann.tap_more("Sticker")


async def test_it_comes_in_the_topic_of_its_result(api: Emulator, ann: Actor, jobs: Jobs) -> None:
    forum = api.world.add_supergroup("Painters", [ann.person], forum=True)
    topic = ann.create_topic(forum, "Landscapes")
    content = await ann.send_photo(picture("red"), chat=forum, thread=topic)
    await ann.send_photo(picture("blue"), "/style", chat=forum, thread=topic, reply_to=content)
    await ann.expect(text="How strong", chat=forum)
    await ann.tap("Light", chat=forum)
    shown = await result(ann, RED, BLUE, forum)
    await done(jobs, ann)
    await ann.tap_more("Sticker", chat=forum)
    seen = await sticker(ann, forum)
    assert (seen.thread, seen.reply_to_id) == (topic, shown.id)


async def test_only_who_asked_for_the_result_gets_a_sticker(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs
) -> None:
    friends.members.append(ben.person)
    shown = await painted_in(friends, ann, jobs)
    [job] = await done(jobs, ann)
    assert "Only the person who asked" in await ben.tap_data(shown, f"st:{job.id}:")
    await ann.expect_silence(0.2, chat=friends)


async def test_where_a_group_lets_no_stickers_in_it_comes_to_the_private_chat_if_there_is_one(
    ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    await painted_in(friends, ann, jobs)
    ann.forbid(friends, "sticker")
    assert "Open our private chat" in await ann.tap_more("Sticker", chat=friends)
    await ann.send_text("/start")
    assert "coming to our private chat" in await ann.tap_more("Sticker", chat=friends)
    await sticker(ann)


async def test_of_a_covered_picture_a_group_sees_no_sticker(
    ann: Actor, friends: Chat, jobs: Jobs, shared: Database
) -> None:
    await painted_in(friends, ann, jobs)
    await shared.write("UPDATE jobs SET content_spoiler = TRUE")
    assert "can't be hidden" in await ann.tap_more("Sticker", chat=friends)
    await ann.send_text("/start")
    assert "coming to our private chat" in await ann.tap_more("Sticker", chat=friends)
    await sticker(ann)
    assert not [message for message in friends.messages.values() if "sticker" in message.content]


async def test_what_was_transparent_is_as_opaque_as_the_result(ann: Actor) -> None:
    """A drawing on nothing is painted on a ground, which the sticker shows up to its round corners."""
    drawing = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    drawing.paste((255, 0, 0, 255), (64, 64, 192, 192))
    data = BytesIO()
    drawing.save(data, "PNG")
    await ann.send_document(data.getvalue())
    await ann.expect(text="style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong")
    await ann.tap("Light")
    await ann.expect(photo=True, buttons=["Another style"])
    await ann.tap_more("Sticker")
    seen = await ann.expect(where=lambda message: message.sticker is not None)
    with Image.open(BytesIO(seen.sticker_bytes())) as webp:
        alpha = webp.convert("RGBA").getchannel("A")
    middle = alpha.crop((64, 64, alpha.width - 64, alpha.height - 64))
    assert middle.getextrema() == (255, 255)
    assert alpha.getpixel((0, 0)) == 0
