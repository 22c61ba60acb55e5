"""Groups that do not let everything in: whoever asks there gets their picture, or is told how."""

import logging

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import Jobs
from tests.bot.chat.conftest import done, result
from tests.bot.chat.test_groups import ask
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture


@pytest.fixture
def friends(api: Emulator, ann: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person])


async def test_without_photos_the_question_is_words_and_the_result_a_file(
    ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    ann.forbid(friends, "photo")
    question = await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=False, chat=friends)
    await ann.tap("Light", chat=friends)
    await ann.expect(document=True, buttons=["Another style"], chat=friends)
    await done(jobs, ann)


async def test_without_any_media_the_result_comes_to_the_private_chat_where_its_buttons_work(
    ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    await ann.send_text("/start")
    await ann.expect(text="Send me a photo")
    ann.forbid(friends, "photo", "document")
    question = await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    await ann.expect(text="coming to our private chat", buttons=["Open our chat"], chat=friends)
    await result(ann, RED, BLUE)
    await done(jobs, ann)
    await ann.tap_more("As a file")
    await ann.expect(document=True)


async def test_as_a_file_and_history_say_what_the_group_does_not_let_in(
    ann: Actor, friends: Chat, jobs: Jobs
) -> None:
    question = await ask(ann, friends)
    await ann.send_photo(picture("blue"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    await ann.expect(photo=True, buttons=["Another style"], chat=friends)
    await done(jobs, ann)
    ann.forbid(friends, "document")
    assert "Open our private chat" in await ann.tap_more("As a file", chat=friends)
    await ann.send_text("/start")
    await ann.expect(text="Send me a photo")
    assert "coming to our private chat" in await ann.tap_more("As a file", chat=friends)
    await ann.expect(document=True)


async def test_where_nothing_may_be_said_it_is_said_in_private_if_that_can_be(
    ann: Actor, ben: Actor, friends: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    await ann.expect(text="Hello!", chat=friends)
    friends.members.append(ben.person)
    await ann.send_text("/start")
    await ann.expect(text="Send me a photo")
    ann.forbid(friends, "text", "photo", "document")
    with caplog.at_level(logging.WARNING, logger="bot"):
        await ben.send_text("/help", chat=friends)  # who has no chat with the bot
        await ann.send_text("/help", chat=friends)
        await ann.expect(text="I'm not allowed to write where you asked me")
        await ann.expect_silence(0.2, chat=friends)
    told = [record for record in caplog.records if record.getMessage() == "not answered"]
    assert len(told) == 2
    assert not [record for record in caplog.records if record.exc_info]
