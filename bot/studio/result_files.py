"""Keep full-size results on disk for a while, for those who ask for the file, and what is being delivered."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from core.executor.protocol import Done
from storage import Job

T = TypeVar("T")

_PICTURES = ("picture", "lossless")  # of a `Done`; the rest is numbers


class ResultFiles:
    """Keep results as PNG files by job, and finished paintings until they are delivered.

    What is missing can be painted again. One thread does all that is asked for, in order, so that what was
    deleted cannot be written by somebody who began before.

    Args:
        folder: where; made when it is needed.
        max_bytes: of all files together; the one asked for least recently goes first.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._thread = ThreadPoolExecutor(1, "results")

    async def put(self, job_id: int, png: bytes) -> None:
        """Keep a result, which is delivered. Raises `OSError`."""

        def put() -> None:
            self._finished(job_id).unlink(missing_ok=True)
            self._path(job_id).unlink(missing_ok=True)  # ids come again after a backup was restored
            self._write(self._path(job_id), png)

        await self._run(put)

    async def get(self, job_id: int) -> bytes | None:
        """Return a result, if it is still there. Raises `OSError`."""
        return await self._run(lambda: self._get(job_id))

    async def put_finished(self, job: Job, done: Done) -> None:
        """Keep a finished painting, so that whoever takes over after a crash can deliver it.

        Raises `OSError`.
        """
        await self._run(lambda: self._write(self._finished(job.id), _packed(job, done)))

    async def get_finished(self, job: Job) -> Done | None:
        """Return a painting that was finished and not delivered, if there is one."""

        def get() -> Done | None:
            try:
                return _unpacked(job, self._finished(job.id).read_bytes())
            except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile):
                return None

        return await self._run(get)

    async def finished(self) -> set[int]:
        """List the jobs whose paintings were finished and not delivered. Raises `OSError`."""
        return await self._run(lambda: {int(file.stem) for file in self._kept() if file.suffix == ".zip"})

    async def discard(self, job_ids: list[int]) -> None:
        """Delete all that is kept of these jobs. Raises `OSError`."""

        def discard() -> None:
            for job_id in job_ids:
                self._path(job_id).unlink(missing_ok=True)
                self._finished(job_id).unlink(missing_ok=True)

        await self._run(discard)

    async def kept(self) -> list[int]:
        """List the jobs of which anything is kept. Raises `OSError`."""
        return await self._run(lambda: sorted({int(file.stem) for file in self._kept()}))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _kept(self) -> list[Path]:
        files = self._folder.iterdir() if self._folder.is_dir() else ()
        return [file for file in files if file.stem.isdecimal()]

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            part.write_bytes(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)  # what a full disk has cut short only takes room
        self._make_room()

    def _make_room(self) -> None:
        files = [(file.stat(), file) for file in self._folder.iterdir()]
        excess = sum(stat.st_size for stat, _ in files) - self._max_bytes
        for stat, file in sorted(files, key=lambda entry: entry[0].st_mtime_ns):
            if excess <= 0:
                break
            file.unlink(missing_ok=True)
            excess -= stat.st_size

    def _get(self, job_id: int) -> bytes | None:
        path = self._path(job_id)
        try:
            png = path.read_bytes()
            path.touch()
        except FileNotFoundError:
            return None
        return png

    def _path(self, job_id: int) -> Path:
        return self._folder / f"{job_id}.png"

    def _finished(self, job_id: int) -> Path:
        return self._folder / f"{job_id}.zip"


def _packed(job: Job, done: Done) -> bytes:
    """Pack a painting: its pictures, its numbers as JSON, and which job of this id it is of."""
    fields = asdict(done)
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name in _PICTURES:
            archive.writestr(name, fields.pop(name))
        archive.writestr("numbers", json.dumps(fields))
        archive.writestr("request", job.request_key)
    return data.getvalue()


def _unpacked(job: Job, packed: bytes) -> Done:
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        if archive.read("request").decode() != job.request_key:
            raise ValueError("painted for another job of this id, before a backup was restored")
        fields: dict[str, Any] = json.loads(archive.read("numbers"))
        return Done(**fields | {name: archive.read(name) for name in _PICTURES})
