"""Keep full-size results on disk for a while, for those who ask for the file."""

import asyncio
from pathlib import Path


class ResultFiles:
    """Keep results as PNG files by job. What is missing can be painted again.

    Args:
        folder: where; made when it is needed.
        max_bytes: of all files together; the one asked for least recently goes first.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    async def put(self, job_id: int, png: bytes) -> None:
        """Keep a result. Raises `OSError`."""
        await asyncio.to_thread(self._put, job_id, png)

    async def get(self, job_id: int) -> bytes | None:
        """Return a result, if it is still there."""
        return await asyncio.to_thread(self._get, job_id)

    async def discard(self, job_ids: list[int]) -> None:
        """Delete the results of these jobs."""
        for job_id in job_ids:
            await asyncio.to_thread(self._path(job_id).unlink, missing_ok=True)

    def _put(self, job_id: int, png: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(job_id)
        part = path.with_suffix(".part")
        try:
            part.write_bytes(png)
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
