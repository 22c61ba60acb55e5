"""Many people at once, for seconds or for minutes: `python -m tests.bench.steady.crowd [--minutes 20]`.

Everybody sends a photo, a style, a tap, and asks something, with pauses as people make them. Telegram lets a
bot send thirty messages and edits a second, so that a crowd without pauses would measure nothing else. With
`--minutes` it goes on and on, and the growth of memory and descriptors is that of a line through what was
seen after a first part, in which caches fill.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

import numpy as np
import psutil

from tests.bench.steady.ledger import Ledger, Question
from tests.bench.steady.loop_lag import LoopLag
from tests.bench.steady.report import Report, argument_parser, percentile, spread
from tests.bench.steady.stage import Stage, stage
from tests.bench.steady.visitors import STYLE, Shapes, is_new, photo_of
from tests.kit.people import Actor

P99 = 0.3  # seconds
LOOK_EVERY = 2.0  # seconds
WARM_UP = 0.25  # of the time, in which memory may grow
GROWTH = 5.0  # MB in 20 minutes that count as none
PATIENCE = 60.0


class Sample(NamedTuple):
    seconds: float
    memory: float  # MB
    descriptors: int


@dataclass
class Watched:
    """A process and what it took from time to time."""

    name: str
    process: psutil.Process
    samples: list[Sample] = field(default_factory=list)

    def look(self, seconds: float) -> None:
        with suppress(psutil.NoSuchProcess):
            memory = self.process.memory_info().rss / 1e6
            self.samples.append(Sample(seconds, memory, self.process.num_fds()))

    def growth(self, seconds: float) -> tuple[float, float]:
        """MB and descriptors in 20 minutes, by a line through what was seen after the warm-up."""
        late = [sample for sample in self.samples if sample.seconds > WARM_UP * seconds]
        if len(late) < 5:
            return float("nan"), float("nan")
        times = [sample.seconds for sample in late]
        memory, _ = np.polyfit(times, [sample.memory for sample in late], 1)
        descriptors, _ = np.polyfit(times, [sample.descriptors for sample in late], 1)
        return float(memory) * 1200, float(descriptors) * 1200


class Guest:
    """One of the crowd, who notes how long each answer takes."""

    def __init__(self, actor: Actor, crowd: "Crowd", random: Random) -> None:
        self._actor = actor
        self._crowd = crowd
        self._random = random

    async def visit(self) -> None:
        """Have one picture painted."""
        actor, crowd, shape = self._actor, self._crowd, self._crowd.shapes.next()
        await self._pause()
        await self._ask(await self._send(photo_of(shape)), "photo", "Now send me the style")
        await self._pause()
        style = await self._send(STYLE)
        question = crowd.ledger.question("strength", actor.id, actor.id)
        await self._ask(style, "style", "How strong")
        await self._pause()
        await self._tap(question, shape)
        if self._random.random() < 0.5:
            await self._pause()
            await self._ask(await self._send("/help"), "/help", "two pictures")

    async def _tap(self, question: Question, shape: tuple[int, int]) -> None:
        actor, crowd = self._actor, self._crowd
        owed = crowd.ledger.promise(actor.person.first_name, actor.id, shape, "Light")
        number = min(question.copies)
        started = time.perf_counter()
        await actor.tap(
            "Light", message=actor.seen(actor.private.messages[number].to_json()), timeout=PATIENCE
        )
        crowd.taken["tap"].append(time.perf_counter() - started)
        async with asyncio.timeout(PATIENCE):
            while not owed.messages:
                await actor.world.journal.wait(1)
        crowd.taken["picture, from the tap"].append(time.perf_counter() - started)

    async def _send(self, what: str | bytes) -> tuple[float, int]:
        sent = await (self._actor.send_text(what) if isinstance(what, str) else self._actor.send_photo(what))
        return time.perf_counter(), sent.id

    async def _ask(self, sent: tuple[float, int], what: str, sign: str) -> None:
        """Wait for the answer to what was sent."""
        started, number = sent
        await self._actor.expect(where=lambda seen: is_new(seen, number, sign), timeout=PATIENCE)
        self._crowd.taken[what].append(time.perf_counter() - started)

    async def _pause(self) -> None:
        await asyncio.sleep(self._random.uniform(0, 2 * self._crowd.pause))


class Crowd:
    """All of them, and what they measured."""

    def __init__(self, at: Stage, options: argparse.Namespace) -> None:
        self.ledger = Ledger(at.api.world)
        random = Random(options.seed)  # noqa: S311  (no secret)
        self.shapes = Shapes(random)
        self.pause = options.pause
        self.taken: dict[str, list[float]] = {
            what: [] for what in ("photo", "style", "tap", "/help", "picture, from the tap")
        }
        self.failed: Counter[str] = Counter()
        self.guests = [
            Guest(Actor.join(at.api.world, f"Guest {number}"), self, Random(f"{options.seed}/{number}"))  # noqa: S311
            for number in range(options.people)
        ]

    async def visit(self, until: float) -> None:
        """Everybody has pictures painted, one at least, until the time is over."""
        watching = asyncio.create_task(self.ledger.watch())
        await asyncio.gather(*(self._visits(guest, until) for guest in self.guests))
        watching.cancel()

    async def _visits(self, guest: Guest, until: float) -> None:
        while True:
            try:
                await guest.visit()
            except (AssertionError, TimeoutError) as error:
                self.failed[(str(error) or "no picture").splitlines()[0]] += 1
                return
            if time.monotonic() > until:
                return


def main(arguments: Sequence[str] | None = None) -> int:
    return asyncio.run(_main(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=0.0, help="to go on; 0: a picture each")
    parser.add_argument("--pause", type=float, default=30.0, help="mean seconds between two acts")
    parser.add_argument("--painting", type=float, default=0.05, help="seconds that a picture takes")
    parser.add_argument("--seed", type=int, default=1)
    return parser


async def _main(options: argparse.Namespace) -> int:
    async with stage(options.painting) as at:
        crowd = Crowd(at, options)
        watched = [
            Watched("the bot", psutil.Process(at.bot.pid)),
            Watched("the harness and its emulator", psutil.Process()),
        ]
        started = time.monotonic()
        looking = asyncio.create_task(_look(watched, started))
        cpu = watched[0].process.cpu_times()
        with LoopLag() as lag:
            await crowd.visit(started + 60 * options.minutes)
        seconds = time.monotonic() - started
        looking.cancel()
        used = watched[0].process.cpu_times()
    report = Report(f"{options.people} people at once, {seconds:.0f} s, {options.painting:g} s a painting")
    _add_answers(report, crowd, seconds)
    busy = (used.user + used.system - cpu.user - cpu.system) / seconds
    report.add("processor time of the bot's process", f"{100 * busy:.0f} % of a core")
    for one in watched:
        last = one.samples[-1]
        report.add(f"{one.name}, at the end", f"{last.memory:.0f} MB, {last.descriptors} descriptors")
        if options.minutes:
            memory, descriptors = one.growth(seconds)
            said = f"{memory:+.1f} MB, {descriptors:+.1f} descriptors"
            enough = memory <= GROWTH and descriptors < 2 if one is watched[0] else None
            report.add(f"{one.name}: growth in 20 minutes", said, enough)
    report.add("event loop of the emulator, late by", spread(lag.seconds))
    return report.end()


async def _look(watched: list[Watched], started: float) -> None:
    while True:
        for one in watched:
            one.look(time.monotonic() - started)
        await asyncio.sleep(LOOK_EVERY)


def _add_answers(report: Report, crowd: Crowd, seconds: float) -> None:
    answers = [one for what, taken in crowd.taken.items() if "picture" not in what for one in taken]
    lost = [owed for owed in crowd.ledger.owed if not owed.is_delivered]
    report.add("pictures owed, and lost", f"{len(crowd.ledger.owed)}, {len(lost)}", not lost)
    report.add("unanswered", dict(crowd.failed), not crowd.failed)
    report.add("in two messages", sum(len(owed.messages) > 1 for owed in crowd.ledger.owed))
    report.add("answers", spread(answers), percentile(answers, 99) <= P99)
    written = Counter(int(when) for when in crowd.ledger.written)
    said = f"{written.total() / seconds:.1f} a second, {max(written.values(), default=0)} in the busiest"
    report.add("requests that Telegram's limit of 30 a second counts", said)
    for what, taken in crowd.taken.items():
        report.add(f"answers: {what}", spread(taken))


if __name__ == "__main__":
    sys.exit(main())
