"""Say what is wrong with the database, each as one line that says what to do about it."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DatabaseError(Exception):
    """The database cannot be used; the message is one line for the person who runs the bot."""


class DatabaseInUse(DatabaseError):
    """Another process runs on this database, or holds it locked."""


class NewerDatabase(DatabaseError):
    """The file was written by a later version of the program."""


class OlderDatabase(DatabaseError):
    """The file was written by an earlier version of the program, and is not up to date yet."""


class MigrationFailed(DatabaseError):
    """A migration did not apply; the file is as it was before that migration."""


class DatabaseDamaged(DatabaseError):
    """The file is not a database, or no longer a sound one. It has been left alone."""


class DatabaseNotWritable(DatabaseError):
    """The file or its folder is missing, is of the wrong kind, or may not be written."""


class DiskFull(DatabaseError):
    """There is no room left; what was committed before is intact."""


def not_writable(path: Path) -> DatabaseNotWritable:
    """Make the error for a file that cannot be written."""
    return DatabaseNotWritable(
        f"Cannot write {path}: it must be a file in an existing folder that this user may write to."
    )


def disk_full(path: Path) -> DiskFull:
    """Make the error for a full disk."""
    return DiskFull(f"No room left to write {path}: free some space; nothing saved before is lost.")


def damaged(path: Path, problem: object) -> DatabaseDamaged:
    """Make the error for a file that is no sound database."""
    said = " ".join(str(problem).split())  # SQLite's own checks report on several lines
    return DatabaseDamaged(f"{path} is damaged ({said}): restore a backup, or move it away to start anew.")


def from_os(error: OSError, path: Path) -> DatabaseError:
    """Make the error to raise when the system refuses a file beside the database."""
    return disk_full(path) if error.errno in (errno.ENOSPC, errno.EDQUOT) else not_writable(path)


@contextmanager
def explained(path: Path, *, writes: Path | None = None) -> Iterator[None]:
    """Turn SQLite's complaints about the file at `path` into a `DatabaseError`.

    What cannot be written is that file, or the copy of it that `writes` names.

    Complaints about a statement (a constraint, a mistake in the SQL) pass as they are: those are
    for the programmer, not for the person who runs the bot.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # of the file beside it that readers and writers share
            raise disk_full(writes or path) from error
        match code & 0xFF:  # extended codes such as SQLITE_IOERR_WRITE keep the plain one in their low byte
            case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
                raise not_writable(writes or path) from error
            case sqlite3.SQLITE_FULL:
                raise disk_full(writes or path) from error
            case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
                raise damaged(path, error) from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise DatabaseInUse(f"Another program keeps {path} locked: end it and try again.") from error
            case sqlite3.SQLITE_IOERR:
                raise DatabaseError(f"The disk failed under {path} ({error}): check the disk.") from error
            case _:
                raise
