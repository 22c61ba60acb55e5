"""Copy the database while others use it, and put a copy back in its place."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from storage.database import MIGRATIONS, held_alone, migrations_in, uri
from storage.errors import DatabaseError, NewerDatabase, damaged, explained, from_os

WAL, INDEX = "-wal", "-shm"  # what SQLite keeps beside a database in use; only the first has data of its own


def back_up(source: Path, target: Path) -> None:
    """Write a whole and compact copy to `target`, while others go on reading and writing.

    `target` appears only once complete. Raises `FileExistsError` if it is there already, and
    `DatabaseError`.
    """
    if target.exists():
        raise FileExistsError(f"{target} exists already: choose another name for the backup.")
    if not source.is_file():
        raise DatabaseError(f"There is no database at {source}: set STYLEGRAM_DATA to where it is.")
    with _copied(source, target) as copy:
        copy.rename(target)


def restore(backup: Path, target: Path) -> Path | None:
    """Put the backup in the place of the database at `target`, which nobody may be running on.

    The present file is kept under a name with the date and time, which is returned. At every moment
    there is either the one or the other whole. Raises `DatabaseError`.
    """
    with held_alone(target):
        _check(backup)
        with _copied(backup, target) as copy:
            _belongs_where(copy, target)
            aside = _set_aside(target)
            for ending in (WAL, INDEX):
                Path(f"{target}{ending}").unlink(missing_ok=True)
            copy.replace(target)
            _sync(target.parent)
    return aside


@contextmanager
def _copied(source: Path, target: Path) -> Iterator[Path]:
    """Copy into the folder of `target`, complete and on the disk, to be renamed; else the copy is removed."""
    try:
        handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise from_os(error, target) from error
    copy = Path(name)
    try:
        with explained(source, writes=target), closing(_opened(source)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")  # its errors say more than VACUUM's
            connection.execute("VACUUM INTO ?", (name,))
        os.fsync(handle)
        yield copy
    except OSError as error:
        raise from_os(error, target) from error
    finally:
        os.close(handle)
        copy.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(uri(path, "ro"), uri=True)


def _check(backup: Path) -> None:
    """Refuse what the bot could not use, before anything is touched."""
    if not backup.is_file():
        raise DatabaseError(f"There is no file {backup}: name one that `stylegram backup` has written.")
    with explained(backup), closing(_opened(backup)) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        [problem] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if problem != "ok":
        raise damaged(backup, problem)
    newest = migrations_in(MIGRATIONS)[-1].version
    if version > newest:
        raise NewerDatabase(
            f"{backup} is of schema version {version}, this program knows {newest}: "
            "install the newer version first."
        )
    if version < 1 or not {"users", "jobs", "sessions"} <= tables:
        raise DatabaseError(f"{backup} is not a database of stylegram: name a backup of one.")


def _belongs_where(copy: Path, target: Path) -> None:
    """Give the copy to the owner of its folder: whoever restores, often root, the bot's user has to write."""
    model = target if target.exists() else target.parent
    with suppress(PermissionError):
        os.chown(copy, model.stat().st_uid, model.stat().st_gid)
    copy.chmod(model.stat().st_mode & 0o666)


def _set_aside(path: Path) -> Path | None:
    """Give the present file a second name, with all that was committed to it."""
    if not path.exists():
        return None
    with suppress(sqlite3.Error), closing(sqlite3.connect(uri(path, "rw"), uri=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = path.with_name(f"{path.name}.{time.strftime('%Y-%m-%d-%H%M%S')}")
    for ending in ("", WAL):
        present = Path(f"{path}{ending}")
        if present.exists():
            _same_or_copied(present, Path(f"{aside}{ending}"))
    return aside


def _same_or_copied(present: Path, other: Path) -> None:
    try:
        other.hardlink_to(present)
    except FileExistsError:
        raise
    except OSError:  # some file systems know no second names
        shutil.copy2(present, other)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
