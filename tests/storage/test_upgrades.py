"""From every earlier schema to the newest: all rows are there and of use, or the file is as it was."""

# ruff: noqa: ASYNC240 (a test may block its event loop on small files)

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import (
    Ban,
    Bans,
    Broadcasts,
    Chats,
    Database,
    Games,
    Inbox,
    Jobs,
    MigrationFailed,
    NewerDatabase,
    OlderDatabase,
    PictureRef,
    Session,
    SessionKey,
    Sessions,
    State,
    User,
    Users,
)
from storage.database import MIGRATIONS
from tests.storage.conftest import refusal, run_child

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))  # each with the same rows


@pytest.fixture(params=SCHEMAS, ids=lambda schema: f"from schema {schema.stem}")
def old(request: pytest.FixtureRequest, path: Path) -> Path:
    """The path of a database that an earlier version has written."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(request.param.read_text())
    return path


@pytest.fixture
def broken_upgrade(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "9999_broken.sql").write_text(
        "CREATE TABLE more (id INTEGER);\n"
        "DELETE FROM users;\n"
        "DROP TABLE jobs;\n"
        "ALTER TABLE nowhere RENAME TO here;\n"
    )
    return folder


def test_every_earlier_schema_has_its_fixture() -> None:
    versions = [int(migration.name.split("_")[0]) for migration in sorted(MIGRATIONS.glob("*.sql"))]
    assert [int(schema.stem) for schema in SCHEMAS] == versions[:-1]


async def test_what_an_earlier_version_wrote_is_all_there(old: Path) -> None:
    database = await Database.open(old)
    assert [await Users(database).get(user_id) for user_id in (7, 8)] == [
        User(id=7, language="ru", strength="wild", larger=True, keep_colours=True, created=1700000060),
        User(id=8, language=None, strength="balanced", larger=False, keep_colours=False, created=1700000120),
    ]
    sessions = Sessions(database)
    assert await sessions.get(SessionKey(-100, 5, 7)) == Session(
        chat_id=-100,
        thread_id=5,
        user_id=7,
        content=PictureRef("cat", "kitten", 11),
        styles=(PictureRef("degas", "sketch", 12),),
        album_id="13",
        keep_colours=True,
        larger=True,
        prompt_message_id=14,
        updated=1700000180,
    )
    dog = await sessions.get(SessionKey(8, 0, 8))
    assert dog is not None
    assert dog.content == PictureRef("dog")
    assert await Chats(database).last_photo(-100, 5) == PictureRef("last photo")
    assert await Inbox(database).left() == ['{"update_id": 900}', '{"update_id": 901}']

    jobs = Jobs(database)
    everything = {job.id: job for job in await jobs.latest(None, None, 99)}
    assert [everything[job_id].state for job_id in range(1, 8)] == [
        State.DONE,
        State.FAILED,
        State.FAILED,
        State.CANCELLED,
        State.RUNNING,
        State.QUEUED,
        State.QUEUED,
    ]
    done = everything[1]
    assert (done.language, done.keep_colours, done.larger, done.recipe) == ("ru", True, True, '{"seed": 3}')
    assert (done.reply_to_message_id, done.progress_message_id) == (20, 21)
    assert (done.result_photo_file_id, done.result_document_file_id) == ("photo 1", "document 1")
    assert (done.created, done.started, done.finished) == (1700000300, 1700000360, 1700000420)
    assert (everything[2].error, everything[2].refusal) == (None, "too_small")
    assert [everything[job_id].styles[0].file_id for job_id in (1, 7)] == ["style 1", "style 7"]
    await database.close()


@pytest.mark.parametrize("old", SCHEMAS[1:], ids=lambda schema: f"from schema {schema.stem}", indirect=True)
async def test_so_are_bans_and_broadcasts_since_there_are_any(old: Path) -> None:
    database = await Database.open(old)
    assert await Bans(database).all() == [Ban(user_id=9, reason="Too many cats.", banned=1700001320)]
    sending = await Broadcasts(database).under_way()
    assert sending is not None
    assert (sending.user_id, sending.people, sending.reached, sending.last_user_id) == (7, 2, 1, 7)
    await database.close()


@pytest.mark.parametrize("old", SCHEMAS[2:3], ids=["from schema 0003"], indirect=True)
async def test_what_a_column_meant_besides_has_a_column_of_its_own(old: Path) -> None:
    database = await Database.open(old)
    everything = {job.id: job for job in await Jobs(database).latest(None, None, 99)}
    await database.close()
    assert [style.file_id for style in everything[1].styles] == ["style 1", "more 1"]
    assert [(job.as_file_of, job.recipe) for job in (everything[1], everything[6], everything[7])] == [
        (None, '{"seed": 3}'),
        (1, '{"mix":[2,1]}'),
        (1, None),
    ]
    assert [everything[job_id].worker_losses for job_id in (3, 6, 7)] == [0, 1, 0]


@pytest.mark.parametrize("old", SCHEMAS[10:], ids=lambda schema: f"from schema {schema.stem}", indirect=True)
async def test_so_are_games_and_the_votes_in_their_polls(old: Path) -> None:
    database = await Database.open(old)
    games = Games(database)
    duel = await games.of_poll("poll 1")
    assert duel is not None
    assert (duel.id, duel.poll_message_id, await games.votes(duel.id)) == (1, 33, (2, 1))
    assert await games.count_votes("poll 1", [2, 2])
    assert await games.votes(2) == (1, 0, 0, 1)
    assert await games.votes(3) == ()
    assert [game.id for game in await games.all_under_way()] == [1, 3]
    assert [entry.name for entry in await games.entries(1)] == ["Ann", "Ben"]
    assert [score.score for score in await games.top(-100)] == [1]
    await database.close()


async def test_what_an_earlier_version_wrote_is_of_use(old: Path) -> None:
    database = await Database.open(old)
    jobs = Jobs(database)
    assert [job.id for job in await jobs.unapologised()] == [3]
    assert await jobs.called_off() == []  # nobody hears today that something was cancelled long ago
    assert [job.id for job in await jobs.recover()] == [5]
    taken = [await jobs.take() for _ in range(4)]
    assert [job.id if job else None for job in taken] == [5, 6, 7, None]
    assert await jobs.finish(5, "photo 5")
    assert await Bans(database).ban(8) == 1
    assert [job.id for job in await jobs.called_off()] == [7]
    assert (await Broadcasts(database).ask(7, "ru", 1)).people == 1
    forgotten = await Users(database).forget(7)
    assert (forgotten.jobs, forgotten.sessions, forgotten.photos) == (2, 1, 1)
    await database.close()


async def test_a_command_beside_the_bot_does_not_upgrade(old: Path) -> None:
    before = old.read_bytes()
    assert "start the bot" in await refusal(old, OlderDatabase, shared=True)
    assert old.read_bytes() == before


async def test_a_failed_migration_leaves_the_file_as_it_was(path: Path, broken_upgrade: Path) -> None:
    database = await Database.open(path)
    await Users(database).ensure(7)
    await database.close()
    before = path.read_bytes()

    with pytest.raises(MigrationFailed, match=r"9999_broken\.sql"):
        await Database.open(path, migrations=broken_upgrade)
    assert path.read_bytes() == before
    assert not path.with_name(f"{path.name}-wal").exists()

    database = await Database.open(path)
    assert await Users(database).get(7)
    await database.close()


UPGRADE = """
import asyncio, pathlib, sys
from storage import Database

path = pathlib.Path(sys.argv[1])
asyncio.run(Database.open(path, migrations=path.parent / "migrations"))
"""


async def test_a_migration_killed_in_the_middle_leaves_the_file_as_it_was(
    path: Path, broken_upgrade: Path
) -> None:
    database = await Database.open(path)
    await Users(database).ensure(7)
    await database.close()
    (broken_upgrade / "9999_broken.sql").write_text(
        "DELETE FROM users;\n"
        "CREATE TABLE more AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 90000000)"
        " SELECT i, randomblob(500) FROM n;\n"
    )
    child = run_child(UPGRADE, path)
    wal = path.with_name(f"{path.name}-wal")
    async with asyncio.timeout(60):
        while not (wal.exists() and wal.stat().st_size > 5_000_000):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    child.kill()
    child.communicate()

    database = await Database.open(path)
    assert await Users(database).get(7)
    tables = await database.read("SELECT name FROM sqlite_master WHERE name = 'more'")
    assert tables == []
    await database.close()


async def test_a_later_migration_applies_once(path: Path, broken_upgrade: Path) -> None:
    await (await Database.open(path)).close()
    (broken_upgrade / "9999_broken.sql").write_text("CREATE TABLE more (id INTEGER);")
    for _ in range(2):
        database = await Database.open(path, migrations=broken_upgrade)
        assert (await database.read("PRAGMA user_version"))[0][0] == 9999
        await database.close()
    assert "install the newer version" in await refusal(path, NewerDatabase)
