"""Delivery when Telegram has a bad day: nothing lost, nothing doubled, nobody pestered."""

from itertools import pairwise

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request, too_many_requests
from bot.demo.telegram.faults import Break, Fault, server_error
from bot.demo.telegram.journal import Event
from bot.gateway import retries
from bot.studio.studio import Studio
from storage import Jobs, PictureRef, State
from tests.bot.conftest import OpenStudio, Order
from tests.kit.easel import Easel, halves, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED
from tests.kit.studio import all_is_said, from_bot, is_in
from tests.kit.waiting import eventually


@pytest.fixture(autouse=True)
def soon_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.02)


def bot_events(api: Emulator, chat: Chat) -> list[Event]:
    """What the bot said and changed in the chat."""
    return [
        event
        for event in api.world.journal.events
        if event.chat_id == chat.id
        and event.kind in ("message", "edited")
        and event.data["from"]["id"] == api.world.bot.id
    ]


def shortest_pause(events: list[Event]) -> float:
    """Seconds."""
    return min(later.time - earlier.time for earlier, later in pairwise(events))


FAULTS = [
    pytest.param(too_many_requests(retry_after=1), id="429"),
    pytest.param(server_error(), id="500"),
    pytest.param(Break.DROP_BEFORE, id="connection lost before"),
    pytest.param(Break.DROP_AFTER, id="connection lost after"),
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["editMessageMedia", "editMessageReplyMarkup", "getFile", "download"])
async def test_the_result_arrives_once_whatever_happens_to_a_request(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs, method: str, fault: Fault
) -> None:
    api.faults.next(method, fault, times=2)
    placed = await studio.submit(await order(ann, "red", "blue"))
    done = await is_in(State.DONE, placed.job, jobs)
    [message_id] = from_bot(api, ann)
    message = ann.private.messages[message_id]
    sizes = message.content["photo"]
    assert done.result_photo_file_id == sizes[-1]["file_id"]
    assert is_near(halves(api.world.files.find(sizes[-1]["file_id"]).read())[0], RED)
    assert message.keyboard is not None


async def test_a_result_whose_every_answer_is_lost_is_still_known_by_its_file_id(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    placed = await studio.submit(await order(ann, "red", "blue"))
    await ann.expect(photo=True)
    api.faults.next("editMessageMedia", Break.DROP_AFTER)
    api.faults.next("editMessageReplyMarkup", Break.DROP_AFTER, times=3)
    easel.go_on()
    done = await is_in(State.DONE, placed.job, jobs)
    result = await ann.expect(photo=True, buttons=["Another style"])
    assert done.result_photo_file_id == result.json["photo"][-1]["file_id"]
    assert len(from_bot(api, ann)) == 1


async def test_a_deleted_progress_message_is_missed_by_nobody_and_the_result_comes_anew(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    placed = await studio.submit(await order(ann))
    first = await ann.expect(photo=True)
    await ann.delete(first)
    easel.go_on()
    result = await ann.expect(photo=True, buttons=["Another style"])
    assert result.id != first.id
    assert (await is_in(State.DONE, placed.job, jobs)).progress_message_id == result.id
    assert from_bot(api, ann) == [result.id]


async def test_somebody_who_blocks_the_bot_costs_no_more_painting(
    studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.step_seconds = 0.2
    placed = await studio.submit(await order(ann))
    await ann.expect(photo=True)
    ann.block()
    await is_in(State.CANCELLED, placed.job, jobs)
    await eventually(lambda: easel.at_work == 0)
    await all_is_said(jobs)


async def test_blocked_just_before_the_result_the_job_ends_quietly(
    studio: Studio, easel: Easel, ann: Actor, ben: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    placed = await studio.submit(await order(ann))
    await eventually(lambda: easel.at_work == 1)
    ann.block()
    easel.go_on()
    await is_in(State.CANCELLED, placed.job, jobs)
    await studio.submit(await order(ben))
    await ben.expect(photo=True, buttons=["Another style"])


async def test_in_a_group_the_result_replies_to_the_photo_and_mentions_the_requester(
    api: Emulator, studio: Studio, ann: Actor, ben: Actor, order: Order
) -> None:
    group = api.world.add_group("Painters", [ben.person, ann.person])
    photo = await ann.send_text("stands for the photo", chat=group)
    await studio.submit(await order(ann, chat_id=group.id, reply_to_message_id=photo.id))
    result = await ann.expect(photo=True, text="Ann", buttons=["Another style"], chat=group)
    [mention] = result.json["caption_entities"]
    assert (mention["type"], mention["user"]["id"]) == ("text_mention", ann.id)
    assert result.reply_to_id == photo.id


async def test_in_a_topic_the_photo_may_be_gone(
    api: Emulator, studio: Studio, ann: Actor, order: Order
) -> None:
    forum = api.world.add_supergroup("Painters", [ann.person], forum=True)
    topic = ann.create_topic(forum, "Landscapes")
    await studio.submit(await order(ann, chat_id=forum.id, thread_id=topic, reply_to_message_id=4321))
    await ann.expect(photo=True, buttons=["Another style"], chat=forum, thread=topic)


async def test_a_group_that_becomes_a_supergroup_while_it_is_painted_for_gets_its_picture(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    group = api.world.add_group("Painters", [ann.person])
    easel.hold()
    placed = await studio.submit(await order(ann, chat_id=group.id))
    await ann.expect(photo=True, chat=group)
    supergroup = ann.upgrade(group)
    easel.go_on()
    result = await ann.expect(photo=True, buttons=["Another style"], chat=supergroup)
    done = await is_in(State.DONE, placed.job, jobs)
    assert (done.chat_id, done.progress_message_id) == (supergroup.id, result.id)


async def test_a_topic_that_was_closed_to_the_bot_ends_the_job_quietly(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs
) -> None:
    forum = api.world.add_supergroup("Painters", [ann.person], forum=True)
    placed = await studio.submit(await order(ann, chat_id=forum.id, thread_id=4321))
    await is_in(State.CANCELLED, placed.job, jobs)


async def test_edits_keep_their_distance_but_the_first_picture_comes_at_once(
    api: Emulator, open_studio: OpenStudio, easel: Easel, ann: Actor, order: Order
) -> None:
    interval = 0.6
    easel.step_seconds = 0.4
    async with open_studio(edit_interval_private=interval) as studio:
        await studio.submit(await order(ann))
        await ann.expect(photo=True, buttons=["Another style"])
    events = bot_events(api, ann.private)
    first, *progress = [event for event in events if "Painting" in event.data.get("caption", "")]
    assert "photo" in first.data
    assert first.time - events[0].time < interval
    assert len(progress) >= 2
    assert shortest_pause(progress) > 0.95 * interval


async def test_two_jobs_in_one_group_share_its_pace(
    api: Emulator, open_studio: OpenStudio, easel: Easel, ann: Actor, ben: Actor, order: Order
) -> None:
    interval = 0.5
    easel.slots, easel.step_seconds = 2, 0.3
    group = api.world.add_group("Painters", [ann.person, ben.person])
    async with open_studio(edit_interval_group=interval) as studio:
        for user in (ann, ben):
            await studio.submit(await order(user, chat_id=group.id))
        for user in (ann, ben):
            await user.expect(photo=True, text=user.person.first_name, buttons=["Another style"], chat=group)
    edits = [event for event in bot_events(api, group) if "Painting" in event.data.get("caption", "")]
    first = {event.data["message_id"]: event for event in reversed(edits)}
    progress = [event for event in edits if event not in first.values()]
    assert len(progress) >= 2
    # An edit that was held up on its way arrives nearer to the next than it was sent.
    assert shortest_pause(progress) > 0.75 * interval


async def test_the_chat_says_that_a_photo_is_being_sent(
    api: Emulator, studio: Studio, ann: Actor, order: Order
) -> None:
    await studio.submit(await order(ann))
    action = await api.world.journal.wait_for(lambda event: event.kind == "action")
    assert (action.chat_id, action.data["action"]) == (ann.id, "upload_photo")


async def test_a_file_too_large_for_bots_is_said_to_be_so(
    api: Emulator, studio: Studio, ann: Actor, order: Order
) -> None:
    api.faults.next("getFile", bad_request("file is too big"))
    await studio.submit(await order(ann))
    await ann.expect(text="too large", buttons=[])


async def test_a_photo_that_telegram_no_longer_has_ends_with_an_apology(
    studio: Studio, ann: Actor, order: Order, jobs: Jobs
) -> None:
    placed = await studio.submit(await order(ann, content=PictureRef("AgACAgIAAxkgone")))
    await ann.expect(text="Sorry", buttons=["Try again"])
    failed = await is_in(State.FAILED, placed.job, jobs)
    assert "BadRequest" in (failed.error or "")


async def test_colours_of_the_result_are_those_of_the_two_photos(
    studio: Studio, ann: Actor, order: Order
) -> None:
    await studio.submit(await order(ann, "red", "blue"))
    result = await ann.expect(photo=True, buttons=["Another style"])
    content, style = halves(result.photo_bytes())
    assert is_near(content, RED)
    assert is_near(style, BLUE)
