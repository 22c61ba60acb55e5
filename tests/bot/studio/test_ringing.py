"""A result that was waited for comes in a new message, which rings, and the one with the progress goes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import bad_request, too_many_requests
from bot.demo.telegram.faults import Break, Fault, server_error
from bot.gateway import retries
from bot.settings import Settings
from bot.studio import views
from bot.studio.job_message import JobMessage
from bot.studio.result_files import ResultFiles
from bot.studio.studio import Studio
from core.executor.protocol import Done
from storage import Chats, Database, Job, Jobs, QueueLimits, State, Users
from tests.bot.conftest import OpenStudio, Order
from tests.kit.easel import Easel, png_and_jpeg
from tests.kit.people import Actor
from tests.kit.studio import from_bot, is_in
from tests.kit.waiting import eventually, until

PNG, JPEG = png_and_jpeg((200, 0, 0))
DONE = Done(JPEG, PNG, 32, 32, 1.0)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked looks elsewhere at once."""
    monkeypatch.setattr("bot.studio.attempt.LOOKED_AWAY", 0.0)
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.01)


def said_in(api: Emulator, chat: Chat) -> list[int]:
    return [number for number, message in chat.messages.items() if message.sender is api.world.bot]


def question_in(api: Emulator, chat: Chat) -> int:
    return api.world.post(chat, api.world.bot, {"text": "How strong?"}).id


async def test_a_quick_result_is_an_edit(api: Emulator, studio: Studio, ann: Actor, order: Order) -> None:
    question = question_in(api, ann.private)
    await studio.submit(await order(ann, progress_message_id=question))
    assert (await ann.expect(photo=True, buttons=["Another style"])).id == question


@pytest.mark.usefixtures("waited")
async def test_what_was_waited_for_rings_in_reply_to_the_request_and_the_progress_goes(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs
) -> None:
    request = await ann.send_text("stands for the photo")
    question = question_in(api, ann.private)
    placed = await studio.submit(
        await order(ann, progress_message_id=question, reply_to_message_id=request.id)
    )
    rung = await ann.expect(text="Your picture is ready.", where=lambda seen: seen.id != question, buttons=[])
    result = await ann.expect(photo=True, buttons=["Another style"])
    assert (result.id, result.reply_to_id) == (rung.id, request.id)
    assert (await is_in(State.DONE, placed.job, jobs)).progress_message_id == result.id
    await eventually(lambda: from_bot(api, ann) == [result.id])
    await eventually_tidied(jobs, placed.job)


async def test_who_waited_behind_others_is_rung(
    api: Emulator,
    studio: Studio,
    easel: Easel,
    ann: Actor,
    ben: Actor,
    order: Order,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.studio.attempt.QUEUED", 0.1)
    easel.hold()
    anns = await studio.submit(await order(ann))
    await ann.expect(photo=True)
    await studio.submit(await order(ben))
    await ben.expect(text="You are next")
    await asyncio.sleep(0.15)
    easel.go_on()
    await ben.expect(text="Your picture is ready.")
    result = await ben.expect(photo=True, buttons=["Another style"])
    await eventually(lambda: from_bot(api, ben) == [result.id])
    await is_in(State.DONE, anns.job, jobs)
    assert len(from_bot(api, ann)) == 1


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize("kind", ["group", "topic"])
async def test_among_others_the_one_who_asked_is_named_and_three_messages_do(
    api: Emulator, studio: Studio, ann: Actor, ben: Actor, order: Order, kind: str
) -> None:
    if kind == "group":
        chat, topic = api.world.add_group("Painters", [ann.person, ben.person]), None
    else:
        chat = api.world.add_supergroup("Painters", [ann.person, ben.person], forum=True)
        topic = ann.create_topic(chat, "Landscapes")
    before = api.world.journal.newest
    photo = await ann.send_text("stands for the photo", chat=chat, **({"thread": topic} if topic else {}))
    await studio.submit(await order(ann, chat_id=chat.id, thread_id=topic or 0, reply_to_message_id=photo.id))
    rung = await ann.expect(text="Ann, your picture is ready.", chat=chat, thread=topic)
    [mention] = rung.json["entities"]
    assert (mention["type"], mention["user"]["id"]) == ("text_mention", ann.id)
    result = await ann.expect(photo=True, text="Ann", buttons=["Another style"], chat=chat, thread=topic)
    assert (result.id, result.reply_to_id) == (rung.id, photo.id)
    await eventually(lambda: said_in(api, chat) == [result.id])
    sent = [e for e in api.world.journal.after(before) if e.kind == "message" and e.chat_id == chat.id]
    assert len([event for event in sent if event.data["from"]["id"] == api.world.bot.id]) == 2


FAULTS = {
    "429": too_many_requests(retry_after=1),
    "502": server_error(),
    "lost before": Break.DROP_BEFORE,
    "lost after": Break.DROP_AFTER,
}


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("method", ["sendMessage", "editMessageMedia", "deleteMessage"])
async def test_one_picture_comes_whatever_happens_to_a_request(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs, method: str, fault: Fault
) -> None:
    question = question_in(api, ann.private)
    api.faults.next(method, fault, chat_id=ann.id)
    placed = await studio.submit(await order(ann, progress_message_id=question))
    done = await is_in(State.DONE, placed.job, jobs)
    await eventually_tidied(jobs, placed.job)
    messages = {number: ann.private.messages[number] for number in from_bot(api, ann)}
    with_photo = [number for number, message in messages.items() if "photo" in message.content]
    assert with_photo == [done.progress_message_id]
    words = [message.text for number, message in messages.items() if number not in with_photo]
    # Whoever sends cannot know that it arrived, and says it once more.
    assert words == (["Your picture is ready."] if (method, fault) == SAID_TWICE else [])


SAID_TWICE = ("sendMessage", Break.DROP_AFTER)

Life = Callable[[JobMessage, Job], Awaitable[None]]


async def before_anything(message: JobMessage, job: Job) -> None:
    """The result is painted, and nothing said."""


async def after_the_announcement(message: JobMessage, job: Job) -> None:
    announced = views.result(job, DONE, None)
    await message._renew(announced)


async def after_the_picture(message: JobMessage, job: Job) -> None:
    await message.put(views.result(job, DONE, None), rings=True)


async def after_the_end(message: JobMessage, job: Job) -> None:
    shown = await message.put(views.result(job, DONE, None), rings=True)
    assert shown is not None
    await message._jobs.finish(job.id, shown.photo[-1].file_id)


@pytest.mark.usefixtures("waited")
@pytest.mark.parametrize("life", [before_anything, after_the_announcement, after_the_picture, after_the_end])
async def test_killed_at_any_step_one_message_is_left_with_the_picture(
    api: Emulator,
    bot: ExtBot[Any],
    open_studio: OpenStudio,
    database: Database,
    settings: Settings,
    easel: Easel,
    ann: Actor,
    order: Order,
    jobs: Jobs,
    life: Life,
) -> None:
    question = question_in(api, ann.private)
    await Users(database).ensure(ann.id)
    await jobs.add(await order(ann, progress_message_id=question), QueueLimits())
    job = await jobs.take()
    assert job is not None
    await ResultFiles(settings.data / "results", 10_000_000).put_finished(job, DONE)
    assert await jobs.painted(job.id, rings=True)
    message = JobMessage(bot, job, jobs, Chats(database))
    await life(message, job)
    async with open_studio():
        done = await is_in(State.DONE, job, jobs)
        await eventually_tidied(jobs, job)
    [left] = from_bot(api, ann)
    assert left == done.progress_message_id != question
    assert "photo" in ann.private.messages[left].content
    assert easel.begun == []


@pytest.mark.usefixtures("waited")
async def test_cancelled_in_the_last_moment_the_progress_goes_too(
    api: Emulator, studio: Studio, ann: Actor, order: Order
) -> None:
    question = question_in(api, ann.private)
    api.faults.for_a_time("editMessageMedia", server_error(), seconds=60)
    placed = await studio.submit(await order(ann, progress_message_id=question))
    announced = await ann.expect(text="Your picture is ready.")
    await studio.cancel(placed.job.id, ann.id)
    said = await ann.expect(text="Cancelled")
    assert said.id == announced.id
    await eventually(lambda: from_bot(api, ann) == [said.id])


@pytest.mark.usefixtures("waited")
async def test_where_no_words_are_let_in_the_result_is_an_edit(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs
) -> None:
    group = api.world.add_group("Painters", [ann.person])
    question = question_in(api, group)
    api.faults.next("sendMessage", bad_request("not enough rights to send text messages to the chat"))
    placed = await studio.submit(await order(ann, chat_id=group.id, progress_message_id=question))
    assert (await is_in(State.DONE, placed.job, jobs)).progress_message_id == question
    assert said_in(api, group) == [question]


@pytest.mark.usefixtures("waited")
async def test_where_no_picture_is_let_in_one_message_says_where_it_went(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs
) -> None:
    group = api.world.add_group("Painters", [ann.person])
    ann.forbid(group, "photo", "document")
    placed = await studio.submit(
        await order(ann, chat_id=group.id, progress_message_id=question_in(api, group))
    )
    result = await ann.expect(photo=True, buttons=["Another style"])
    await is_in(State.DONE, placed.job, jobs)
    assert from_bot(api, ann) == [result.id]
    [left] = [group.messages[number].text for number in said_in(api, group)]
    assert left.startswith("I'm not allowed to show that picture here")


@pytest.mark.usefixtures("waited")
async def test_a_group_that_becomes_a_supergroup_gets_one_message(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    group = api.world.add_group("Painters", [ann.person])
    easel.hold()
    placed = await studio.submit(await order(ann, chat_id=group.id))
    await ann.expect(photo=True, chat=group)
    supergroup = ann.upgrade(group)
    easel.go_on()
    result = await ann.expect(photo=True, buttons=["Another style"], chat=supergroup)
    assert (await is_in(State.DONE, placed.job, jobs)).chat_id == supergroup.id
    await eventually_tidied(jobs, placed.job)
    assert said_in(api, supergroup) == [result.id]


async def eventually_tidied(jobs: Jobs, job: Job) -> None:
    """The message before is deleted, and that is noted."""
    await until(lambda: _is_tidy(jobs, job))


async def _is_tidy(jobs: Jobs, job: Job) -> bool:
    now = await jobs.get(job.id)
    return now is not None and now.earlier_message_id is None
