"""The file: what survives, what is refused, and that each refusal is one clear line."""

# ruff: noqa: ASYNC240 (a test may block its event loop on small files)

import asyncio
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import (
    Database,
    DatabaseDamaged,
    DatabaseInUse,
    DatabaseNotWritable,
    DiskFull,
    NewerDatabase,
    Users,
)
from tests.kit.small_disk import SmallDisk
from tests.storage.conftest import refusal, run_child

PAGE = 4096  # bytes, of SQLite's

HOLD = """
import asyncio, pathlib, sys
from storage import Database, Users

async def main():
    users = Users(await Database.open(pathlib.Path(sys.argv[1])))
    for user_id in range(1, 10**9):
        await users.ensure(user_id)
        print(user_id, flush=True)

asyncio.run(main())
"""


async def test_what_was_confirmed_survives_kill_9(path: Path) -> None:
    child = run_child(HOLD, path)
    assert child.stdout is not None
    confirmed = [child.stdout.readline() for _ in range(50)]
    child.send_signal(signal.SIGKILL)
    confirmed += child.stdout.readlines()
    child.wait()

    database = await Database.open(path)
    kept = {row["id"] for row in await database.read("SELECT id FROM users")}
    await database.close()
    assert {int(line) for line in confirmed if line.endswith("\n")} <= kept


async def test_a_second_process_is_refused_until_the_first_is_gone(path: Path) -> None:
    child = run_child(HOLD, path)
    assert child.stdout is not None
    child.stdout.readline()
    assert "stop it first" in await refusal(path, DatabaseInUse)

    beside = await Database.open(path, shared=True)
    assert await Users(beside).get(1)
    await beside.close()

    child.kill()
    child.communicate()
    await (await Database.open(path)).close()


async def test_a_closed_database_can_be_opened_again(path: Path) -> None:
    first = await Database.open(path)
    await Users(first).ensure(7)
    await first.close()
    second = await Database.open(path)
    assert await Users(second).get(7)
    await second.close()


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    async def half() -> None:
        async with database.transaction() as execute:
            await execute("INSERT INTO users (id, created) VALUES (1, 0)")
            raise LookupError

    with pytest.raises(LookupError):
        await half()
    assert await Users(database).get(1) is None


async def test_readers_see_only_what_is_committed(database: Database) -> None:
    users = Users(database)
    async with database.transaction() as execute:
        await execute("INSERT INTO users (id, created) VALUES (1, 0)")
        assert await users.get(1) is None
    assert await users.get(1)


async def test_transactions_of_coroutines_do_not_mix(database: Database) -> None:
    async def pair(number: int) -> None:
        async with database.transaction() as execute:
            await execute("INSERT INTO users (id, created) VALUES (?, 0)", (2 * number,))
            await asyncio.sleep(0)
            if number % 3 == 0:
                raise LookupError
            await execute("INSERT INTO users (id, created) VALUES (?, 0)", (2 * number + 1,))

    await asyncio.gather(*(pair(number) for number in range(30)), return_exceptions=True)
    kept = {row["id"] for row in await database.read("SELECT id FROM users")}
    assert kept == {user for number in range(30) if number % 3 for user in (2 * number, 2 * number + 1)}


@pytest.mark.parametrize("moment", ["begin", "first", "second", "commit"])
async def test_a_cancelled_transaction_leaves_the_way_free(database: Database, moment: str) -> None:
    """Cancelled while it waits for a statement, it has happened wholly or not at all, and the next works."""

    def cancel_next_wait(now: str) -> None:
        if now == moment:
            asyncio.get_running_loop().call_soon(task.cancel)

    async def two() -> None:
        cancel_next_wait("begin")
        async with database.transaction() as execute:
            cancel_next_wait("first")
            await execute("INSERT INTO users (id, created) VALUES (1, 0)")
            cancel_next_wait("second")
            await execute("INSERT INTO users (id, created) VALUES (2, 0)")
            cancel_next_wait("commit")

    task = asyncio.create_task(two())
    with pytest.raises(asyncio.CancelledError):
        await task
    await Users(database).ensure(3)
    kept = [row["id"] for row in await database.read("SELECT id FROM users ORDER BY id")]
    assert kept == ([1, 2, 3] if moment == "commit" else [3])


@pytest.mark.parametrize("shared", [False, True])
async def test_a_newer_database_is_refused_untouched(path: Path, shared: bool) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    before = path.read_bytes()
    await refusal(path, NewerDatabase, shared=shared)
    assert path.read_bytes() == before


async def test_what_is_no_database_is_left_alone(path: Path) -> None:
    path.write_bytes(b"a shopping list\n" * 1000)
    assert "restore a backup" in await refusal(path, DatabaseDamaged)
    assert path.read_bytes() == b"a shopping list\n" * 1000


async def test_a_damaged_database_is_left_alone(path: Path) -> None:
    database = await Database.open(path)
    await database.close()
    contents = bytearray(path.read_bytes())
    contents[4096:] = bytes(len(contents) - 4096)
    path.write_bytes(contents)
    await refusal(path, DatabaseDamaged)
    assert path.read_bytes() == contents


async def test_a_folder_is_no_database(path: Path) -> None:
    path.mkdir()
    await refusal(path, DatabaseNotWritable)


async def test_a_missing_folder_is_named(path: Path) -> None:
    await refusal(path.parent / "nowhere" / path.name, DatabaseNotWritable)


async def test_a_command_beside_the_bot_creates_nothing(path: Path) -> None:
    await refusal(path, DatabaseNotWritable, shared=True)
    assert not path.exists()


@pytest.fixture
def public() -> Iterator[Path]:
    """A database's path in a folder that any user can reach, for a test that gives up being root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield folder / "stylegram.db"
    os.seteuid(user)
    shutil.rmtree(folder)


async def test_a_folder_that_may_not_be_written_is_named(public: Path) -> None:
    if os.geteuid() == public.parent.stat().st_uid:
        public.parent.chmod(0o555)
    await refusal(public, DatabaseNotWritable)


async def test_a_file_that_may_not_be_written_is_named(public: Path) -> None:
    user = os.geteuid()
    os.seteuid(public.parent.stat().st_uid)
    await (await Database.open(public)).close()
    public.chmod(0o444)
    public.with_name(f"{public.name}.lock").chmod(0o666)
    os.seteuid(user)
    await refusal(public, DatabaseNotWritable)


async def test_a_full_disk_is_named_and_loses_nothing(path: Path, database: Database) -> None:
    users = Users(database)
    await users.ensure(1)
    pages = (await database.read("PRAGMA page_count"))[0][0]
    await database.write(f"PRAGMA max_page_count = {pages}")  # SQLite then says what it says of a full disk

    async def fill() -> None:
        for user_id in range(2, 10_000):
            await users.ensure(user_id)

    with pytest.raises(DiskFull) as refused:
        await fill()
    assert str(path) in str(refused.value)

    await database.write("PRAGMA max_page_count = 1000000")
    assert await users.get(1)
    await users.ensure(10_000)


async def test_a_disk_that_is_really_full_loses_nothing(small_disk: SmallDisk) -> None:
    path = small_disk.folder / "stylegram.db"
    small_disk.fill()
    assert "free some space" in await refusal(path, DiskFull)
    small_disk.free()

    database = await Database.open(path)
    users = Users(database)
    await users.ensure(1)
    small_disk.fill()
    answers = await asyncio.gather(
        *(users.ensure(number) for number in range(2, 900)), return_exceptions=True
    )
    assert [type(answer) for answer in answers if isinstance(answer, Exception)][-1] is DiskFull
    assert await users.get(1)
    small_disk.free()
    await users.ensure(10_000)
    await database.close()

    database = await Database.open(path)
    assert await Users(database).get(1)
    assert await Users(database).get(10_000)
    await database.close()


async def test_a_read_only_disk_is_named(small_disk: SmallDisk) -> None:
    path = small_disk.folder / "stylegram.db"
    database = await Database.open(path)
    await Users(database).ensure(1)
    await database.close()
    before = path.read_bytes()
    small_disk.make_read_only()
    await refusal(path, DatabaseNotWritable)
    assert path.read_bytes() == before


async def test_a_database_without_its_header_is_left_alone(path: Path) -> None:
    await (await Database.open(path)).close()
    contents = bytes(100) + path.read_bytes()[100:]
    path.write_bytes(contents)
    assert "restore a backup" in await refusal(path, DatabaseDamaged)
    assert path.read_bytes() == contents


async def test_a_page_damaged_in_the_middle_is_found_at_the_start(path: Path) -> None:
    database = await Database.open(path)
    await Users(database).ensure(1)
    root = (await database.read("SELECT rootpage FROM sqlite_master WHERE name = 'jobs'"))[0][0]
    await database.close()
    contents = bytearray(path.read_bytes())
    contents[(root - 1) * PAGE : root * PAGE] = b"\xff" * PAGE
    path.write_bytes(contents)
    await refusal(path, DatabaseDamaged)
    assert path.read_bytes() == contents
