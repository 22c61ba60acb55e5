"""What a chat does not let in finds another way to the one who asked, or is said not to, in words."""

from collections.abc import Sequence

import pytest

from bot.demo.telegram.chats import Chat, Sendable
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request
from bot.studio.file_requests import Filed
from bot.studio.studio import Studio
from storage import Jobs, State
from tests.bot.conftest import Order
from tests.kit.easel import Easel, halves, is_near
from tests.kit.people import Actor
from tests.kit.pictures import RED
from tests.kit.studio import all_is_said, from_bot, is_in
from tests.kit.waiting import eventually


@pytest.fixture
def group(api: Emulator, ann: Actor) -> Chat:
    return api.world.add_group("Painters", [ann.person])


@pytest.fixture
def stranger(api: Emulator, group: Chat) -> Actor:
    """Somebody in the group who has no chat with the bot."""
    zoe = Actor.join(api.world, "Zoe")
    group.members.append(zoe.person)
    return zoe


def said_in(api: Emulator, chat: Chat) -> list[str]:
    return [message.text for message in chat.messages.values() if message.sender is api.world.bot]


async def test_without_photos_the_result_comes_as_a_file_in_the_one_message(
    api: Emulator, studio: Studio, ann: Actor, group: Chat, order: Order, jobs: Jobs
) -> None:
    ann.forbid(group, "photo")
    placed = await studio.submit(await order(ann, "red", "blue", chat_id=group.id))
    result = await ann.expect(document=True, buttons=["Another style"], chat=group)
    assert is_near(halves(result.document_bytes())[0], RED)
    done = await is_in(State.DONE, placed.job, jobs)
    file_id = result.json["document"]["file_id"]
    assert (done.result_photo_file_id, done.result_document_file_id) == (file_id, file_id)
    assert len(said_in(api, group)) == 1


@pytest.mark.parametrize("forbidden", [["photo", "document"], ["text", "photo", "document"]], ids="+".join)
async def test_where_no_picture_is_let_in_it_comes_to_the_private_chat(
    api: Emulator,
    studio: Studio,
    ann: Actor,
    group: Chat,
    order: Order,
    jobs: Jobs,
    forbidden: Sequence[Sendable],
) -> None:
    question = api.world.post(group, api.world.bot, {"text": "How strong?"})
    ann.forbid(group, *forbidden)
    placed = await studio.submit(await order(ann, chat_id=group.id, progress_message_id=question.id))
    result = await ann.expect(photo=True, buttons=["Another style"])
    done = await is_in(State.DONE, placed.job, jobs)
    assert (done.chat_id, done.progress_message_id) == (ann.id, result.id)
    assert from_bot(api, ann) == [result.id]
    if "text" in forbidden:  # no dead buttons are left
        assert said_in(api, group) == []
    else:
        assert said_in(api, group) == [
            "I'm not allowed to show that picture here, so it's coming to our private chat."
        ]
        [[button]] = (question.keyboard or {})["inline_keyboard"]
        assert (button["text"], button["url"]) == ("Open our chat", "https://t.me/stylegram_bot")


async def test_a_closed_topic_leads_to_the_private_chat(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs
) -> None:
    forum = api.world.add_supergroup("Painters", [ann.person], forum=True)
    topic = ann.create_topic(forum, "Landscapes")
    ann.close_topic(forum, topic)
    placed = await studio.submit(await order(ann, chat_id=forum.id, thread_id=topic))
    await ann.expect(photo=True, buttons=["Another style"])
    await is_in(State.DONE, placed.job, jobs)


async def test_who_has_no_private_chat_is_told_to_open_one_and_gets_the_picture_there(
    api: Emulator, studio: Studio, group: Chat, stranger: Actor, ann: Actor, order: Order, jobs: Jobs
) -> None:
    stranger.forbid(group, "photo", "document")
    request = await order(ann, user_id=stranger.id, chat_id=group.id)
    placed = await studio.submit(request)
    told = await stranger.expect(text="photos or files here", chat=group, buttons=["Open our chat"])
    assert [button["text"] for row in told.json["reply_markup"]["inline_keyboard"] for button in row] == [
        "Open our chat",
        "🔁 Try again",
    ]
    failed = await is_in(State.FAILED, placed.job, jobs)
    assert failed.refusal == "not allowed"
    await all_is_said(jobs)
    await stranger.send_text("/start")
    await jobs.retry(placed.job.id)
    studio.look_around()
    await stranger.expect(photo=True, buttons=["Another style"])
    assert len(said_in(api, group)) == 1


async def test_where_nothing_may_be_said_and_there_is_no_private_chat_nothing_is_painted_for_long(
    api: Emulator, studio: Studio, group: Chat, stranger: Actor, ann: Actor, order: Order, jobs: Jobs
) -> None:
    question = api.world.post(group, api.world.bot, {"text": "How strong?"})
    stranger.forbid(group, "text", "photo", "document")
    request = await order(ann, user_id=stranger.id, chat_id=group.id, progress_message_id=question.id)
    placed = await studio.submit(request)
    await is_in(State.CANCELLED, placed.job, jobs)
    await eventually(lambda: said_in(api, group) == [])  # no dead buttons are left


async def test_slow_mode_is_waited_for(
    api: Emulator, studio: Studio, ann: Actor, group: Chat, order: Order
) -> None:
    api.faults.next("sendMessage", bad_request("SLOWMODE_WAIT_1"))
    await studio.submit(await order(ann, chat_id=group.id))
    await ann.expect(photo=True, buttons=["Another style"], chat=group)


async def test_what_telegram_makes_no_photo_of_comes_as_a_file(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    placed = await studio.submit(await order(ann))
    await ann.expect(photo=True)
    api.faults.next("editMessageMedia", bad_request("PHOTO_INVALID_DIMENSIONS"))
    easel.go_on()
    await ann.expect(document=True, buttons=["Another style"])
    await is_in(State.DONE, placed.job, jobs)


async def test_as_a_file_goes_to_the_private_chat_where_the_group_lets_no_files_in(
    studio: Studio, ann: Actor, group: Chat, order: Order, jobs: Jobs
) -> None:
    placed = await studio.submit(await order(ann, chat_id=group.id))
    await is_in(State.DONE, placed.job, jobs)
    ann.forbid(group, "document")
    assert await studio.send_file(placed.job.id, ann.id, group.id, 0) is Filed.SENT_PRIVATELY
    await ann.expect(document=True)


async def test_as_a_file_says_where_there_is_no_way(
    studio: Studio, group: Chat, stranger: Actor, ann: Actor, order: Order, jobs: Jobs
) -> None:
    placed = await studio.submit(await order(ann, user_id=stranger.id, chat_id=group.id))
    await is_in(State.DONE, placed.job, jobs)
    stranger.forbid(group, "document")
    assert await studio.send_file(placed.job.id, stranger.id, group.id, 0) is Filed.NOT_ALLOWED
