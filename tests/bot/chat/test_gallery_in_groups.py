"""The gallery in groups: the sheet after /style, and a painting by its name in one step."""

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import Job, Jobs
from tests.bot.chat.conftest import Restart, done, is_gone
from tests.bot.chat.test_gallery import GALLERY, colour
from tests.kit.easel import Easel, colour_of, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, picture


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])


def paintings(job: Job) -> list[str | None]:
    return [style.painting for style in job.styles]


def said_by_bot(api: Emulator, chat: Chat) -> int:
    return sum(message.sender is api.world.bot for message in chat.messages.values())


async def sheet(user: Actor, chat: Chat, **where: int) -> SeenMessage:
    photo = await user.send_photo(picture("red"), chat=chat, **where)  # type: ignore[arg-type]
    await user.send_text("/style", chat=chat, reply_to=photo, **where)  # type: ignore[arg-type]
    return await user.expect(text="reply to this message with the style", photo=True, chat=chat)


async def test_the_sheet_comes_after_style_and_goes_after_the_tap(
    api: Emulator, ann: Actor, ben: Actor, friends: Chat, jobs: Jobs
) -> None:
    shown = await sheet(ann, friends)
    assert shown.buttons == [*map(str, range(1, 13)), "🎲 Surprise me"]
    assert "Only the person" in await ben.tap("1", chat=friends)
    assert await ann.tap("1", chat=friends) == "Great Wave"
    await ann.expect(text="Style: Great Wave", photo=True, chat=friends)
    await is_gone(ann, shown)
    await ann.tap("Light", chat=friends)
    await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    [job] = await done(jobs, ann)
    assert paintings(job) == ["hokusai-great-wave"]
    assert said_by_bot(api, friends) <= 3


async def test_in_a_topic(api: Emulator, ann: Actor) -> None:
    forum = api.world.add_supergroup("Forum", [ann.person], forum=True)
    cats = ann.create_topic(forum, "Cats")
    shown = await sheet(ann, forum, thread=cats)
    assert shown.thread == cats
    await ann.tap("2", chat=forum)
    await ann.expect(text="Café Terrace", photo=True, chat=forum, thread=cats)
    await ann.tap("Light", chat=forum)
    await ann.expect(text="Ann, here it is", photo=True, chat=forum, thread=cats)


async def test_a_picture_in_reply_to_the_sheet_is_the_style(
    ann: Actor, ben: Actor, friends: Chat, restart: Restart, easel: Easel
) -> None:
    shown = await sheet(ann, friends)
    await restart()
    await ben.send_photo(picture("blue"), chat=friends, reply_to=shown)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    assert is_near(colour_of(easel.begun[-1].styles[0]), BLUE)


async def test_talk_under_the_sheet_is_pointed_to_it_in_words(ann: Actor, friends: Chat) -> None:
    shown = await sheet(ann, friends)
    await ann.send_text("hm, what now?", chat=friends, reply_to=shown)
    said = await ann.expect(text="reply to this message with the style", photo=False, chat=friends)
    assert said.reply_to_id == shown.id
    await ann.send_text("the great wave", chat=friends, reply_to=said)
    await ann.expect(text="Style: Great Wave", photo=True, chat=friends)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Great WAVE", "hokusai-great-wave"),
        ("большая волна", "hokusai-great-wave"),
        ("kandinsky", "kandinsky-composition-8"),
        ("3", "kandinsky-composition-8"),
        ("in the style of Dürer, please", "durer-lion"),
    ],
)
async def test_a_painting_by_its_name_in_one_step(
    ann: Actor, ben: Actor, friends: Chat, easel: Easel, jobs: Jobs, words: str, name: str
) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    await ann.send_text(f"/style {words}", chat=friends, reply_to=photo)
    await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    [job] = await done(jobs, ann)
    assert (paintings(job), job.strength) == ([name], "balanced")
    assert is_near(colour_of(easel.begun[-1].content), RED)


@pytest.mark.parametrize("words", ["random", "🎲", "Наугад"])
async def test_any_painting_under_ones_own_photo(ann: Actor, friends: Chat, jobs: Jobs, words: str) -> None:
    await ann.send_photo(picture("red"), f"/style@Stylegram_bot {words}", chat=friends)
    await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    [job] = await done(jobs, ann)
    assert GALLERY.get(paintings(job)[0] or "")


async def test_several_of_that_name_are_offered(ann: Actor, friends: Chat, jobs: Jobs) -> None:
    photo = await ann.send_photo(picture("red"), chat=friends)
    await ann.send_text("/style hokusai", chat=friends, reply_to=photo)
    asked = await ann.expect(text="Which of these do you mean?", chat=friends)
    assert asked.buttons == ["1. Great Wave", "10. Poppies"]
    assert "10. Katsushika Hokusai: Poppies" in asked.text
    await ann.tap("Poppies", chat=friends)
    await ann.expect(text="Style: Poppies", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    [job] = await done(jobs, ann)
    assert paintings(job) == ["hokusai-poppies"]


async def test_none_of_that_name_and_the_sheet_is_shown(ann: Actor, friends: Chat) -> None:
    photo = await ann.send_photo(picture("red"), chat=friends)
    await ann.send_text("/style picasso", chat=friends, reply_to=photo)
    await ann.expect(text="I have no painting of that name.", photo=True, buttons=["12"], chat=friends)
    await ann.send_text("/style please", chat=friends, reply_to=photo)
    shown = await ann.expect(text="reply to this message with the style", photo=True, chat=friends)
    assert "of that name" not in shown.text


async def test_a_name_and_no_photo(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/style great wave", chat=friends)
    asked = await ann.expect(text="with the photo to repaint", chat=friends)
    await ann.send_photo(picture("red"), chat=friends, reply_to=asked)
    await ann.expect(text="Great Wave", photo=True, chat=friends)


async def test_the_gallery_and_then_the_photo(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/gallery", chat=friends)
    await ann.expect(text="Tap the painting", photo=True, buttons=["12"], chat=friends)
    await ann.tap("1", chat=friends)
    asked = await ann.expect(text="with the photo to repaint", chat=friends)
    await ann.send_photo(picture("red"), chat=friends, reply_to=asked)
    await ann.expect(text="Great Wave", photo=True, chat=friends)


async def test_a_command_that_comes_again_paints_once(
    api: Emulator, ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    photo = await ann.send_photo(picture("red"), chat=friends)
    command = await ann.send_text("/style great wave", chat=friends, reply_to=photo)
    await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    await done(jobs, ann)
    api.world.updates.add("message", ann.message(command).to_json())
    await ann.expect_silence(0.3, chat=friends)
    assert len(await jobs.latest(None, ann.id, 9)) == 1


async def test_where_no_photos_may_be_sent_the_names_are_words(ann: Actor, friends: Chat) -> None:
    ann.forbid(friends, "photo")
    await ann.send_document(picture("red", kind="PNG"), "/style", chat=friends)
    await ann.expect(text="12. Albrecht Dürer: Lion", photo=False, buttons=["12"], chat=friends)
    await ann.tap("12", chat=friends)
    await ann.expect(text="Style: Lion", photo=False, buttons=["Light"], chat=friends)


@pytest.mark.parametrize("in_private", [True, False])
async def test_the_name_in_private_too(ann: Actor, jobs: Jobs, in_private: bool) -> None:
    """Under a photo, or for the one under way."""
    if in_private:
        await ann.send_photo(picture("red"), "/style mona lisa")
    else:
        await ann.send_photo(picture("green"))
        await ann.expect(text="Now send me the style")
        await ann.send_text("/style mona lisa")
    await ann.expect(text="ere it is", photo=True)
    [job] = await done(jobs, ann)
    assert paintings(job) == ["leonardo-mona-lisa"]
    await ann.send_photo(picture("blue"))
    await ann.expect(text="Now send me the style")


async def test_last_style_takes_all_of_them(
    ann: Actor, ben: Actor, friends: Chat, easel: Easel, jobs: Jobs
) -> None:
    shown = await sheet(ann, friends)
    await ann.send_photo(picture("green"), chat=friends, reply_to=shown)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Add a style", chat=friends)
    more = await ann.expect(text="with one more style picture", photo=True, chat=friends)
    assert "Only the person" in await ben.tap("1", chat=friends, message=more)
    await ann.tap("1", chat=friends, message=more)
    await ann.expect(text="1. your picture\n2. Great Wave", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await ann.expect(text="Ann, here it is", photo=True, chat=friends)
    await done(jobs, ann)
    photo = await ben.send_photo(picture("red"), chat=friends)
    await ben.send_text("/style", chat=friends, reply_to=photo)
    await ben.expect(buttons=["Use the last style"], chat=friends)
    await ben.tap("Use the last style", chat=friends)
    await ben.expect(text="The photo, then 2 styles", photo=True, chat=friends)
    await ben.tap("Light", chat=friends)
    await ben.expect(text="Ben, here it is", photo=True, chat=friends)
    styles = [colour_of(style) for style in easel.begun[-1].styles]
    assert all(map(is_near, styles, [GREEN, colour(1)]))
