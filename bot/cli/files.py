"""Files that commands write: beside their place and then moved there, so that each is whole or as it was."""

import os
import tempfile
from pathlib import Path

PREFIX = ".stylegram-"
LONGEST_NAME = 255  # bytes, where the file system does not say


class CannotWrite(Exception):
    """A file that cannot be written; the message is one line that says why."""


def check_place(path: Path) -> None:
    """Find out whether `write` could write there, before something is painted for nothing.

    Raises `CannotWrite`.
    """
    try:
        if path.is_dir():
            raise CannotWrite(f"{path} is a folder")
        target = _target(path)
        if not target.parent.is_dir():
            what = "is no folder" if target.parent.exists() else "does not exist"
            raise CannotWrite(f"the folder of {path} {what}")
        if len(os.fsencode(target.name)) > longest_name(target.parent):
            raise CannotWrite(f"the name of {path} is too long")
        if _is_special(target):
            return
        with tempfile.TemporaryFile(prefix=PREFIX, dir=target.parent):
            pass
    except OSError as error:
        raise _cannot_write(path, error) from error


def write(path: Path, data: bytes) -> None:
    """Write a file whole, or leave what is there as it is. Raises `CannotWrite`.

    What is no plain file, a pipe say, is written to as it is.
    """
    try:
        target = _target(path)
        if _is_special(target):
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise _cannot_write(path, error) from error


def shortened(stems: tuple[str, str], ending: str, folder: Path) -> str:
    """Name a file after two others, `one-other.jpg`, shortening whichever is too long for that.

    Args:
        stems: the names of both, without their endings.
        ending: the new file's, such as .jpg.
        folder: where it will be: how long a name may be depends on it.
    """
    room = longest_name(folder) - len(f"-{ending}")
    one, other = stems
    half = room // 2
    one = _cut(one, max(half, room - len(os.fsencode(other))))
    other = _cut(other, room - len(os.fsencode(one)))
    return f"{one}-{other}{ending}"


def longest_name(folder: Path) -> int:
    """Return how many bytes a file's name may have in this folder."""
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError):
        return LONGEST_NAME


def _cut(name: str, room: int) -> str:
    """Cut to so many bytes, and never within a letter."""
    while len(os.fsencode(name)) > room:
        name = name[:-1]
    return name


def _target(path: Path) -> Path:
    """What a link leads to: that is what gets replaced, and not the link."""
    return Path(os.path.realpath(path))


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=PREFIX, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
            os.fsync(handle)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _cannot_write(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"cannot write {path}: {error.strerror}")
