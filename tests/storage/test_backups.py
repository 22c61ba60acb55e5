"""Copies taken under load, and put back: whole, in one step, and with nothing thrown away."""

# ruff: noqa: ASYNC240 (a test may block its event loop on small files)

import asyncio
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import (
    Database,
    DatabaseDamaged,
    DatabaseError,
    DatabaseInUse,
    DatabaseNotWritable,
    DiskFull,
    Jobs,
    NewerDatabase,
    Users,
    back_up,
    restore,
)
from tests.kit.small_disk import SmallDisk
from tests.storage.conftest import run_child

WRITERS = """
import asyncio, pathlib, sys
from storage import Database, Jobs, NewJob, PictureRef, QueueLimits, Users

async def main():
    database = await Database.open(pathlib.Path(sys.argv[1]))
    users, jobs, limits = Users(database), Jobs(database), QueueLimits(user=10**9, chat=10**9, overall=10**9)

    async def write(user):
        for number in range(10**9):
            async with database.transaction() as execute:  # two that belong together
                pair = 2 * (1000 * number + user)
                await execute("INSERT INTO users (id, created) VALUES (?, 0)", (pair,))
                await execute("INSERT INTO users (id, created) VALUES (?, 0)", (pair + 1,))
            await jobs.add(NewJob(request_key=f"{pair}", chat_id=pair, user_id=pair, strength="wild",
                                  content=PictureRef("cat"), styles=(PictureRef("degas"),)), limits)
            if job := await jobs.take():
                await jobs.finish(job.id, "photo")
            print(pair, flush=True)

    await asyncio.gather(*(write(user) for user in range(1, 5)))

asyncio.run(main())
"""


@pytest.fixture
def backup(path: Path) -> Path:
    return path.with_name("backup.db")


async def stored(path: Path, *user_ids: int) -> None:
    """A database that knows these users."""
    database = await Database.open(path)
    for user_id in user_ids:
        await Users(database).ensure(user_id)
    await database.close()


async def users_in(path: Path) -> list[int]:
    database = await Database.open(path)
    rows = await database.read("SELECT id FROM users ORDER BY id")
    await database.close()
    return [row["id"] for row in rows]


async def test_a_backup_taken_under_load_restores_to_a_consistent_state(path: Path, backup: Path) -> None:
    child = run_child(WRITERS, path)
    assert child.stdout is not None
    confirmed = [int(child.stdout.readline()) for _ in range(100)]
    await asyncio.to_thread(back_up, path, backup)
    confirmed_later = [int(child.stdout.readline()) for _ in range(20)]  # it was not held up for good
    child.kill()
    child.communicate()
    assert confirmed_later

    aside = await asyncio.to_thread(restore, backup, path)
    assert aside is not None
    kept = set(await users_in(path))
    assert set(confirmed) <= kept
    assert {user ^ 1 for user in kept} == kept  # no transaction by half
    assert set(await users_in(aside)) >= kept | set(confirmed_later)

    database = await Database.open(path)
    jobs = Jobs(database)
    assert [row[0] for row in await database.read("PRAGMA integrity_check")] == ["ok"]
    assert await database.read("PRAGMA foreign_key_check") == []
    await jobs.recover()
    waiting = len(await jobs.line())
    taken = 0
    while await jobs.take():
        taken += 1
    assert taken == waiting  # whose turn it is has come along
    await database.close()


async def test_a_backup_replaces_nothing(path: Path, backup: Path) -> None:
    await stored(path, 1)
    backup.write_text("precious")
    with pytest.raises(FileExistsError):
        back_up(path, backup)
    assert backup.read_text() == "precious"
    with pytest.raises(DatabaseNotWritable, match="nowhere"):
        back_up(path, path.parent / "nowhere" / "backup.db")
    with pytest.raises(DatabaseError, match="no database"):
        back_up(path.parent / "nothing.db", path.parent / "other.db")


async def test_the_present_database_is_kept_under_a_dated_name(path: Path, backup: Path) -> None:
    await stored(path, 1)
    back_up(path, backup)
    await stored(path, 2)
    path.chmod(0o640)
    os.chown(path, *((1234, 1234) if os.geteuid() == 0 else (-1, -1)))
    owner = path.stat()
    aside = restore(backup, path)
    assert aside is not None
    assert re.fullmatch(r"stylegram\.db\.\d{4}-\d\d-\d\d-\d{6}", aside.name)
    now = path.stat()
    assert (now.st_uid, now.st_gid, now.st_mode) == (owner.st_uid, owner.st_gid, owner.st_mode)
    assert await users_in(path) == [1]
    assert await users_in(aside) == [1, 2]
    assert await users_in(backup) == [1]
    assert not list(path.parent.glob("*.part"))


async def test_what_was_committed_last_is_kept_even_if_it_never_reached_the_file(
    path: Path, backup: Path
) -> None:
    """After kill -9 it is in the file beside it that SQLite writes first."""
    await stored(path, 1)
    back_up(path, backup)
    child = run_child(WRITERS, path)
    assert child.stdout is not None
    confirmed = int(child.stdout.readline())
    child.kill()
    child.communicate()
    assert path.with_name(f"{path.name}-wal").stat().st_size
    aside = restore(backup, path)
    assert aside is not None
    assert await users_in(path) == [1]
    assert confirmed in await users_in(aside)


async def test_a_backup_can_be_restored_where_there_is_nothing(path: Path, backup: Path) -> None:
    await stored(path, 1)
    back_up(path, backup)
    path.unlink()
    assert restore(backup, path) is None
    assert await users_in(path) == [1]


async def test_a_damaged_database_is_replaced_and_kept(path: Path, backup: Path) -> None:
    await stored(path, 1)
    back_up(path, backup)
    path.write_bytes(b"a shopping list\n" * 1000)
    aside = restore(backup, path)
    assert aside is not None
    assert aside.read_bytes() == b"a shopping list\n" * 1000
    assert await users_in(path) == [1]


async def test_nothing_is_restored_under_a_running_bot(path: Path, backup: Path, database: Database) -> None:
    await Users(database).ensure(1)
    await asyncio.to_thread(back_up, path, backup)
    with pytest.raises(DatabaseInUse, match="stop it first"):
        restore(backup, path)
    assert await Users(database).get(1)


def newer(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA user_version = 99")


def foreign(backup: Path) -> None:
    backup.unlink()
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("CREATE TABLE shopping (item)")


def torn(backup: Path) -> None:
    contents = bytearray(backup.read_bytes())
    contents[8192:12288] = b"\xff" * 4096
    backup.write_bytes(contents)


def no_database(backup: Path) -> None:
    backup.write_text("a shopping list")


def missing(backup: Path) -> None:
    backup.unlink()


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (newer, NewerDatabase),
        (foreign, DatabaseError),
        (torn, DatabaseDamaged),
        (no_database, DatabaseDamaged),
        (missing, DatabaseError),
    ],
    ids=lambda value: value.__name__,
)
async def test_what_the_bot_could_not_use_is_refused_and_nothing_touched(
    path: Path, backup: Path, spoil: object, kind: type[DatabaseError]
) -> None:
    await stored(path, 1, 2)
    back_up(path, backup)
    assert callable(spoil)
    spoil(backup)
    before, names = path.read_bytes(), set(path.parent.iterdir())
    with pytest.raises(kind) as refused:
        restore(backup, path)
    assert str(backup) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == before
    assert set(path.parent.iterdir()) == names


async def test_a_full_disk_leaves_the_database_as_it_was(small_disk: SmallDisk, backup: Path) -> None:
    path = small_disk.folder / "stylegram.db"
    await stored(path, 1)
    back_up(path, backup)
    await stored(path, 2)
    small_disk.fill()
    with pytest.raises(DiskFull):
        restore(backup, path)
    with pytest.raises(DiskFull):
        back_up(path, small_disk.folder / "copy.db")
    small_disk.free()
    assert not list(small_disk.folder.glob("*.part"))
    assert await users_in(path) == [1, 2]
