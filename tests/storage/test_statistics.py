"""The figures of a day."""

from storage import Database, Jobs, State, Statistics
from storage.statistics import HOUR
from tests.storage.conftest import Ask, Clock


async def test_a_quiet_day_has_no_figures(database: Database, clock: Clock) -> None:
    figures = await Statistics(database, now=clock).of_late()
    assert len(figures.hours) == 24
    assert (figures.states, figures.people, figures.errors) == ({}, 0, [])
    assert (figures.median_painting, figures.median_waiting) == (None, None)


async def test_jobs_are_counted_by_the_hour_they_were_asked_for(
    database: Database, jobs: Jobs, ask: Ask, clock: Clock
) -> None:
    clock.time = 999.9 * HOUR
    await ask(1)  # a day before
    clock.time = 1000.5 * HOUR
    await ask(2)
    clock.time = 1023.9 * HOUR
    await jobs.cancel((await ask(2)).id, 2)
    await ask(3)
    figures = await Statistics(database, now=clock).of_late()
    assert figures.hours[0] == {State.QUEUED: 1}
    assert figures.hours[-1] == {State.CANCELLED: 1, State.QUEUED: 1}
    assert figures.states == {State.QUEUED: 2, State.CANCELLED: 1}
    assert figures.people == 2


async def test_medians_and_errors(database: Database, jobs: Jobs, ask: Ask, clock: Clock) -> None:
    for waiting, painting in ((1, 10), (2, 30), (9, 20)):
        await ask()
        clock.time += waiting
        job = await jobs.take()
        assert job is not None
        clock.time += painting
        await jobs.finish(job.id, "photo")
    failures = [("WorkerLost: killed", None), ("WorkerLost: hung", None), ("It is too small.", "too_small")]
    for error, refusal in failures:
        await ask()
        job = await jobs.take()
        assert job is not None
        await jobs.fail(job.id, error, refusal)
    figures = await Statistics(database, now=clock).of_late()
    assert (figures.median_painting, figures.median_waiting) == (20, 2)
    assert figures.errors == [("WorkerLost", 2), ("picture: too_small", 1)]
