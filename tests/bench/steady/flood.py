"""One chat is flooded, and others are measured: `python -m tests.bench.steady.flood`.

First nothing happens, for comparison. Then one person's chat may not be written to for a while (429), then a
group may not, and at last one person sends sixty messages in a burst.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Coroutine, Sequence

from bot.demo.telegram.emulator import Emulator
from tests.bench.steady.report import Report, argument_parser, percentile, spread
from tests.bench.steady.stage import NEVER, PHOTO, answered, ask, stage
from tests.kit.people import Actor

LATER = 0.5  # seconds; no more, for others
LIMIT = {"STYLEGRAM_LIMIT_UPDATES": "60"}  # a minute, as by default
BURST = 60  # messages
EVERY = 0.25  # seconds between two questions of the others
PATIENCE = 90.0


def main(arguments: Sequence[str] | None = None) -> int:
    return asyncio.run(_main(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="of the 429")
    parser.add_argument("--others", type=int, default=8, help="people who ask meanwhile")
    return parser


async def _main(options: argparse.Namespace) -> int:
    report = Report(f"others' answers beside a flood of {options.seconds} s")
    async with stage() as (api, _):
        others = [Actor.join(api.world, f"Other {number}") for number in range(options.others)]
        without = await _others_ask(others, 10)
        report.add("without", spread(without), NEVER not in without)
        chat = _private_flood(api, options.seconds)
        await _compare(report, "429 in one private chat", chat, others, without, options.seconds)
        api.faults.clear()
        chat = _group_flood(api, options.seconds)
        await _compare(report, "429 in one group", chat, others, without, options.seconds)
    async with stage(flood_limits=True, environment=LIMIT) as (api, _):
        others = [Actor.join(api.world, f"Other {number}") for number in range(options.others)]
        without = await _others_ask(others, 10)
        report.add("without, where Telegram's limits are kept", spread(without), NEVER not in without)
        await _compare(report, f"a burst of {BURST} messages", _burst(api), others, without, options.seconds)
    return report.end()


async def _compare(
    report: Report,
    name: str,
    flood: Coroutine[None, None, str],
    others: list[Actor],
    without: list[float],
    seconds: float,
) -> None:
    """Measure the others' answers while a flood goes on, against those without it."""
    after = asyncio.create_task(flood)
    await asyncio.sleep(0.3)
    beside = await _others_ask(others, seconds - 2)
    later = {
        f"p{percent}": percentile(beside, percent) - percentile(without, percent) for percent in (50, 99)
    }
    later["the longest"] = max(beside) - max(without)
    said = ", ".join(f"{which} {1000 * seconds:+.0f} ms" for which, seconds in later.items())
    report.add(f"beside {name}: later by", said, max(beside) - max(without) <= LATER)
    report.add(f"{name}: its own last answer, after the flood's end", await after)


async def _others_ask(others: list[Actor], seconds: float) -> list[float]:
    """Everybody asks in turn, for a time. Returns the seconds each answer took."""
    asking: list[asyncio.Task[float]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        person = others[len(asking) % len(others)]
        if len(asking) >= len(others) and not asking[-len(others)].done():
            await asking[-len(others)]  # who still waits does not ask again
        question = answered(person, "/help", "two pictures", PATIENCE)
        asking.append(asyncio.create_task(question))
        await asyncio.sleep(EVERY)
    return await asyncio.gather(*asking)


async def _private_flood(api: Emulator, seconds: int) -> str:
    """A painting goes on in the chat, whose messages may not be edited, and it is written to."""
    victim = Actor.join(api.world, "Victim")
    await ask(victim)
    api.faults.flood(seconds, victim.id)
    end = time.monotonic() + seconds
    return await _after(end, answered(victim, "/help", "two pictures", seconds + PATIENCE))


async def _group_flood(api: Emulator, seconds: int) -> str:
    victim = Actor.join(api.world, "Victim")
    group = api.world.add_supergroup("Victims", [victim.person])
    photo = await victim.send_photo(PHOTO, chat=group)
    api.faults.flood(seconds, group.id)
    end = time.monotonic() + seconds

    async def heard() -> float:
        command = await victim.send_text("/style", chat=group, reply_to=photo)
        await victim.expect(
            where=lambda seen: seen.reply_to_id == command.id, chat=group, timeout=seconds + PATIENCE
        )
        return 0.0

    return await _after(end, heard())


async def _burst(api: Emulator) -> str:
    victim = Actor.join(api.world, "Victim")
    end = time.monotonic()
    for _ in range(BURST - 1):
        await victim.send_text("/help")
    return await _after(end, answered(victim, "/status", "anything for you right now", PATIENCE))


async def _after(end: float, answer: Awaitable[float]) -> str:
    try:
        taken = await answer
    except AssertionError:
        taken = NEVER
    return "never" if taken == NEVER else f"{time.monotonic() - end:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
