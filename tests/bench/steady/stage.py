"""Put a bot and its Telegram up, and ask it things with a clock."""

import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bot.demo.telegram.emulator import Emulator
from tests.bench.steady.bot_under_test import BotUnderTest
from tests.kit.people import Actor
from tests.kit.pictures import picture

PHOTO, STYLE = picture((120, 120, 120), 128, 96), picture((0, 128, 128), 96, 96)
STARTING = 60.0  # seconds
NEVER = float("inf")


class Stage(NamedTuple):
    api: Emulator
    bot: BotUnderTest


@asynccontextmanager
async def stage(
    painting: float = 0.3, *, flood_limits: bool = False, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """A bot that runs and has answered somebody, for as long as the block lasts.

    With `flood_limits` its Telegram keeps to the limits on messages a second that the real one has.
    """
    quiet()
    with TemporaryDirectory(prefix="steady-") as folder:
        async with Emulator(flood_limits=flood_limits) as api:
            bot = BotUnderTest(api, Path(folder), painting, **environment or {})
            await bot.start()
            try:
                first = Actor.join(api.world, "First")
                if await answered(first, "/help", "Send me two pictures", STARTING) == NEVER:
                    raise RuntimeError("the bot does not start:\n" + "\n".join(bot.said()[-5:]))
                yield Stage(api, bot)
            finally:
                await bot.stop()


def quiet() -> None:
    """Keep the emulator's server from telling of every connection that is cut on purpose."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)


async def answered(person: Actor, text: str, sign: str, within: float) -> float:
    """Say something. Returns the seconds until the answer with `sign` in it; `NEVER` if it comes later."""
    started = time.perf_counter()
    sent = await person.send_text(text)
    try:
        await person.expect(where=lambda seen: seen.id > sent.id and sign in seen.text, timeout=within)
    except AssertionError:
        return NEVER
    return time.perf_counter() - started


async def ask(person: Actor, strength: str = "Light") -> None:
    """Send two pictures and tap, as people do."""
    await person.send_photo(PHOTO)
    await person.expect(text="Now send me the style", timeout=STARTING)
    await person.send_photo(STYLE)
    await person.expect(text="How strong", buttons=[strength], timeout=STARTING)
    await person.tap(strength, wait=False)


async def painted(person: Actor, within: float = STARTING) -> None:
    """Wait for the result. Raises AssertionError if none comes."""
    await person.expect(photo=True, buttons=["Another style"], timeout=within)
