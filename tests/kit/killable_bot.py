"""Run a bot that can be killed, and lives again a moment later."""

import asyncio
import sys
from pathlib import Path
from typing import Self

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import Break
from tests.kit.command_line import clean_environment
from tests.kit.waiting import eventually

ROOT = Path(__file__).parents[2]


class KillableBot:
    """The whole bot with an easel for painter, in a process of its own, against an emulator.

    Args:
        api: its Telegram.
        folder: for its database, and for what it is told.
    """

    def __init__(self, api: Emulator, folder: Path) -> None:
        self._api = api
        self._folder = folder
        self._ahead = 0.0
        self._environment = clean_environment(
            TELEGRAM_BOT_TOKEN=api.token,
            STYLEGRAM_API_URL=api.url,
            STYLEGRAM_DATA=str(folder),
            STYLEGRAM_EDIT_INTERVAL_PRIVATE="0",
            STYLEGRAM_EDIT_INTERVAL_GROUP="0",
        )

    @property
    def database(self) -> Path:
        return self._folder / "stylegram.db"

    @property
    def ahead(self) -> float:
        """By how many seconds the clock of games was put forward so far."""
        return self._ahead

    async def __aenter__(self) -> Self:
        with (self._folder / "bot.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.kit.easel_bot"),
                env=self._environment,
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def start(self) -> None:
        """Begin another life."""
        await self._order("start")

    async def kill(self) -> None:
        """End this life at once, as the kernel does."""
        await self._order("kill")

    async def killed_in(self, method: str, fault: Break) -> None:
        """Kill it in the middle of its next request of this method, once it had its effect or before."""
        self._api.faults.next(method, fault)
        await eventually(lambda: not self._api.faults.planned)
        await self.kill()

    def hold(self, what: str = "hold") -> None:
        """Let paintings stop at their first step, or small ones, which are `hold_samples`."""
        (self._folder / what).touch()

    def go_on(self, what: str = "hold") -> None:
        (self._folder / what).unlink()

    def put_forward(self, seconds: float) -> None:
        """Put the clock forward by which games go."""
        self._ahead += seconds
        told = self._folder / "ahead.next"
        told.write_text(str(self._ahead))
        told.replace(self._folder / "ahead")

    async def _order(self, order: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{order}\n".encode())
        assert await self._process.stdout.readline() == f"{order}\n".encode()
