"""Open the SQLite file for one process, migrate it, and write it over one connection."""

import asyncio
import fcntl
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, Self

import aiosqlite

from storage.errors import (
    DatabaseInUse,
    MigrationFailed,
    NewerDatabase,
    OlderDatabase,
    damaged,
    explained,
    from_os,
)

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT = 5.0  # seconds to wait for a command beside the bot, such as a backup, to let go

Parameters = Sequence[object] | Mapping[str, object]
Observe = Callable[[str, float], None]  # what was done, "read", "write" or "transaction", and its seconds


class Migration(NamedTuple):
    """One step from a schema to the next."""

    version: int  # of the schema, once applied
    name: str
    statements: list[str]


class Execute(Protocol):
    """Run one statement and return all its rows."""

    async def __call__(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]: ...


class Database:
    """One SQLite file, safe to share between the coroutines of one event loop.

    Writers go one after another over one connection. Readers have a connection of their own: they
    never wait for a writer, and see only what is committed.

    Every method may raise `storage.errors.DatabaseError`, whose message is one line for people.
    """

    _writer: aiosqlite.Connection
    _reader: aiosqlite.Connection

    def __init__(self, path: Path, observe: Observe) -> None:
        """Use `open`, which also opens."""
        self.path = path
        self._observe = observe
        self._writing = asyncio.Lock()
        self._opened = AsyncExitStack()

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        shared: bool = False,
        migrations: Path = MIGRATIONS,
        observe: Observe = lambda _what, _seconds: None,
    ) -> Self:
        """Open the database at `path`, creating and migrating it as needed.

        Only one process may hold it so; a second gets `DatabaseInUse`. With `shared` it is opened
        beside the bot, for the commands of an operator: nothing is locked, created or migrated.
        `observe` is told how long everything takes.
        """
        database = cls(path, observe)
        try:
            with explained(path):
                await database._connect(shared)
                await database._prepare(migrations_in(migrations), shared)
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Wait for a transaction under way, close the file and let other processes have it."""
        async with self._writing:
            await self._opened.aclose()

    async def read(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Run one query on what is committed."""
        with self._timed("read"), explained(self.path):
            return list(await self._reader.execute_fetchall(sql, parameters))

    async def write(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Run one statement, committed when this returns; the rows are those it is `RETURNING`."""
        async with self._turn("write"):
            with explained(self.path):
                return await self._execute(sql, parameters)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Execute]:
        """Run several statements, all committed at the end of the block or, if it raises, none."""
        async with self._turn("transaction"):
            with explained(self.path):
                try:
                    await self._execute("BEGIN IMMEDIATE")
                    yield self._execute
                    await self._writer.commit()
                except BaseException:
                    # Cancelled in the middle of a statement, that statement still runs: the
                    # connection's thread takes its orders in turn, this one after it. Without a
                    # transaction to roll back it does nothing.
                    await self._writer.rollback()
                    raise

    async def probe(self) -> None:
        """Write, but change nothing, to find out whether it could be done."""
        async with self.transaction() as execute:
            version = (await execute("PRAGMA user_version"))[0][0]
            await execute(f"PRAGMA user_version = {version}")

    async def _execute(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        # Always all the rows: a statement with RETURNING left half read would block the COMMIT.
        return list(await self._writer.execute_fetchall(sql, parameters))

    @asynccontextmanager
    async def _turn(self, what: str) -> AsyncIterator[None]:
        """Wait for the turn to write, alone; the wait counts."""
        with self._timed(what):
            async with self._writing:
                yield

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._observe(what, time.perf_counter() - start)

    async def _connect(self, shared: bool) -> None:
        if not shared:
            self._opened.enter_context(held_alone(self.path))
        writer = _connection(self.path, "rw" if shared else "rwc")
        self._writer = await self._opened.enter_async_context(writer)
        self._reader = await self._opened.enter_async_context(_connection(self.path, "ro"))

    async def _prepare(self, migrations: list[Migration], shared: bool) -> None:
        """Refuse what cannot be used before anything is written, then bring the schema up to date."""
        version = (await self._execute("PRAGMA user_version"))[0][0]
        newest = migrations[-1].version
        if version > newest:
            raise NewerDatabase(
                f"{self.path} is of schema version {version}, this program knows {newest}: "
                "install the newer version again, or restore a backup."
            )
        if shared and version < newest:
            raise OlderDatabase(
                f"{self.path} is of schema version {version}, this program knows {newest}: "
                "start the bot with this program once, which brings it up to date."
            )
        if not shared:
            problem = (await self._execute("PRAGMA quick_check(1)"))[0][0]
            if problem != "ok":
                raise damaged(self.path, problem)
            await self._execute("PRAGMA journal_mode = WAL")
            for migration in migrations:
                if migration.version > version:
                    await self._apply(migration)
            async with self.transaction():
                pass  # a file that can only be read is found out now, not at the first message
        # After the migrations: one that rebuilds a table must not cascade into those that refer to it.
        await self._execute("PRAGMA foreign_keys = ON")
        # In WAL mode a commit is in the kernel's hands before it returns, so it survives the death
        # of this process, kill -9 included. NORMAL leaves out the fsync of each commit: only a power
        # cut can undo the last few, and even that leaves the file sound.
        await self._execute("PRAGMA synchronous = NORMAL")

    async def _apply(self, migration: Migration) -> None:
        try:
            async with self.transaction() as execute:
                for statement in migration.statements:
                    await execute(statement)
                await execute(f"PRAGMA user_version = {migration.version}")
        except sqlite3.Error as error:
            raise MigrationFailed(
                f"{migration.name} does not apply to {self.path} ({error}): "
                "the file is as it was; run the version before, and report this."
            ) from error


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Hold `<path>.lock`. The kernel lets go when the process ends, however it ends.

    The file itself stays: to remove it would let two processes each lock a file of that name.
    """
    try:
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise from_os(error, path) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseInUse(f"Another process is running on {path}: stop it first.") from None
        yield
    finally:
        os.close(handle)


def uri(path: Path, mode: Literal["rwc", "rw", "ro"]) -> str:
    """Make the URI with which SQLite opens the file for that much and no more."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def _connection(path: Path, mode: Literal["rwc", "rw", "ro"]) -> aiosqlite.Connection:
    # The file is opened here and not on aiosqlite's thread: when that fails there, the thread may
    # outlive the event loop, and adds a traceback to our one clear line. An isolation level of None
    # keeps sqlite3 from beginning transactions of its own accord.
    connection = sqlite3.connect(
        uri(path, mode), uri=True, isolation_level=None, timeout=BUSY_TIMEOUT, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    return aiosqlite.Connection(lambda: connection, iter_chunk_size=64)


def migrations_in(folder: Path) -> list[Migration]:
    """List the migrations in the folder, in order: `0001_initial.sql` brings the schema to version 1."""
    return [
        Migration(int(script.name.split("_")[0]), script.name, list(_statements(script.read_text("utf-8"))))
        for script in sorted(folder.glob("*.sql"))
    ]


def _statements(script: str) -> Iterator[str]:
    """Split at the line ends that complete a statement; a trigger's own statements stay together.

    (`executescript` would do without, but commits what came before.)
    """
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
