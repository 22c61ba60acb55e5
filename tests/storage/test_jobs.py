"""The life of a job: added once, within limits, delivered once, whatever dies in between."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage import Database, Job, Jobs, NewJob, PictureRef, QueueFull, QueueLimits, Scope, State, Users
from tests.storage.conftest import Ask, Clock

REQUEST = NewJob(
    request_key="tap 1",
    chat_id=-5,
    thread_id=6,
    user_id=7,
    content=PictureRef("cat"),
    styles=(
        PictureRef("degas"),
        PictureRef("van gogh", "sketch", spoiler=True),
        PictureRef.of_painting("lion"),
    ),
    strength="strong",
    keep_colours=True,
    recipe='{"seed": 3}',
    language="ru",
    reply_to_message_id=8,
)


async def started(jobs: Jobs, ask: Ask, **fields: object) -> Job:
    await ask(**fields)
    job = await jobs.take()
    assert job is not None
    return job


async def test_a_job_comes_back_as_asked(database: Database, jobs: Jobs, clock: Clock) -> None:
    await Users(database).ensure(7)
    job, new = await jobs.add(REQUEST, QueueLimits())
    assert new
    assert {name: getattr(job, name) for name in vars(REQUEST)} == vars(REQUEST)
    assert [style.painting for style in job.styles] == [None, None, "lion"]
    assert job.spoiler
    assert (job.state, job.attempt, job.created) == (State.QUEUED, 0, clock.time)
    assert await jobs.get(job.id) == job


async def test_a_double_tap_makes_one_job(database: Database, jobs: Jobs) -> None:
    await Users(database).ensure(7)
    added = await asyncio.gather(*(jobs.add(REQUEST, QueueLimits(user=1)) for _ in range(5)))
    assert len({job.id for job, _ in added}) == 1
    assert [new for _, new in added].count(True) == 1


async def test_a_job_needs_a_known_user(jobs: Jobs) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await jobs.add(REQUEST, QueueLimits())
    assert await jobs.counts() == dict.fromkeys(State, 0)


@pytest.mark.parametrize(
    ("limits", "scope"),
    [
        (QueueLimits(user=2, chat=2, overall=2), Scope.USER),
        (QueueLimits(user=3, chat=2, overall=2), Scope.CHAT),
        (QueueLimits(user=3, chat=3, overall=2), Scope.OVERALL),
    ],
)
async def test_the_narrowest_limit_reached_is_named(
    jobs: Jobs, ask: Ask, limits: QueueLimits, scope: Scope
) -> None:
    await ask(chat_id=-1)
    await ask(chat_id=-1)
    with pytest.raises(QueueFull) as full:
        await ask(chat_id=-1, limits=limits)
    assert full.value.scope is scope
    assert (await jobs.counts())[State.QUEUED] == 2

    await jobs.take()  # a running job does not wait
    await ask(chat_id=-1, limits=limits)


async def test_limits_count_their_own_scope_only(ask: Ask) -> None:
    limits = QueueLimits(user=1, chat=2, overall=3)
    await ask(1, chat_id=-1, limits=limits)
    await ask(2, chat_id=-1, limits=limits)
    await ask(3, chat_id=-2, limits=limits)


async def test_limits_hold_when_all_ask_at_once(ask: Ask, jobs: Jobs) -> None:
    asked = [ask(user, chat_id=-1, limits=QueueLimits(chat=4)) for user in range(1, 21)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, QueueFull) for answer in answers) == 16
    assert (await jobs.counts())[State.QUEUED] == 4


async def test_from_queued_to_delivered(jobs: Jobs, ask: Ask, clock: Clock) -> None:
    job = await started(jobs, ask)
    assert (job.state, job.attempt, job.started) == (State.RUNNING, 1, clock.time)
    assert await jobs.set_progress_message(job.id, 99)
    clock.time += 60
    assert await jobs.finish(job.id, "photo", "document")
    done = await jobs.get(job.id)
    assert done is not None
    assert (done.state, done.progress_message_id) == (State.DONE, 99)
    assert (done.result_photo_file_id, done.result_document_file_id) == ("photo", "document")
    assert done.finished == done.delivered == clock.time


async def test_a_job_ends_only_once(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    assert await jobs.finish(job.id, "photo")
    assert not await jobs.finish(job.id, "another photo")
    assert not await jobs.fail(job.id, "too late")
    assert not await jobs.requeue(job.id)
    assert await jobs.cancel(job.id, job.user_id) is None
    done = await jobs.get(job.id)
    assert done is not None
    assert done.result_photo_file_id == "photo"


async def test_only_a_running_job_can_end_well(jobs: Jobs, ask: Ask) -> None:
    job = await ask()
    assert not await jobs.finish(job.id, "photo")
    assert not await jobs.fail(job.id, "why")


async def test_a_failed_job_waits_for_its_apology(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    assert await jobs.fail(job.id, "out of memory")
    [failed] = await jobs.unapologised()
    assert (failed.id, failed.state, failed.error) == (job.id, State.FAILED, "out of memory")
    assert await jobs.told(job.id)
    assert await jobs.unapologised() == []


async def test_interruptions_do_not_count_as_attempts_and_errors_do(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    assert await jobs.requeue(job.id)
    job = await jobs.take() or pytest.fail("nothing to take")
    assert (job.attempt, job.error) == (1, None)
    assert await jobs.requeue(job.id, "worker lost")
    job = await jobs.take() or pytest.fail("nothing to take")
    assert (job.attempt, job.error) == (2, "worker lost")


async def test_a_restart_queues_what_was_running(
    path: Path, database: Database, jobs: Jobs, ask: Ask
) -> None:
    for user in (1, 2, 3):
        await ask(user)
    running = [await jobs.take() or pytest.fail("nothing to take") for _ in range(2)]
    await jobs.set_progress_message(running[0].id, 99)
    await database.close()

    reopened = await Database.open(path)
    jobs = Jobs(reopened)
    recovered = await jobs.recover()
    assert [job.id for job in recovered] == [job.id for job in running]
    assert {job.state for job in recovered} == {State.QUEUED}
    assert recovered[0].progress_message_id == 99
    again = [await jobs.take() or pytest.fail("nothing to take") for _ in range(3)]
    assert [(job.user_id, job.attempt) for job in again] == [(1, 2), (2, 2), (3, 1)]
    await reopened.close()


async def test_what_dies_while_it_is_delivered_did_not_die_of_being_painted(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    for _ in range(7):
        await jobs.painted(job.id, rings=False)
        [recovered] = await jobs.recover()
        assert (recovered.state, recovered.attempt, recovered.painted) == (State.QUEUED, 0, None)
        job = await jobs.take() or pytest.fail("nothing to take")
        assert job.attempt == 1
    await jobs.recover()
    again = await jobs.take() or pytest.fail("nothing to take")
    assert again.attempt == 2


async def test_whether_a_result_rings_is_decided_once(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    assert not await jobs.painted(job.id, rings=False)
    await jobs.recover()
    await jobs.take()
    assert not await jobs.painted(job.id, rings=True)
    other = await started(jobs, ask)
    assert await jobs.painted(other.id, rings=True)
    assert await jobs.painted(other.id, rings=False)


async def test_the_message_before_is_known_until_it_is_deleted(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask, progress_message_id=8)
    assert await jobs.go_on_in(job.id, 9)
    now = await jobs.get(job.id)
    assert now is not None
    assert (now.earlier_message_id, now.progress_message_id) == (8, 9)
    assert await jobs.with_earlier_message() == []  # it is still needed, to know that there was one
    await jobs.finish(job.id, "photo", None, "small")
    [ended] = await jobs.with_earlier_message()
    assert (ended.id, ended.result_thumbnail_id) == (job.id, "small")
    await jobs.earlier_message_gone(job.id)
    assert await jobs.with_earlier_message() == []


async def test_a_job_may_go_on_in_another_chat(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask, chat_id=-5, thread_id=6, reply_to_message_id=8)
    assert await jobs.move_to(job.id, job.user_id, 99)
    moved = await jobs.get(job.id)
    assert moved is not None
    where = (moved.chat_id, moved.thread_id, moved.reply_to_message_id, moved.progress_message_id)
    assert where == (job.user_id, 0, None, 99)


async def test_what_no_job_has_is_unknown(jobs: Jobs, ask: Ask) -> None:
    job = await ask()
    assert await jobs.unknown([job.id, job.id + 1, 999]) == [job.id + 1, 999]
    assert await jobs.unknown([]) == []


async def test_cancel_says_what_it_stopped(jobs: Jobs, ask: Ask) -> None:
    waiting, other = await ask(1), await ask(2)
    assert await jobs.cancel(waiting.id, user_id=2) is None
    assert await jobs.cancel(waiting.id, user_id=1) is State.QUEUED
    running = await jobs.take()
    assert running is not None
    assert running.id == other.id
    assert await jobs.cancel(other.id, user_id=2) is State.RUNNING
    assert not await jobs.finish(other.id, "photo")
    assert await jobs.take() is None


async def test_a_group_left_has_its_jobs_cancelled(jobs: Jobs, ask: Ask) -> None:
    ids = [(await ask(user, chat_id=-1)).id for user in (1, 2)]
    elsewhere = await ask(3, chat_id=-2)
    await jobs.take()
    stopped = await jobs.cancel_chat(-1)
    assert [(job.id, job.state) for job in stopped] == [(ids[0], State.RUNNING), (ids[1], State.QUEUED)]
    assert [job.id for job in await jobs.latest(State.CANCELLED, None, 9)] == ids[::-1]
    assert [job.id for job in await jobs.line()] == [elsewhere.id]
    assert await jobs.called_off() == []  # nobody is left to be told


async def test_who_is_cancelled_is_owed_a_word(jobs: Jobs, ask: Ask, clock: Clock) -> None:
    running, waiting = await started(jobs, ask, user_id=2), await ask(1)
    assert await jobs.called_off() == []
    for job in (waiting, running):
        await jobs.cancel(job.id, job.user_id)
    assert [job.id for job in await jobs.called_off()] == [running.id, waiting.id]
    assert await jobs.told(waiting.id)
    assert [job.id for job in await jobs.called_off()] == [running.id]
    told = await jobs.get(waiting.id)
    assert told is not None
    assert told.delivered == clock.time


async def test_what_failed_may_be_tried_anew(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    assert not await jobs.retry(job.id)
    await jobs.fail(job.id, "out of luck")
    await jobs.told(job.id)
    assert await jobs.retry(job.id)
    again = await jobs.take()
    assert again is not None
    assert (again.id, again.attempt, again.error, again.delivered) == (job.id, 1, None, None)
    assert await jobs.unapologised() == []


async def test_only_what_ended_long_ago_is_swept(jobs: Jobs, ask: Ask, clock: Clock) -> None:
    done, failed = await started(jobs, ask), await started(jobs, ask)
    await jobs.finish(done.id, "photo")
    await jobs.fail(failed.id, "out of luck")
    running, cancelled, late = await started(jobs, ask), await ask(), await started(jobs, ask, user_id=2)
    await jobs.cancel(cancelled.id, cancelled.user_id)
    clock.time += 100
    await jobs.finish(late.id, "photo")
    waiting = await ask()
    assert sorted(await jobs.sweep(age=100)) == [done.id, failed.id, cancelled.id]
    assert [job.id for job in await jobs.latest(None, None, 9)] == [waiting.id, late.id, running.id]
    assert await jobs.line() == [waiting]


async def test_the_latest_jobs_by_state_and_user(jobs: Jobs, ask: Ask) -> None:
    first, _, third = [await ask(user) for user in (1, 2, 1)]
    await jobs.cancel(third.id, 1)
    assert [job.id for job in await jobs.latest(None, 1, 9)] == [third.id, first.id]
    assert [job.id for job in await jobs.latest(State.QUEUED, 1, 9)] == [first.id]
    assert [job.id for job in await jobs.latest(None, None, 2)] == [third.id, third.id - 1]


async def test_history_and_the_last_result(jobs: Jobs, ask: Ask, clock: Clock) -> None:
    for chat_id, thread_id in [(-1, 0), (-1, 5), (-2, 0), (-1, 0)]:
        job = await started(jobs, ask, chat_id=chat_id, thread_id=thread_id)
        clock.time += 1
        await jobs.finish(job.id, f"photo {job.id}")
    await started(jobs, ask, chat_id=-1)

    assert [job.id for job in await jobs.history(1)] == [4, 3, 2, 1]
    assert [job.id for job in await jobs.history(1, chat_id=-1, limit=2)] == [4, 2]
    assert await jobs.history(2) == []
    last = await jobs.last_done(-1, 5)
    assert last is not None
    assert (last.styles[0].file_id, last.result_photo_file_id) == ("style 2", "photo 2")
    assert await jobs.last_done(-3) is None


async def test_the_last_result_is_the_last_delivered(jobs: Jobs, ask: Ask, clock: Clock) -> None:
    first, second = await started(jobs, ask, chat_id=-1), await started(jobs, ask, chat_id=-1)
    await jobs.finish(second.id, "photo")
    clock.time += 1
    await jobs.finish(first.id, "photo")
    last = await jobs.last_done(-1)
    assert last is not None
    assert last.id == first.id


async def test_the_file_of_a_result_is_remembered(jobs: Jobs, ask: Ask) -> None:
    job = await started(jobs, ask)
    assert not await jobs.set_document(job.id, "too early")
    await jobs.finish(job.id, "photo")
    assert await jobs.set_document(job.id, "document")
    done = await jobs.get(job.id)
    assert done is not None
    assert (done.result_photo_file_id, done.result_document_file_id) == ("photo", "document")


async def test_the_photo_that_a_result_was_painted_from_is_known(jobs: Jobs, ask: Ask) -> None:
    first = await started(jobs, ask, content=PictureRef("cat"), progress_message_id=5)
    assert await jobs.content_of(first.chat_id, 5, "draft") == "cat"
    assert await jobs.finish(first.id, "result")
    assert await jobs.content_of(first.chat_id, 5, "result") == "cat"
    assert await jobs.content_of(-9, 70, "result") == "cat"  # shown again, and elsewhere
    assert await jobs.content_of(-9, 5, "draft") is None
    painted = await started(jobs, ask, content=PictureRef.of_painting("lion"))
    await jobs.finish(painted.id, "from a painting")
    assert await jobs.content_of(-9, 70, "from a painting") is None  # of which Telegram knows nothing
    waiting = await ask(progress_message_id=6)
    assert await jobs.content_of(waiting.chat_id, 6, "prompt") is None


async def test_how_long_the_last_jobs_took(jobs: Jobs, ask: Ask, clock: Clock) -> None:
    for seconds in (5.0, 7.0, 9.0):
        job = await started(jobs, ask, strength="wild", larger=seconds > 8)
        clock.time += seconds
        await jobs.finish(job.id, "photo")
    await started(jobs, ask)
    assert await jobs.durations(2) == [("wild", True, 9.0), ("wild", False, 7.0)]


async def test_counting(jobs: Jobs, ask: Ask) -> None:
    assert await jobs.oldest_waiting() is None
    await started(jobs, ask)
    ids = [(await ask(user)).id for user in (1, 1, 2)]
    assert await jobs.counts() == dict.fromkeys(State, 0) | {State.QUEUED: 3, State.RUNNING: 1}
    assert len(await jobs.of_user(1)) == 3
    oldest, following = await jobs.oldest_waiting(), await jobs.take()
    assert oldest is not None
    assert following is not None
    assert (oldest.id, following.id) == (ids[0], ids[2])
