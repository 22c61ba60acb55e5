"""What is old is swept, with its files; what is not stays."""

import asyncio
import time

import pytest

from bot.settings import Settings
from bot.studio.result_files import ResultFiles
from bot.studio.retention import DAY, Retention
from storage import (
    Chats,
    Database,
    Jobs,
    NewJob,
    PictureRef,
    QueueLimits,
    Session,
    SessionKey,
    Sessions,
    Users,
)
from tests.kit.small_disk import SmallDisk

FINE = 60.0  # seconds short of the end


async def result_of(database: Database, files: ResultFiles, age: float) -> int:
    """A job that ended so many seconds ago."""
    jobs = Jobs(database, now=lambda: time.time() - age)
    new = NewJob(
        request_key=str(age),
        chat_id=7,
        user_id=7,
        content=PictureRef("cat"),
        styles=(PictureRef("degas"),),
        strength="wild",
    )
    job, _ = await jobs.add(new, QueueLimits())
    await jobs.take()
    await jobs.finish(job.id, "photo")
    await files.put(job.id, b"a picture")
    return job.id


async def test_what_is_old_goes_and_the_rest_stays(database: Database, settings: Settings) -> None:
    await Users(database).ensure(7)
    files = ResultFiles(settings.data / "results", 1_000_000)
    old = await result_of(database, files, 30 * DAY + FINE)
    late = await result_of(database, files, 30 * DAY - FINE)
    for chat_id, age in ((-1, 7 * DAY + FINE), (-2, 7 * DAY - FINE)):
        past = Sessions(database, now=lambda age=age: time.time() - age)  # type: ignore[misc]
        await past.put(Session(chat_id=chat_id, thread_id=0, user_id=7))

    sessions, jobs = Sessions(database), Jobs(database)
    sweeping = asyncio.create_task(Retention(database, files, settings).run())
    async with asyncio.timeout(10):
        while (settings.data / "results" / f"{old}.png").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await jobs.get(old) is None
    assert await jobs.get(late) is not None
    assert await files.get(late) == b"a picture"
    assert await sessions.get(SessionKey(-1, 0, 7)) is None
    assert await sessions.get(SessionKey(-2, 0, 7)) is not None
    sweeping.cancel()
    await asyncio.wait([sweeping])


class Clocks:
    """The machine's clock, which somebody may set, and the one that counts from when it was switched on."""

    def __init__(self) -> None:
        self.now = 1.7e9
        self.running = 5.0

    def let_pass(self, seconds: float) -> None:
        self.now += seconds
        self.running += seconds


async def test_a_clock_that_is_ahead_at_the_start_sweeps_nothing_that_lives(
    database: Database, settings: Settings
) -> None:
    clocks = Clocks()
    await Users(database, now=lambda: clocks.now).ensure(7)
    sessions, jobs = Sessions(database, now=lambda: clocks.now), Jobs(database, now=lambda: clocks.now)
    chats = Chats(database, now=lambda: clocks.now)
    await sessions.put(Session(chat_id=-1, thread_id=0, user_id=7))
    await chats.saw_photo(-1, 0, 7, PictureRef("cat"))
    files = ResultFiles(settings.data / "results", 1_000_000)
    new = NewJob(
        request_key="1",
        chat_id=7,
        user_id=7,
        content=PictureRef("cat"),
        styles=(PictureRef("degas"),),
        strength="wild",
    )
    job, _ = await jobs.add(new, QueueLimits())
    await jobs.take()
    await jobs.finish(job.id, "photo")

    async def kept() -> tuple[bool, bool, bool]:
        session = await sessions.get(SessionKey(-1, 0, 7))
        return session is not None, await chats.last_photo(-1, 0) is not None, bool(await jobs.get(job.id))

    clocks.now += 40 * DAY
    retention = Retention(database, files, settings, now=lambda: clocks.now, running=lambda: clocks.running)
    await retention.sweep()
    assert await kept() == (True, True, True)
    clocks.let_pass(7 * DAY - FINE)
    await retention.sweep()
    assert await kept() == (True, True, True)
    clocks.let_pass(2 * FINE)
    await retention.sweep()
    assert await kept() == (False, False, True)
    clocks.let_pass(23 * DAY)
    await retention.sweep()
    assert await kept() == (False, False, False)


async def test_a_file_that_did_not_fit_leaves_nothing_behind(small_disk: SmallDisk) -> None:
    files = ResultFiles(small_disk.folder / "results", 1_000_000)
    await files.put(1, b"a picture")
    small_disk.fill()
    with pytest.raises(OSError, match="No space"):
        await files.put(2, bytes(100_000))
    assert [file.name for file in (small_disk.folder / "results").iterdir()] == ["1.png"]
