"""The studio when something goes wrong that nobody expects: the rest goes on, and nothing ends unheard."""

import asyncio
import logging
from dataclasses import replace
from typing import TypeAlias

import pytest

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break, RawAnswer, server_error
from bot.settings import Settings
from bot.studio.attempt import MOST_ATTEMPTS
from bot.studio.job_message import JobMessage
from bot.studio.queue import Queue
from bot.studio.result_files import ResultFiles
from bot.studio.studio import Studio
from core.decoding.refusal import PictureError, Reason
from core.executor.protocol import Done, PaintFailed
from storage import Database, Job, Jobs, QueueLimits, State, Users
from tests.bot.conftest import OpenStudio, Order
from tests.kit.easel import Easel, png_and_jpeg
from tests.kit.people import Actor
from tests.kit.studio import is_in
from tests.kit.waiting import eventually, until

Log: TypeAlias = pytest.LogCaptureFixture


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    """Everything that the bot logs."""
    caplog.set_level(logging.INFO, logger="bot")
    return caplog


async def test_killed_while_it_delivers_however_often_the_bot_delivers_what_it_has_painted(
    open_studio: OpenStudio,
    database: Database,
    settings: Settings,
    easel: Easel,
    ann: Actor,
    order: Order,
    jobs: Jobs,
) -> None:
    """Each time between Telegram's acceptance and the end of the row."""
    await Users(database).ensure(ann.id)
    job, _ = await jobs.add(await order(ann), QueueLimits())
    png, jpeg = png_and_jpeg((200, 0, 0))
    files = ResultFiles(settings.data / "results", 10_000_000)
    await files.put_finished(job, Done(jpeg, png, 32, 32, 1.0, shrunk_from=64))
    for _ in range(MOST_ATTEMPTS + 2):
        await jobs.take()
        await jobs.painted(job.id, rings=False)
        await jobs.recover()
    async with open_studio():
        shown = await ann.expect(photo=True, text="32 × 32 pixels", buttons=["Another style"])
        done = await is_in(State.DONE, job, jobs)
    assert done.progress_message_id == shown.id
    assert easel.begun == []
    assert await files.kept() == [job.id]
    assert await files.finished() == set()
    assert await files.get(job.id) == png


async def test_a_finished_picture_is_delivered_to_nobody_else(
    open_studio: OpenStudio,
    database: Database,
    settings: Settings,
    easel: Easel,
    ann: Actor,
    order: Order,
    jobs: Jobs,
) -> None:
    """After a backup was restored, jobs have the ids that others had."""
    await Users(database).ensure(ann.id)
    job, _ = await jobs.add(await order(ann), QueueLimits())
    png, jpeg = png_and_jpeg((200, 0, 0))
    files = ResultFiles(settings.data / "results", 10_000_000)
    await files.put_finished(replace(job, request_key="of somebody else"), Done(jpeg, png, 32, 32, 1.0))
    async with open_studio():
        await is_in(State.DONE, job, jobs)
    assert len(easel.begun) == 1


async def test_a_result_that_is_shown_already_is_not_covered_by_words(
    open_studio: OpenStudio, database: Database, api: Emulator, ann: Actor, order: Order, jobs: Jobs
) -> None:
    async with open_studio() as studio:
        placed = await studio.submit(await order(ann))
        await is_in(State.DONE, placed.job, jobs)
        files = studio.files
        await eventually(lambda: bool(api.world.files.all))
    png, jpeg = png_and_jpeg((200, 0, 0))
    await files.put_finished(placed.job, Done(jpeg, png, 32, 32, 1.0))
    await database.write(
        "UPDATE jobs SET state = 'running', result_photo_file_id = NULL, finished = NULL WHERE id = ?",
        (placed.job.id,),
    )
    before = api.world.journal.events[-1].number
    async with open_studio():
        await is_in(State.DONE, placed.job, jobs)
    said = [event.data.get("text") for event in api.world.journal.after(before)]
    assert not any(said)


async def test_whatever_taking_a_job_raises_the_next_is_taken_soon(
    studio: Studio,
    ann: Actor,
    order: Order,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    take = Jobs.take

    async def broken_once(_: Jobs, **_options: bool) -> Job | None:
        monkeypatch.setattr(Jobs, "take", take)
        raise ValueError("a row that nobody understands")

    monkeypatch.setattr(Jobs, "take", broken_once)
    monkeypatch.setattr("bot.studio.queue.LOOK_AROUND", 0.05)
    await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert told.getMessage() == "cannot take the next job"
    assert told.exc_info, "nobody foresaw it, so where it came from is wanted"


async def test_a_dispatcher_that_died_keeps_nothing_from_being_put_back(
    open_studio: OpenStudio,
    easel: Easel,
    ann: Actor,
    order: Order,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    easel.hold()
    async with open_studio() as studio:
        placed = await studio.submit(await order(ann))
        await ann.expect(photo=True)

        def broken(*_: object) -> bool:
            raise SystemError("nothing that anybody expects")

        monkeypatch.setattr("bot.studio.queue.log.log", broken)
        monkeypatch.setattr(Queue, "_has_room", broken)
        studio.look_around()
        await asyncio.sleep(0.05)
        monkeypatch.undo()
    assert (await is_in(State.QUEUED, placed.job, jobs)).attempt == 0


async def test_a_job_tried_again_while_its_apology_is_on_its_way_gets_its_picture(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs, log: Log
) -> None:
    easel.failures.append(PaintFailed("losses are not finite"))
    api.faults.for_a_time("editMessageText", server_error(), seconds=1, chat_id=ann.id)
    question = api.world.post(ann.private, api.world.bot, {"text": "How strong?"})
    placed = await studio.submit(await order(ann, progress_message_id=question.id))
    await is_in(State.FAILED, placed.job, jobs)
    assert await jobs.retry(placed.job.id)
    studio.look_around()
    result = await ann.expect(photo=True, buttons=["Another style"])
    await is_in(State.DONE, placed.job, jobs)
    await eventually(lambda: studio.load.painting == 0)
    assert result.id == question.id
    await ann.expect_silence(0.2)
    assert not [record for record in log.records if record.exc_info]


async def test_pictures_that_take_long_to_fetch_keep_nobody_from_the_slot(
    api: Emulator,
    studio: Studio,
    easel: Easel,
    ann: Actor,
    ben: Actor,
    order: Order,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.studio.attempt.PATIENCE", 0.1)
    api.faults.next("download", Break.HANG_BEFORE)
    anns = await studio.submit(await order(ann, "red"))
    await ann.expect(text="fetching your pictures", buttons=["Cancel"])
    await studio.submit(await order(ben, "green"))
    await ben.expect(photo=True, buttons=["Another style"])
    assert await studio.cancel(anns.job.id, ann.id) is State.RUNNING
    await ann.expect(text="Cancelled", buttons=["Paint it after all"])
    await is_in(State.CANCELLED, anns.job, jobs)
    assert len(easel.begun) == 1


async def test_pictures_that_came_late_wait_for_the_slot(
    api: Emulator,
    open_studio: OpenStudio,
    easel: Easel,
    ann: Actor,
    ben: Actor,
    order: Order,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.studio.attempt.PATIENCE", 0.05)
    async with open_studio() as studio:
        api.faults.next("download", server_error())  # tried again half a second later
        anns = await studio.submit(await order(ann))
        await ann.expect(text="fetching your pictures")
        easel.hold()
        bens = await studio.submit(await order(ben))
        await ben.expect(photo=True)
        await ann.expect(text="You are next")
        assert studio.load.painting == 1
    for placed in (anns, bens):  # a stop puts back who fetches, who waits and who is painted
        assert (await is_in(State.QUEUED, placed.job, jobs)).attempt == 0
    easel.go_on()
    async with open_studio():
        for user in (ann, ben):
            await user.expect(photo=True, buttons=["Another style"])


async def test_a_few_slow_files_are_fetched_at_once_and_no_more(
    api: Emulator,
    open_studio: OpenStudio,
    ann: Actor,
    order: Order,
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.studio.attempt.PATIENCE", 0.01)
    monkeypatch.setattr("bot.studio.queue.MOST_FETCHING_SLOWLY", 2)
    monkeypatch.setattr("bot.studio.queue.LOOK_AROUND", 0.05)
    api.faults.for_a_time("download", Break.HANG_BEFORE, seconds=60)
    async with open_studio() as studio:
        for _ in range(3):
            await studio.submit(await order(ann))

        async def two_are_taken() -> bool:
            return (await jobs.counts())[State.RUNNING] == 2

        await until(two_are_taken)
        await asyncio.sleep(0.2)
        assert await two_are_taken()
        api.faults.clear()


async def test_what_ends_while_somebody_is_forgotten_leaves_no_file(
    studio: Studio, settings: Settings, ann: Actor, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetting = asyncio.Event()
    put = ResultFiles.put

    async def put_late(files: ResultFiles, job_id: int, png: bytes) -> None:
        forgetting.set()
        await put(files, job_id, png)

    monkeypatch.setattr(ResultFiles, "put", put_late)
    await studio.submit(await order(ann))
    await forgetting.wait()
    await studio.forget(ann.id)
    await asyncio.sleep(0.1)
    assert list((settings.data / "results").iterdir()) == []


async def test_bad_pictures_are_no_errors_and_are_counted(
    studio: Studio, easel: Easel, ann: Actor, order: Order, log: Log
) -> None:
    easel.failures.append(PictureError(Reason.TOO_SMALL, "8 x 8 pixels"))
    await studio.submit(await order(ann))
    await ann.expect(text="too tiny")
    [told] = [record for record in log.records if record.getMessage() == "picture refused"]
    assert (told.levelname, vars(told)["reason"], told.exc_info) == ("INFO", "too small", None)
    assert not [record for record in log.records if record.levelname in ("WARNING", "ERROR")]


async def test_progress_that_breaks_is_logged_and_the_result_comes(
    studio: Studio, ann: Actor, order: Order, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    put = JobMessage.put

    async def broken_once(*_: object, **_options: bool) -> object:
        monkeypatch.setattr(JobMessage, "put", put)
        raise KeyError("message_id")

    monkeypatch.setattr(JobMessage, "put", broken_once)
    await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    told = [record.getMessage() for record in log.records if record.levelname == "ERROR"]
    assert told == ["progress not shown"]


@pytest.mark.parametrize("answer", [RawAnswer(b"Not Found", status=404), RawAnswer(b"{}", status=403)])
async def test_a_server_that_hands_out_no_files_is_named_to_the_operator_and_said_so(
    api: Emulator, studio: Studio, ann: Actor, order: Order, jobs: Jobs, log: Log, answer: RawAnswer
) -> None:
    api.faults.for_a_time("download", answer, seconds=60)
    placed = await studio.submit(await order(ann))
    await ann.expect(text="I can't fetch pictures right now", buttons=["Try again"])
    failed = await is_in(State.FAILED, placed.job, jobs)
    assert failed.refusal == "not fetched"
    assert f"The Bot API server answers {answer.status}" in (failed.error or "")
    [told] = [record for record in log.records if record.levelname == "ERROR"]
    assert vars(told)["reason"] == failed.error
