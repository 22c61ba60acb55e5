"""The queue as people see it: told their place, painted in turn, called off, taken up after a restart."""

import asyncio

import pytest

from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from bot.studio.attempt import MOST_ATTEMPTS
from bot.studio.studio import Studio
from core.decoding.refusal import PictureError, Reason
from core.executor.protocol import PaintFailed, WorkerKilled, WorkerLost
from storage import Database, Job, Jobs, PictureRef, QueueFull, QueueLimits, State, Users
from tests.bot.conftest import OpenStudio, Order, upload
from tests.kit.easel import Easel, colour_of, halves, is_near
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW
from tests.kit.studio import all_is_said, from_bot, is_in
from tests.kit.waiting import eventually


async def test_one_message_goes_from_the_queue_to_the_first_picture_to_the_result(
    api: Emulator, studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    await studio.submit(await order(ann, "green", "green"))
    await ann.expect(photo=True, buttons=["Cancel"])
    placed = await studio.submit(await order(ann, "red", "blue"))
    assert (placed.position, placed.is_new) == (1, True)
    place = await ann.expect(text="You are next", buttons=["Cancel"])

    easel.go_on()
    easel.hold()
    first = await ann.expect(photo=True, where=lambda seen: seen.id == place.id)
    assert is_near(halves(first.photo_bytes())[1], RED)
    easel.go_on()
    result = await ann.expect(
        photo=True, buttons=["Strong", "Another style"], where=lambda s: s.id == place.id
    )
    assert is_near(halves(result.photo_bytes())[0], RED)
    assert is_near(halves(result.photo_bytes())[1], BLUE)

    done = await is_in(State.DONE, placed.job, jobs)
    assert done.progress_message_id == place.id
    assert done.result_photo_file_id == result.json["photo"][-1]["file_id"]
    assert len(from_bot(api, ann)) == 2


async def test_several_styles_are_painted_together_in_their_mix(
    studio: Studio, easel: Easel, ann: Actor, order: Order
) -> None:
    styles = [PictureRef(await upload(ann, colour)) for colour in ("blue", "green")]
    await studio.submit(await order(ann, "red", styles=tuple(styles), recipe='{"mix": [2, 1]}'))
    result = await ann.expect(photo=True, buttons=["Another style"])
    assert is_near(halves(result.photo_bytes())[1], (0, 64, 127))  # as much of the one as of the other
    assert [task.recipe.mix for task in easel.begun] == [(2, 1)]


async def test_a_job_that_an_earlier_version_left_is_painted(
    studio: Studio, ann: Actor, order: Order
) -> None:
    """Its recipe may have what this version does not know."""
    await studio.submit(await order(ann, recipe='{"draft": false, "seed": 3}'))
    await ann.expect(photo=True, buttons=["Another style"])


async def test_the_message_with_the_tapped_button_becomes_the_progress_message(
    api: Emulator, studio: Studio, ann: Actor, order: Order
) -> None:
    prompt = await ann.send_text("any message stands for the prompt")
    sent = api.world.post(ann.private, api.world.bot, {"text": "How strong?"})
    await studio.submit(await order(ann, progress_message_id=sent.id))
    result = await ann.expect(photo=True, buttons=["Another style"])
    assert result.id == sent.id
    assert from_bot(api, ann) == [sent.id]
    assert prompt.id < sent.id


async def test_a_double_tap_is_painted_once(studio: Studio, easel: Easel, ann: Actor, order: Order) -> None:
    request = await order(ann)
    placed = await asyncio.gather(*(studio.submit(request) for _ in range(3)))
    assert sorted(one.is_new for one in placed) == [False, False, True]
    await ann.expect(photo=True, buttons=["Another style"])
    await ann.expect_silence()
    assert len(easel.begun) == 1


async def test_those_who_wait_see_the_line_move_and_are_served_in_turn(
    open_studio: OpenStudio, easel: Easel, ann: Actor, ben: Actor, order: Order
) -> None:
    easel.hold()
    async with open_studio() as studio:
        await studio.submit(await order(ann, "red"))
        await ann.expect(photo=True)
        second = await studio.submit(await order(ann, "blue"))
        third = await studio.submit(await order(ann, "green"))
        bens = await studio.submit(await order(ben, "yellow"))
        assert (second.position, third.position, bens.position) == (1, 2, 1)
        await ann.expect(text="number 2")

        easel.go_on()
        await ben.expect(photo=True, buttons=["Another style"])
        for _ in range(3):
            await ann.expect(photo=True, buttons=["Another style"])
    painted = [colour_of(task.content) for task in easel.begun]
    for colour, wanted in zip(painted, (RED, YELLOW, BLUE, GREEN), strict=True):
        assert is_near(colour, wanted)


async def test_too_many_waiting_pictures_are_refused(
    open_studio: OpenStudio, easel: Easel, ann: Actor, order: Order
) -> None:
    easel.hold()
    async with open_studio(limit_user=1) as studio:
        await studio.submit(await order(ann))
        await ann.expect(photo=True)
        await studio.submit(await order(ann))
        with pytest.raises(QueueFull):
            await studio.submit(await order(ann))


async def test_cancelling_frees_the_worker_for_the_next(
    studio: Studio, easel: Easel, ann: Actor, ben: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    placed = await studio.submit(await order(ann))
    await ann.expect(photo=True)
    await eventually(lambda: easel.at_work == 1)
    assert await studio.cancel(placed.job.id, ben.id) is None  # not his
    assert await studio.cancel(placed.job.id, ann.id) is State.RUNNING
    await ann.expect(text="Cancelled", buttons=["Paint it after all"])
    await eventually(lambda: easel.at_work == 0)

    easel.go_on()
    await studio.submit(await order(ben))
    await ben.expect(photo=True, buttons=["Another style"])
    await ann.expect_silence(0.2)
    assert await studio.cancel(placed.job.id, ann.id) is None
    await is_in(State.CANCELLED, placed.job, jobs)


async def test_what_waits_can_be_called_off(studio: Studio, easel: Easel, ann: Actor, order: Order) -> None:
    easel.hold()
    await studio.submit(await order(ann))
    waiting = await studio.submit(await order(ann))
    await ann.expect(text="You are next")
    assert await studio.cancel(waiting.job.id, ann.id) is State.QUEUED
    await ann.expect(text="Cancelled", buttons=["Paint it after all"])
    easel.go_on()
    await ann.expect(photo=True, buttons=["Another style"])
    assert len(easel.begun) == 1


async def test_a_lost_worker_is_not_noticed(
    studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.failures.append(WorkerLost("killed"))
    placed = await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    done = await is_in(State.DONE, placed.job, jobs)
    assert (done.attempt, done.error) == (2, None)


async def test_a_job_that_fails_twice_ends_with_an_apology_and_another_try(
    studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.failures += [WorkerLost("killed"), WorkerLost("killed again")]
    placed = await studio.submit(await order(ann))
    await ann.expect(text="Sorry", buttons=["Try again"])
    failed = await is_in(State.FAILED, placed.job, jobs)
    assert failed.error == "killed again"
    await all_is_said(jobs)


async def test_a_job_whose_workers_others_kill_is_painted_nonetheless(
    studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.failures += [WorkerKilled("killed by SIGKILL")] * 5
    placed = await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    assert (await is_in(State.DONE, placed.job, jobs)).worker_losses == 5


async def test_what_cannot_be_painted_is_not_tried_again(
    studio: Studio, easel: Easel, ann: Actor, order: Order
) -> None:
    easel.failures.append(PaintFailed("losses are not finite"))
    await studio.submit(await order(ann))
    await ann.expect(text="Sorry", buttons=["Try again"])
    assert len(easel.begun) == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [(Reason.TOO_SMALL, "too tiny"), (Reason.TOO_HEAVY, "too much memory or time")],
)
async def test_a_picture_that_cannot_be_taken_is_said_to_be_so(
    studio: Studio, easel: Easel, ann: Actor, order: Order, reason: Reason, said: str
) -> None:
    easel.failures.append(PictureError(reason, "8 x 8 pixels"))
    await studio.submit(await order(ann, language="en"))
    await ann.expect(text=said, buttons=[])
    assert len(easel.begun) == 1


async def test_a_stop_puts_the_painting_back_and_a_start_takes_it_up_in_the_same_message(
    api: Emulator, open_studio: OpenStudio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    async with open_studio() as studio:
        placed = await studio.submit(await order(ann))
        first = await ann.expect(photo=True)
    put_back = await is_in(State.QUEUED, placed.job, jobs)
    assert put_back.attempt == 0
    assert easel.at_work == 0

    easel.go_on()
    async with open_studio():
        result = await ann.expect(photo=True, buttons=["Another style"])
        assert result.id == first.id
        assert len(from_bot(api, ann)) == 1
        await is_in(State.DONE, placed.job, jobs)


async def test_a_crash_is_made_up_for(
    open_studio: OpenStudio,
    database: Database,
    ann: Actor,
    ben: Actor,
    order: Order,
    jobs: Jobs,
) -> None:
    """The process died with one job failed, one half painted, one accepted; nobody was told anything."""
    for user in (ann, ann, ben):
        await Users(database).ensure(user.id)
        await jobs.add(await order(user), QueueLimits())
    failed, running = await taken(jobs), await taken(jobs)
    await jobs.fail(failed.id, "out of luck")

    async with open_studio():
        await ann.expect(text="Sorry", buttons=["Try again"])
        await ben.expect(photo=True, buttons=["Another style"])
        await ann.expect(photo=True, buttons=["Another style"])
        assert (await is_in(State.DONE, running, jobs)).attempt == 2
        await all_is_said(jobs)
    async with open_studio():
        await ann.expect_silence(0.3)
        await ben.expect_silence(0)


async def test_a_job_that_keeps_killing_the_bot_is_given_up(
    open_studio: OpenStudio, database: Database, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    await Users(database).ensure(ann.id)
    await jobs.add(await order(ann), QueueLimits())
    for _ in range(MOST_ATTEMPTS):
        await taken(jobs)
        await jobs.recover()
    async with open_studio():
        await ann.expect(text="Sorry", buttons=["Try again"])
    assert easel.begun == []


async def test_status_tells_what_is_painted_and_what_waits(
    open_studio: OpenStudio, easel: Easel, ann: Actor, ben: Actor, order: Order
) -> None:
    async with open_studio() as studio:
        first = await studio.submit(await order(ann))
        assert first.seconds is None  # nothing is known yet
        await ann.expect(photo=True, buttons=["Another style"])
        easel.hold()
        await studio.submit(await order(ben))
        await ben.expect(photo=True)
        await studio.submit(await order(ann))
        await studio.submit(await order(ann))
        standings = await studio.status(ann.id)
        assert [standing.position for standing in standings] == [1, 2]
        assert all(standing.seconds_left is not None for standing in standings)
        [painted] = await studio.status(ben.id)
        assert (painted.position, painted.job.state) == (None, State.RUNNING)
        assert await studio.status(12345) == []


async def test_a_chat_that_is_left_has_its_jobs_dropped_without_a_word(
    studio: Studio, easel: Easel, ann: Actor, order: Order, jobs: Jobs
) -> None:
    easel.hold()
    placed = [await studio.submit(await order(ann)) for _ in range(2)]
    await ann.expect(text="You are next")
    await eventually(lambda: easel.at_work == 1)
    await studio.cancel_chat(ann.id)
    assert easel.at_work == 0
    for one in placed:
        await is_in(State.CANCELLED, one.job, jobs)
    easel.go_on()
    assert len(easel.begun) == 1


async def test_to_be_forgotten_stops_what_is_painted(
    studio: Studio, easel: Easel, settings: Settings, ann: Actor, order: Order, jobs: Jobs
) -> None:
    done = await studio.submit(await order(ann))
    await is_in(State.DONE, done.job, jobs)
    await eventually(lambda: any((settings.data / "results").glob("*.png")))
    easel.hold()
    await studio.submit(await order(ann))
    await studio.submit(await order(ann))
    await eventually(lambda: easel.at_work == 1)
    forgotten = await studio.forget(ann.id)
    assert (forgotten.jobs, forgotten.settings) == (3, 1)
    await eventually(lambda: easel.at_work == 0)
    assert list((settings.data / "results").iterdir()) == []
    easel.go_on()
    await ann.expect(text="Cancelled")
    assert len(easel.begun) == 2


async def taken(jobs: Jobs) -> Job:
    job = await jobs.take()
    assert job is not None
    return job
