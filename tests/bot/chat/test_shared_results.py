"""What anybody in a group may do with a result: /remix, and a photo of their own in its style."""

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import Jobs
from tests.bot.chat.conftest import Restart, done, is_gone, result
from tests.bot.chat.test_groups import answer, ask, paint
from tests.kit.easel import Easel, colour_of, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW, picture


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])


async def painted(user: Actor, chat: Chat, easel: Easel) -> tuple[bytes, bytes]:
    """The photo and the style of the newest result."""
    await user.expect(photo=True, buttons=["Another style"], chat=chat)
    return easel.begun[-1].content, easel.begun[-1].styles[0]


async def test_remix_shows_the_last_photo_seen_and_paints_once_that_is_agreed_to(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, easel: Easel, restart: Restart
) -> None:
    shown = await paint(ann, friends, jobs)
    await ben.send_photo(picture("yellow"), chat=friends, reply_to=shown)
    await ben.expect(text="/remix", chat=friends)
    command = await ben.send_text("/remix", chat=friends)
    question = await ben.expect(text="in the style of this picture", photo=True, chat=friends)
    assert question.reply_to_id == command.id
    assert is_near(colour_of(question.photo_bytes()), YELLOW)
    assert len(easel.begun) == 1
    assert "Only the person" in await ann.tap("Light", chat=friends, message=question)
    await restart()
    await ben.tap("Light", chat=friends, message=question)
    content, style = await painted(ben, friends, easel)
    assert content == shown.photo_bytes()
    assert is_near(colour_of(style), YELLOW)


async def test_remix_is_asked_even_of_those_who_always_take_their_usual_strength(
    ann: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    await ann.send_photo(picture("yellow"), chat=friends, reply_to=shown)
    await ann.send_text("/settings")
    await ann.expect(text="Your settings")
    await ann.tap("without asking")
    await ann.send_text("/remix", chat=friends)
    await ann.expect(text="in the style of this picture", photo=True, chat=friends)
    assert len(easel.begun) == 1


async def test_remix_with_a_file_seen_last_points_to_its_message(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    sent = await ben.send_document(picture("green", kind="PNG"), chat=friends, reply_to=shown)
    await ben.expect(text="/remix", chat=friends)
    await ann.send_text("/remix", chat=friends)
    question = await ann.expect(text="in the style of this picture", chat=friends)
    assert question.reply_to_id == sent.id
    await ann.tap("Light", chat=friends)
    assert is_near(colour_of((await painted(ann, friends, easel))[1]), GREEN)


async def test_remix_asks_for_a_style_where_what_was_seen_can_no_longer_be_shown(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    sent = await ben.send_document(picture("green", kind="PNG"), chat=friends, reply_to=shown)
    await ben.expect(text="/remix", chat=friends)
    await ben.delete(sent)
    await ann.send_text("/remix", chat=friends)
    unclear = await ann.expect(text="in the style of this picture", chat=friends)
    question = await ann.expect(text="with the style picture", chat=friends)
    await is_gone(ann, unclear)
    await ann.send_photo(picture("yellow"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    assert is_near(colour_of((await painted(ann, friends, easel))[1]), YELLOW)


async def test_remix_does_not_take_the_pictures_of_the_result_itself(
    ann: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)  # whose style is the last photo seen
    await ann.send_text("/remix", chat=friends)
    await ann.expect(text="with the style picture", buttons=["Surprise me"], chat=friends)
    await ann.tap("1", chat=friends)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    assert (await painted(ann, friends, easel))[0] == shown.photo_bytes()


async def test_remix_in_reply_to_an_older_result_offers_the_style_of_the_last(
    ann: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    first = await paint(ann, friends, jobs, "red", "blue")
    await paint(ann, friends, jobs, "yellow", "green")
    await ann.send_text("/remix", chat=friends, reply_to=first)
    question = await ann.expect(text="in the style of this picture", photo=True, chat=friends)
    assert is_near(colour_of(question.photo_bytes()), GREEN)
    await ann.tap("Light", chat=friends)
    assert (await painted(ann, friends, easel))[0] == first.photo_bytes()


async def test_remix_with_a_name_is_painted_at_once(
    ann: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    command = await ann.send_text("/remix great wave", chat=friends)
    await answer(ann, command, friends, photo=True, buttons=["Another style"])
    assert easel.begun[-1].content == shown.photo_bytes()


async def test_remix_in_reply_to_the_bots_own_sheet_takes_no_sheet(
    ann: Actor, friends: Chat, jobs: Jobs, easel: Easel
) -> None:
    shown = await paint(ann, friends, jobs)
    sheet = await ask(ann, friends, "green")
    await ann.send_photo(picture("yellow"), "/remix", chat=friends, reply_to=sheet)
    content, style = await painted(ann, friends, easel)
    assert content == shown.photo_bytes()
    assert is_near(colour_of(style), YELLOW)


async def test_anybody_may_have_a_photo_of_their_own_in_the_same_style(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs, restart: Restart
) -> None:
    shown = await paint(ann, friends, jobs)
    await ben.tap("Repaint mine", chat=friends, message=shown)
    question = await ben.expect(text="Ben, reply to this message with the photo", chat=friends)
    assert question.reply_to_id == shown.id
    assert "Reply to my question" in await ben.tap("Repaint mine", chat=friends, message=shown)
    await restart()
    await ben.send_photo(picture("green"), chat=friends, reply_to=question)
    prompt = await ben.expect(text="How strong", photo=True, chat=friends)
    assert "Only the person" in await ann.tap("Light", chat=friends, message=prompt)
    await restart()
    await ben.tap("Light", chat=friends)
    assert (await result(ben, GREEN, BLUE, friends)).text.startswith("Ben")
    await done(jobs, ben)
    assert [job.user_id for job in await jobs.latest(None, None, 9)] == [ben.id, ann.id]


async def test_repaint_mine_takes_the_photo_that_waits_for_a_style(
    ann: Actor, ben: Actor, friends: Chat, jobs: Jobs
) -> None:
    shown = await paint(ann, friends, jobs)
    await ask(ben, friends, "yellow")
    await ben.tap("Repaint mine", chat=friends, message=shown)
    await ben.expect(text="How strong", photo=True, chat=friends)
    await ben.tap("Light", chat=friends)
    await result(ben, YELLOW, BLUE, friends)


async def test_repaint_mine_in_a_topic_stays_there(api: Emulator, ann: Actor, ben: Actor) -> None:
    forum = api.world.add_supergroup("Forum", [ann.person, ben.person], forum=True)
    cats = ann.create_topic(forum, "Cats")
    question = await ask(ann, forum, "red", thread=cats)
    await ann.send_photo(picture("blue"), chat=forum, thread=cats, reply_to=question)
    await ann.expect(text="How strong", chat=forum)
    await ann.tap("Light", chat=forum)
    shown = await result(ann, RED, BLUE, forum)
    await ben.tap("Repaint mine", chat=forum, message=shown)
    question = await ben.expect(text="Ben, reply to this message", chat=forum, thread=cats)
    await ben.send_photo(picture("green"), chat=forum, thread=cats, reply_to=question)
    await ben.expect(text="How strong", chat=forum, thread=cats)
    await ben.tap("Light", chat=forum)
    assert (await result(ben, GREEN, BLUE, forum)).thread == cats


async def test_a_private_result_has_no_such_button(ann: Actor) -> None:
    await ann.send_album([picture("red"), picture("blue")])
    await ann.expect(text="How strong")
    await ann.tap("Light")
    shown = await result(ann, RED, BLUE)
    assert not any("Repaint mine" in label for label in shown.buttons)
