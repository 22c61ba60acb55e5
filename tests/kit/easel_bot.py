"""Begin lives of a bot with an easel for painter, one after another: `python -m tests.kit.easel_bot`.

Each line of the standard input is an order, `start` or `kill`, and is answered by one. A life is a process of
its own, forked from this one, which has everything imported, since that is what takes time. Its settings are
those of the environment.

As long as there are files of that name in its folder, `hold` stops paintings and `hold_samples` small ones at
their first step. `ahead` holds the seconds by which the clock of games is put forward.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from bot import app
from bot.settings import Settings
from bot.studio import game_clock
from tests.kit.easel import Easel

OFTEN = 0.05  # seconds


class _Gone:
    """Comes when there is no file of this name, as an `asyncio.Event` does when it is set."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def wait(self) -> None:
        while self._file.exists():  # noqa: ASYNC110  (whoever removes it is another process)
            await asyncio.sleep(OFTEN)


class _EaselHeldByFiles(Easel):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.with_samples = True
        self._may_go_on = _Gone(folder / "hold")
        self._samples_may_go_on = _Gone(folder / "hold_samples")


async def _live(settings: Settings) -> None:
    game_clock.LOOK_AROUND = OFTEN
    easel, ahead = _EaselHeldByFiles(settings.data), settings.data / "ahead"

    def now() -> float:
        return time.time() + (float(ahead.read_text()) if ahead.exists() else 0)

    async with app.running(settings, easel, now) as side_tasks:
        await side_tasks.failed()


def main() -> None:
    settings, life = Settings.load(), 0
    for order in sys.stdin:
        if order.strip() == "start":
            life = os.fork()
            if not life:
                asyncio.run(_live(settings))
        elif life:
            os.kill(life, signal.SIGKILL)
            os.waitpid(life, 0)
            life = 0
        print(order.strip(), flush=True)


if __name__ == "__main__":
    main()
