"""Nothing that the bot sends is taken for a while: `python -m tests.bench.steady.outage`.

People write all that time, each something else: a command, a photo, its style, a tap, a word in a group.
Updates go on coming in. What counts is when, after the end, each has been answered.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from random import Random

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.faults import Break
from tests.bench.steady.report import Report, argument_parser, spread
from tests.bench.steady.stage import NEVER, PHOTO, STYLE, ask, painted, stage
from tests.kit.people import Actor

SENDING = "send* edit* delete* answer*"
FAULTS = ("cut", "502", "429")
WITHIN = 10.0  # seconds after the end

Answer = Callable[[], Awaitable[object]]


def main(arguments: Sequence[str] | None = None) -> int:
    return asyncio.run(_main(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(__doc__)
    parser.add_argument(
        "--seconds", type=float, nargs="+", default=[1.0, 10.0], help="the whole run has 60 too"
    )
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=FAULTS)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds after the end")
    parser.add_argument("--seed", type=int, default=1)
    return parser


async def _main(options: argparse.Namespace) -> int:
    report = Report(f"sending refused while {options.people} people write, seed {options.seed}")
    for seconds in options.seconds:
        for fault in options.faults:
            await _measure(report, seconds, fault, options)
    return report.end()


async def _measure(report: Report, seconds: float, fault: str, options: argparse.Namespace) -> None:
    random = Random(f"{options.seed}/{seconds}/{fault}")  # noqa: S311  (no secret)
    async with stage() as (api, bot):
        people = [Actor.join(api.world, f"Person {number}") for number in range(options.people)]
        group = api.world.add_supergroup("Friends", [person.person for person in people])
        acts = await asyncio.gather(*(_prepare(number, who, group) for number, who in enumerate(people)))
        start = time.monotonic()
        _refuse(api, fault, seconds)
        taken = await asyncio.gather(
            *(
                _answered(act, random.uniform(0, 0.95 * seconds), start + seconds, options.patience)
                for _, act in acts
            )
        )
        alive = bot.is_alive
    heard = [one for one in taken if one != NEVER]
    silent = [name for (name, _), one in zip(acts, taken, strict=True) if one == NEVER]
    what = f"{fault}, {seconds:g} s"
    report.add(f"{what}: never answered", ", ".join(sorted(silent)) or 0, not silent)
    report.add(f"{what}: answered after its end", spread(heard), not heard or max(heard) <= WITHIN)
    if not alive:
        report.add(f"{what}: the bot ended", "", False)


def _refuse(api: Emulator, fault: str, seconds: float) -> None:
    if fault == "429":
        api.faults.flood(seconds, method=SENDING)
    elif fault == "502":
        api.faults.for_a_time(SENDING, ApiError(502, "Bad Gateway"), seconds)
    else:
        api.faults.for_a_time(SENDING, Break.DROP_BEFORE, seconds)


async def _prepare(number: int, who: Actor, group: Chat) -> tuple[str, Callable[[float], Awaitable[None]]]:
    """Go as far as the outage shall find this person. Returns what they do then, and wait for."""
    kind = ("/help", "photo", "style", "tap", "group", "words", "file")[number % 7]
    if kind in ("style", "tap"):
        await who.send_photo(PHOTO)
        await who.expect(text="Now send me the style")
    if kind == "tap":
        await who.send_photo(STYLE)
        await who.expect(text="How strong", buttons=["Light"])
    if kind == "file":
        await ask(who)
        await painted(who)
        await who.tap("More…")

    async def act(within: float) -> None:
        if kind == "tap":
            await who.tap("Light", wait=False)
            await painted(who, within)
        elif kind == "file":
            await who.tap("As a file", wait=False)
            await who.expect(document=True, timeout=within)
        elif kind == "group":
            command = await who.send_text(
                "/style", chat=group, reply_to=await who.send_photo(PHOTO, chat=group)
            )
            await who.expect(where=lambda seen: seen.reply_to_id == command.id, chat=group, timeout=within)
        else:
            sent = await _say(who, kind)
            sign = {
                "/help": "two pictures",
                "photo": "style",
                "style": "How strong",
                "words": "paint pictures",
            }[kind]
            await who.expect(where=lambda seen: seen.id > sent.id and sign in seen.text, timeout=within)

    return kind, act


async def _say(who: Actor, kind: str) -> SeenMessage:
    if kind == "photo":
        return await who.send_photo(PHOTO)
    if kind == "style":
        return await who.send_photo(STYLE)
    return await who.send_text("hello" if kind == "words" else kind)


async def _answered(
    act: Callable[[float], Awaitable[None]], delay: float, end: float, patience: float
) -> float:
    """Seconds from the outage's end to the answer; less than none counts as none."""
    await asyncio.sleep(delay)
    try:
        await act(end + patience - time.monotonic())
    except AssertionError:
        return NEVER
    return max(0.0, time.monotonic() - end)


if __name__ == "__main__":
    sys.exit(main())
