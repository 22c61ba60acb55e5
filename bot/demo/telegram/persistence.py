"""Keep the demo's Telegram in a folder: files as files, and all else in one file that is always whole.

What is written survives the death of this process, kill -9 included, as it is in the kernel's hands then;
at worst a fraction of a second is lost.

`stylegram demo --data` needs it to show, with no token, what the bot promises: both sides killed at any
moment, the conversation goes on where it was.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from bot.demo.telegram import snapshot
from bot.ops.errors import CannotRun

if TYPE_CHECKING:
    from bot.demo.telegram.emulator import Emulator
    from bot.demo.telegram.world import World

log = getLogger(__name__)

VERSION = 1
MESSAGES = 5  # levels deep: state, world, chats, chat, messages
PAUSE = 0.05  # seconds between two snapshots, at least
SHARE = 0.1  # of the time, at most, goes into them
RETRY = 5.0  # seconds, when the disk is full


@dataclass(frozen=True)
class KeptState:
    token: str
    world: dict[str, Any]
    whole: bool  # nothing happened after this was written


class StateFolder:
    """Of one folder, which it has to itself while it is `held`."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self._folder = folder
        self._state = folder / "world.json"
        self._lock = FileLock(folder / "lock", timeout=0)
        self._ending = asyncio.Event()

    @property
    def has_state(self) -> bool:
        return self._state.exists()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises `CannotRun` where another demo has the folder, or where it cannot be written to."""
        try:
            self.files.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise CannotRun(
                f"Another demo is running on {self._folder}: stop it, or choose another folder."
            ) from None
        except OSError as error:
            raise CannotRun(f"Cannot write to {self._folder}: {error.strerror}.") from error
        try:
            yield
        finally:
            self._lock.release()

    def read(self) -> KeptState:
        """Raises `CannotRun` if this is nothing to go on from."""
        try:
            state = json.loads(self._state.read_bytes())
            version = state["version"]
            if version != VERSION:
                raise self._unusable(f"is of version {version}, this program knows {VERSION}")
            return KeptState(state["token"], state["world"], state["whole"])
        except OSError as error:
            raise self._unusable(f"cannot be read ({error.strerror})") from error
        except (LookupError, TypeError, ValueError) as error:
            raise self._unusable("is damaged") from error

    def restore(self, kept: KeptState, world: "World") -> None:
        try:
            snapshot.restore(world, kept.world, whole=kept.whole)
        except (LookupError, TypeError, ValueError) as error:
            raise self._unusable("is damaged") from error
        world.files.tidy()

    @asynccontextmanager
    async def keeping(self, api: "Emulator") -> AsyncIterator[None]:
        """Write down what changes, soon after it did, and at the end all of it."""
        try:
            await self._write(api)
        except OSError as error:
            raise CannotRun(f"Cannot write to {self._folder}: {error.strerror}.") from error
        keeping = asyncio.create_task(self._keep(api))
        try:
            yield
        finally:
            self._ending.set()
            api.world.changed.set()
            await keeping
            await self._try_to_write(api)

    async def _keep(self, api: "Emulator") -> None:
        """A snapshot is made as soon as there is something new, unless the last one was just now."""
        while not self._ending.is_set():
            await api.world.changed.wait()
            pause = await self._try_to_write(api)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._ending.wait()

    async def _try_to_write(self, api: "Emulator") -> float:
        """Returns how many seconds should pass until the next time."""
        began = time.monotonic()
        try:
            await self._write(api)
        except OSError as error:
            log.warning("cannot keep what happens", extra={"reason": error.strerror})
            api.world.changed.set()
            return RETRY
        return max(PAUSE, (time.monotonic() - began) / SHARE)

    async def _write(self, api: "Emulator") -> None:
        api.world.changed.clear()
        state = {
            "version": VERSION,
            "token": api.token,
            "whole": self._ending.is_set(),
            "world": snapshot.describe(api.world),
        }
        await asyncio.to_thread(self._replace, state)

    def _replace(self, state: dict[str, Any]) -> None:
        """At no moment is there half a file. Its token is for nobody else to read."""
        part = self._state.with_suffix(".part")
        part.touch(mode=0o600)
        with part.open("w", encoding="utf-8") as file:
            file.writelines(_pieces(state, down_to=MESSAGES))
        part.replace(self._state)

    def _unusable(self, problem: str) -> CannotRun:
        return CannotRun(f"{self._state} {problem}: choose another folder.")


def _pieces(value: Any, down_to: int) -> Iterator[str]:
    """JSON in pieces: while the encoder works at one, no other thread does."""
    if not down_to or not isinstance(value, dict | list):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, dict):
        for number, (name, part) in enumerate(value.items()):
            yield ("," if number else "{") + json.dumps(name) + ":"
            yield from _pieces(part, down_to - 1)
        yield "}" if value else "{}"
    else:
        for number, part in enumerate(value):
            yield "," if number else "["
            yield from _pieces(part, down_to - 1)
        yield "]" if value else "[]"
