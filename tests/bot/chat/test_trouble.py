"""The disk fills up, or the database is damaged, while the bot runs: people are told, and nothing is lost."""

import logging
import sqlite3
from contextlib import closing

import pytest

from bot.gateway import retries
from bot.settings import Settings
from storage import Inbox, Jobs, State
from storage.database import Database
from tests.bot.chat.conftest import done, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture
from tests.kit.small_disk import SmallDisk
from tests.kit.waiting import until

FULL = "I can't save anything right now"


@pytest.fixture
def settings(settings: Settings, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """On a small disk, and not patient for long."""
    monkeypatch.setattr(retries, "LONGEST_DELAY", 0.5)
    return settings.model_copy(update={"data": small_disk.folder})


def fill(disk: SmallDisk, settings: Settings) -> None:
    """So that not even what SQLite has set aside for itself is left."""
    with closing(sqlite3.connect(settings.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk.fill()


async def at_rest(shared: Database) -> None:
    """What was answered has been put away."""

    async def empty() -> bool:
        return await Inbox(shared).left() == []

    await until(empty)


async def test_who_sends_a_photo_to_a_full_disk_is_told_once_and_answered_once_there_is_room(
    ann: Actor, ben: Actor, settings: Settings, small_disk: SmallDisk, shared: Database
) -> None:
    await ben.send_text("/start")
    await ben.expect(text="Send me a photo")
    await at_rest(shared)
    fill(small_disk, settings)
    await ann.send_photo(picture("red"))
    await ann.expect(text=FULL)
    await ann.send_photo(picture("blue"))
    await ann.expect_silence(1.5)  # however often the bot tries meanwhile

    small_disk.free()
    await ann.expect(text="How strong", buttons=["Light"], timeout=60)
    await ann.tap("Light")
    await result(ann, RED, BLUE)
    await ann.expect_silence()
    await at_rest(shared)


async def test_a_tap_on_a_full_disk_is_told_too(
    ann: Actor, settings: Settings, small_disk: SmallDisk, shared: Database
) -> None:
    await send_pair(ann)
    await at_rest(shared)
    fill(small_disk, settings)
    assert FULL in await ann.tap("Light")
    small_disk.free()
    await result(ann, RED, BLUE)


async def test_a_result_painted_while_the_disk_is_full_is_delivered_and_only_once(
    ann: Actor, settings: Settings, small_disk: SmallDisk, shared: Database, jobs: Jobs, easel: Easel
) -> None:
    easel.hold()
    await send_pair(ann)
    await ann.tap("Light")
    await ann.expect(text="Painting")
    await at_rest(shared)
    fill(small_disk, settings)
    easel.go_on()
    await result(ann, RED, BLUE)
    assert (await jobs.counts())[State.DONE] == 0
    small_disk.free()
    await done(jobs, ann)
    await ann.expect_silence()
    assert len(easel.begun) == 1


async def test_a_damaged_database_is_said_to_be_so_and_the_rest_works_on(
    ann: Actor, settings: Settings, shared: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await ann.send_text("/start")
    await ann.expect(text="Send me a photo")
    await at_rest(shared)
    with closing(sqlite3.connect(settings.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'sessions'"
        [root] = connection.execute(query).fetchone()
    with settings.database.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    with caplog.at_level(logging.ERROR, logger="bot"):
        await ann.send_photo(picture("red"))
        await ann.expect(text="My database is damaged")
    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in told] == ["update put off"]
    assert "restore a backup" in vars(told[0])["reason"]
    await ann.send_text("/help")
    await ann.expect(text="two pictures")
