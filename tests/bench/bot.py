"""How soon the bot answers while it paints: `python -m tests.bench.bot`.

The bot is `stylegram run`, a process of its own, with a real worker; Telegram is the emulator, in this
process. All of them share the cores of the machine. `tests.bench.steady.crowd` is about many people.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from tests.e2e.conftest import BotProcess, ask, result
from tests.kit.people import Actor

SIZE = 512
TIMES = 200
FIRST_PICTURES = 10
SAMPLES = Path(__file__).parents[2] / "bot" / "demo" / "samples"
CONTENT, STYLE = (SAMPLES / "cat.jpg").read_bytes(), (SAMPLES / "van-gogh-auvers.jpg").read_bytes()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Emulator() as api:
            settings = Settings.load(token=api.token, api_url=api.url, data=Path(folder), size=SIZE)
            process = BotProcess(
                settings, STYLEGRAM_LIMIT_UPDATES="100000"
            )  # Ann asks more often than people do
            await process.start()
            try:
                await bench(api, psutil.Process(process.pid))
            finally:
                process.terminate()
                await process.ended()


async def bench(api: Emulator, bot: psutil.Process) -> None:
    warmer = Actor.join(api.world, "Warmer")
    await ask(warmer, CONTENT, STYLE)
    await result(warmer, timeout=300)
    print(f"at {SIZE} px, on {psutil.cpu_count()} cores")

    async with Painting(api):
        report("/status, sent to answered, while painting", await times(status_of(api), TIMES))
    report("tap to first picture shown", await times(first_picture_for(api), FIRST_PICTURES))
    print(f"    memory of the bot's process: {bot.memory_info().rss / 1e6:.0f} MB")


class Painting:
    """Something is always being painted, for as long as the block lasts."""

    def __init__(self, api: Emulator) -> None:
        self._painter = Actor.join(api.world, "Painter")

    async def __aenter__(self) -> None:
        self._keeping_busy = asyncio.create_task(self._keep_busy())
        await self._painter.expect(photo=True, text="Painting", timeout=60)

    async def __aexit__(self, *_: object) -> None:
        self._keeping_busy.cancel()
        await self._painter.send_text("/cancel")
        await self._painter.expect(text="Cancelled")

    async def _keep_busy(self) -> None:
        while True:
            await ask(self._painter, CONTENT, STYLE, "Wild")
            await result(self._painter, timeout=300)


def status_of(api: Emulator) -> Callable[[], Awaitable[float]]:
    ann = Actor.join(api.world, "Ann")

    async def ask_status() -> float:
        await asyncio.sleep(0.05)  # as people do not ask again within the same moment
        return await answered(ann, "/status")

    return ask_status


def first_picture_for(api: Emulator) -> Callable[[], Awaitable[float]]:
    ben = Actor.join(api.world, "Ben")

    async def ask_first_picture() -> float:
        await ben.send_photo(CONTENT)
        await ben.expect(text="style")
        await ben.send_photo(STYLE)
        question = await ben.expect(text="How strong", buttons=["Light"])
        start = time.perf_counter()
        await ben.tap("Light", wait=False)

        def is_picture(seen: SeenMessage) -> bool:
            return seen.id == question.id and seen.json["photo"] != question.json["photo"]

        await ben.expect(photo=True, where=is_picture, timeout=60)
        taken = time.perf_counter() - start
        await result(ben, timeout=300)
        return taken

    return ask_first_picture


async def answered(person: Actor, text: str) -> float:
    start = time.perf_counter()
    sent = await person.send_text(text)
    await person.expect(where=lambda seen: seen.id > sent.id, timeout=120)
    return time.perf_counter() - start


async def times(measure: Callable[[], Awaitable[float]], count: int) -> list[float]:
    return sorted([await measure() for _ in range(count)])


def report(what: str, taken: list[float]) -> None:
    p99 = taken[min(len(taken) - 1, len(taken) * 99 // 100)]
    print(f"    {what}: median {1000 * statistics.median(taken):.0f} ms, p99 {1000 * p99:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
