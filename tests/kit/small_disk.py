"""A disk that is soon full."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SmallDisk:
    """A file system of a few megabytes, for who wants to know what happens when there is no room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Take all the room there is, to the last byte."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while filler.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._filler.unlink()

    def make_read_only(self) -> None:
        _mount("-o", "remount,ro", str(self.folder))


@contextmanager
def mounted(folder: Path) -> Iterator[SmallDisk | None]:
    """A small disk at this folder, which is made; None where mounting is not permitted."""
    folder.mkdir()
    if shutil.which("mount") is None or _mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)) != 0:
        yield None
        return
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode
