"""Run the bot as a process of its own, which can be killed and looked at."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from bot.demo.telegram.emulator import Emulator
from tests.kit.command_line import clean_environment

ROOT = Path(__file__).parents[3]
WORKER, DECODER = "core.executor.worker.child", "core.decoding.decoder_process"


class BotUnderTest:
    """`stylegram run` against an emulator, with its data in a folder, one life after another.

    Args:
        api: its Telegram.
        folder: for database and log.
        painting: seconds that a picture takes.
        environment: more of its options.
    """

    def __init__(self, api: Emulator, folder: Path, painting: float = 0.3, **environment: str) -> None:
        self.log = folder / "bot.log"
        self._environment = clean_environment(
            TELEGRAM_BOT_TOKEN=api.token,
            STYLEGRAM_API_URL=api.url,
            STYLEGRAM_DATA=str(folder),
            STYLEGRAM_SIZE="256",
            STYLEGRAM_EDIT_INTERVAL_PRIVATE="0.5",
            STYLEGRAM_EDIT_INTERVAL_GROUP="0.5",
            STYLEGRAM_LIMIT_UPDATES="100000",
            STYLEGRAM_LOG_FORMAT="json",
            STEADY_PAINTING=str(painting),
        )
        self._environment |= environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.bench.steady.bot_process", "run"),
                env=self._environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """Kill it, as the kernel does, and wait until it is gone."""
        if self._process and self.is_alive:
            self._process.kill()
        await self.ended()

    async def stop(self) -> int | None:
        """Ask it to end, as a service manager does. Returns its exit status."""
        if self._process and self.is_alive:
            self._process.terminate()
        return await self.ended()

    async def ended(self) -> int | None:
        return await self._process.wait() if self._process else None

    def children(self, module: str) -> list[int]:
        """The ids of its processes that run this module, its children's children too."""
        found = []
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    if module in child.cmdline():
                        found.append(child.pid)
        return found

    def kill_child(self, module: str, which: int) -> bool:
        """Kill one of those that run this module. Returns whether there was any."""
        pids = self.children(module)
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(pids[which % len(pids)], signal.SIGKILL)
        return True

    def said(self) -> list[str]:
        """The lines of its log."""
        return self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
