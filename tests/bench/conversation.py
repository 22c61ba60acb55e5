"""How long a newcomer waits for a painting in three taps: `python -m tests.bench.conversation`.

A photo is sent, a painting of the gallery tapped, and a strength, at 512 px. The bot is `stylegram run`, a
process of its own, with a real worker that is warm; Telegram is the emulator, in this process. For each
painting once, the first time that the worker sees it.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import psutil

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from tests.bench.bot import CONTENT, SIZE, STYLE, report
from tests.e2e.conftest import BotProcess, ask, result
from tests.kit.people import Actor

PAINTINGS = range(1, 7)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Emulator() as api:
            settings = Settings.load(token=api.token, api_url=api.url, data=Path(folder), size=SIZE)
            process = BotProcess(settings)
            await process.start()
            try:
                warmer = Actor.join(api.world, "Warmer")
                await ask(warmer, CONTENT, STYLE)
                await result(warmer, timeout=300)
                print(f"at {SIZE} px, on {psutil.cpu_count()} cores")
                waits = [await conversation(api, number) for number in PAINTINGS]
            finally:
                process.terminate()
                await process.ended()
    asked, sampled, painted, together = (sorted(times) for times in zip(*waits, strict=True))
    report("photo to gallery, and painting to question", asked)
    report("painting to strengths on a sheet, nothing else painted", sampled)
    report("strength to result", painted)
    report("all that the bot takes for a painting in three taps, at once", together)


async def conversation(api: Emulator, number: int) -> tuple[float, float, float, float]:
    """Seconds to the question, to the sheet of strengths, to the result, and to a result without a sheet."""
    asked, sampled, painted = await wait_for_sheet(Actor.join(api.world, "Ann"), number)
    at_once = await tap_at_once(Actor.join(api.world, "Ben"), number + len(PAINTINGS))
    return asked, sampled, painted, at_once


async def wait_for_sheet(ann: Actor, number: int) -> tuple[float, float, float]:
    asked, chosen, question = await choose(ann, number)

    def is_sheet(seen: SeenMessage) -> bool:
        return seen.id == question.id and seen.json["photo"] != question.json["photo"]

    await ann.expect(where=is_sheet, timeout=120)
    sampled = time.perf_counter() - chosen
    tapped = time.perf_counter()
    await ann.tap("Balanced", wait=False)
    await result(ann, timeout=300)
    return asked, sampled, time.perf_counter() - tapped


async def tap_at_once(ben: Actor, number: int) -> float:
    asked, _, _ = await choose(ben, number)
    tapped = time.perf_counter()
    await ben.tap("Balanced", wait=False)
    await result(ben, timeout=300)
    return asked + time.perf_counter() - tapped


async def choose(person: Actor, number: int) -> tuple[float, float, SeenMessage]:
    """Seconds until the questions come, when the painting was tapped, and the question of strength."""
    start = time.perf_counter()
    await person.send_photo(CONTENT)
    await person.expect(text="style", buttons=[str(number)])
    chosen = time.perf_counter()
    asked = chosen - start
    await person.tap(str(number), wait=False)
    question = await person.expect(text="How strong", buttons=["Balanced"], photo=True)
    return asked + time.perf_counter() - chosen, chosen, question


if __name__ == "__main__":
    asyncio.run(main())
