"""🎲 wherever a style is asked for: a painting by lot, which the result names."""

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import Jobs
from tests.bot.chat.conftest import done
from tests.bot.chat.test_gallery import GALLERY
from tests.kit.people import Actor
from tests.kit.pictures import picture


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])


async def names_what_was_drawn(person: Actor, shown: SeenMessage, jobs: Jobs, count: int = 1) -> None:
    job = (await done(jobs, person, count))[0]
    drawn = GALLERY.get(job.styles[-1].painting or "")
    assert drawn
    assert drawn.label("en").short in shown.text


@pytest.mark.parametrize("begin", ["a photo", "/gallery", "/style"])
async def test_in_private(ann: Actor, jobs: Jobs, begin: str) -> None:
    if begin == "/gallery":
        await ann.send_text("/gallery")
        await ann.expect(buttons=["Surprise me"])
        assert (await ann.tap("Surprise me")).startswith("🎲 ")
        await ann.expect(text="photo")
        await ann.send_photo(picture("red"))
    else:
        await ann.send_photo(picture("red"), "/style 🎲" if begin == "/style" else "")
        if begin == "a photo":
            await ann.expect(buttons=["Surprise me"])
            assert (await ann.tap("Surprise me")).startswith("🎲 ")
    if begin != "/style":
        await ann.expect(text="How strong", buttons=["Light"])
        await ann.tap("Light")
    shown = await ann.expect(text="ere it is", photo=True, buttons=["Another style"])
    await names_what_was_drawn(ann, shown, jobs)


@pytest.mark.parametrize("begin", ["the question", "/gallery", "/style", "one more"])
async def test_in_a_group(ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, begin: str) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    if begin == "/style":
        await ann.send_text("/style 🎲", chat=friends, reply_to=photo)
    elif begin == "/gallery":
        await ann.send_text("/gallery", chat=friends)
        await ann.expect(buttons=["Surprise me"], chat=friends)
        await ann.tap("Surprise me", chat=friends)
        asked = await ann.expect(text="with the photo to repaint", chat=friends)
        await ann.send_photo(picture("red"), chat=friends, reply_to=asked)
    else:
        await ann.send_text("/style", chat=friends, reply_to=photo)
        await ann.expect(buttons=["Surprise me"], chat=friends)
        await ann.tap("1" if begin == "one more" else "Surprise me", chat=friends)
    if begin == "one more":
        await ann.expect(text="How strong", chat=friends)
        await ann.tap("Add a style", chat=friends)
        await ann.expect(buttons=["Surprise me"], chat=friends)
        await ann.tap("Surprise me", chat=friends)
    if begin != "/style":
        await ann.expect(text="How strong", chat=friends)
        await ann.tap("Light", chat=friends)
    shown = await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    await names_what_was_drawn(ann, shown, jobs)


@pytest.mark.parametrize("command", ["/remix 🎲", "/chain 🎲"])
async def test_on_a_result(ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, command: str) -> None:
    await ann.send_photo(picture("red"), "/style great wave", chat=friends)
    result = await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    await done(jobs, ann)
    await ben.send_text(command, chat=friends, reply_to=result)
    shown = await ben.expect(text="Ben, here it is", photo=True, chat=friends)
    await names_what_was_drawn(ben, shown, jobs)
