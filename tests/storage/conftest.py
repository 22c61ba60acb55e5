"""A real database file for each test, and jobs by the dozen."""

import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage import Database, DatabaseError, Job, Jobs, NewJob, PictureRef, QueueLimits, Users
from storage.database import MIGRATIONS

UNLIMITED = QueueLimits(user=10**9, chat=10**9, overall=10**9)


class Clock:
    """Unix seconds that pass only when told to."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stylegram.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    yield database
    await database.close()


@pytest.fixture
def jobs(database: Database, clock: Clock) -> Jobs:
    return Jobs(database, now=clock)


Ask = Callable[..., Awaitable[Job]]


@pytest.fixture
def ask(database: Database, jobs: Jobs) -> Ask:
    """Ask for one more job; what a test does not care about is made up."""
    numbers = count(1)

    async def ask(user_id: int = 1, limits: QueueLimits = UNLIMITED, **fields: Any) -> Job:
        await Users(database).ensure(user_id)
        number = next(numbers)
        request: dict[str, Any] = {
            "request_key": f"request {number}",
            "chat_id": user_id,
            "content": PictureRef(f"content {number}"),
            "styles": (PictureRef(f"style {number}"),),
            "strength": "balanced",
        }
        job, new = await jobs.add(NewJob(user_id=user_id, **(request | fields)), limits)
        assert new
        return job

    return ask


async def refusal(path: Path, kind: type[DatabaseError], *, shared: bool = False) -> str:
    """The one line with which the database at `path` is not opened."""
    with pytest.raises(kind) as refused:
        await Database.open(path, shared=shared)
    line = str(refused.value)
    assert str(path) in line
    assert "\n" not in line
    return line


def run_child(code: str, path: Path) -> subprocess.Popen[str]:
    """Another process, which runs `code` on `path`."""
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=MIGRATIONS.parents[1], stdout=subprocess.PIPE, text=True
    )
