"""Kill the bot and its processes at random moments: `python -m tests.bench.steady.kills`.

People use it meanwhile, and in half of its lives requests fail: 429, 502, connections cut before and after
the effect. After the last kill it lives on, and what people are still owed then is lost. What the moments
meet depends on the machine; the seed fixes only what is chosen.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from bot.demo.people.seen_messages import transcript
from bot.demo.telegram.emulator import Emulator
from storage import Database, Jobs, State
from tests.bench.steady.bot_under_test import DECODER, WORKER, BotUnderTest
from tests.bench.steady.ledger import Ledger, actions_of
from tests.bench.steady.loop_lag import LoopLag
from tests.bench.steady.report import Report, argument_parser, spread
from tests.bench.steady.stage import quiet
from tests.bench.steady.visitors import Shapes, Visitor
from tests.bench.steady.weather import Weather
from tests.kit.people import Actor

TARGETS = {"bot": 6, "worker": 3, "decoder": 2}  # how often each is killed
KILLS_FOR_A_REPEAT = 30
START = 1.0  # seconds of it on two quiet cores
LONGEST = 6.0  # times the lives asked for, where the machine is busy
STARTING = 30.0  # seconds in which a bot should ask for updates
STUCK = 45.0  # seconds without an answer, but for pictures, after which somebody else comes
NAME = "Zebulon"  # of everybody: it must not be in the log


class Storm:
    """Kills, and the people who live through them."""

    def __init__(self, options: argparse.Namespace, api: Emulator, folder: Path) -> None:
        self.options = options
        self.api = api
        self.random = Random(options.seed)  # noqa: S311  (no secret)
        self.weather = Weather(api, Random(options.seed + 1))  # noqa: S311
        self.ledger = Ledger(api.world)  # which notes the weather's faults, too
        self.bot = BotUnderTest(api, folder, options.painting)
        self.killed: Counter[str] = Counter()
        self.bot_kills: list[tuple[float, bool]] = []  # when, and whether one of its requests was aimed at
        self.starts: list[float] = []  # seconds that the bot took to ask for updates
        self.ends: list[str] = []  # that nobody caused
        self.stuck: set[Visitor] = set()
        self.visitors: dict[Visitor, asyncio.Task[None]] = {}
        self._shapes = Shapes(self.random)
        founder = Actor.join(api.world, NAME)
        self.groups = [
            api.world.add_group("Friends", [founder.person]),
            api.world.add_supergroup("Many friends", [founder.person]),
        ]

    @property
    def pace(self) -> float:
        """How many times slower the machine is than a quiet one: lives are so much longer."""
        return min(LONGEST, max(1.0, median(self.starts[-5:]) / START)) if self.starts else 1.0

    async def run(self) -> float:
        """Returns the seconds that the kills took."""
        watching = asyncio.create_task(self.ledger.watch())
        await self.bot.start()
        for _ in range(self.options.people):
            self._invite()
        started = time.monotonic()
        for number in range(1, self.options.kills + 1):
            await self._kill_something()
            self._replace_the_stuck()
            if number % 20 == 0:
                self._tell(f"{number} kills in {time.monotonic() - started:.0f} s")
        seconds = time.monotonic() - started
        self.weather.stormy = False
        if not self.bot.is_alive:
            await self.bot.start()
        for visitor in self.visitors:
            visitor.closing = True
        await asyncio.wait(self.visitors.values(), timeout=self.options.patience)
        await asyncio.sleep(3)  # for what nobody waits for
        watching.cancel()
        return seconds

    async def end(self) -> None:
        for task in self.visitors.values():
            task.cancel()
        await self.bot.stop()

    def _invite(self) -> None:
        number = len(self.visitors)
        actor = Actor.join(self.api.world, f"{NAME} {number}")
        for group in self.groups:
            group.members.append(actor.person)
        random = Random(f"{self.options.seed}/{number}")  # noqa: S311
        visitor = Visitor(actor, self.ledger, self._shapes, random, self.groups, pause=1.0)
        self.visitors[visitor] = asyncio.create_task(visitor.run(), name=visitor.name)

    def _replace_the_stuck(self) -> None:
        """Who waits for long goes on waiting; somebody else uses the bot meanwhile."""
        now = time.monotonic()
        late = {
            wait.who
            for wait in self.ledger.waiting
            if now - wait.since > STUCK and not wait.what.startswith("the picture")
        }
        for visitor, task in list(self.visitors.items()):
            if visitor not in self.stuck and (visitor.name in late or task.done()):
                self.stuck.add(visitor)
                self._invite()

    async def _kill_something(self) -> None:
        [target] = self.random.choices(list(TARGETS), list(TARGETS.values()))
        aimed = await self._moment()
        if not self.bot.is_alive:
            self.ends.append(f"status {await self.bot.ended()}: {(self.bot.said() or [''])[-1][:300]}")
            self._tell(f"the bot ended by itself: {self.ends[-1]}")
            await self.bot.start()
        elif target == "worker" and self.bot.kill_child(WORKER, 0):
            self.killed["worker"] += 1
        elif target == "decoder" and self.bot.kill_child(DECODER, self.random.randrange(4)):
            self.killed["decoder"] += 1
        else:
            await self.bot.kill()
            self.killed["bot"] += 1
            self.bot_kills.append((time.monotonic(), aimed))
            self.weather.stormy = self.random.random() < 0.5
            await self.bot.start()
            if self.random.random() < 0.85:  # else it may not even come to ask for updates
                started = time.monotonic()
                await self.weather.next_request(STARTING, "getUpdates")
                self.starts.append(time.monotonic() - started)

    async def _moment(self) -> bool:
        """Wait for a while, or for one of the bot's requests and a few milliseconds more: say whether so."""
        least, most = (self.pace * seconds for seconds in self.options.life)
        if self.random.random() >= self.options.aim:
            await asyncio.sleep(self.random.uniform(least, most))
            return False
        await asyncio.sleep(self.random.uniform(least, most) / 2)
        met = await self.weather.next_request(most / 2)
        await asyncio.sleep(self.random.uniform(0, 0.04))
        return met

    def _tell(self, what: str) -> None:
        ledger = self.ledger
        delivered = sum(owed.is_delivered for owed in ledger.owed)
        said = f"{len(ledger.owed)} pictures owed, {delivered} delivered, {len(ledger.waiting)} wait"
        print(f"    {what}; {said}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    return asyncio.run(_main(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(__doc__)
    parser.add_argument("--kills", type=int, default=40, help="the whole run has 300")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=6, help="at once")
    parser.add_argument("--painting", type=float, default=0.3, help="seconds that a picture takes")
    parser.add_argument(
        "--aim", type=float, default=0.25, help="the share of kills that are aimed at a request, not random"
    )
    parser.add_argument(
        "--life",
        type=float,
        nargs=2,
        default=(1.0, 3.0),
        metavar=("LEAST", "MOST"),
        help="seconds, on a quiet machine",
    )
    parser.add_argument("--patience", type=float, default=60.0, help="seconds after the last kill")
    parser.add_argument("--keep", type=Path, help="an empty folder for the bot's database and log")
    return parser


async def _main(options: argparse.Namespace) -> int:
    with TemporaryDirectory(prefix="steady-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        quiet()
        async with Emulator() as api:
            storm = Storm(options, api, folder)
            with LoopLag() as lag:
                try:
                    seconds = await storm.run()
                finally:
                    await storm.end()
            report = await _report(storm, seconds, folder)
            report.add("event loop of the emulator, late by", spread(lag.seconds))
            return report.end()


async def _report(storm: Storm, seconds: float, folder: Path) -> Report:
    options, ledger, world = storm.options, storm.ledger, storm.api.world
    report = Report(f"{options.kills} kills, seed {options.seed}")
    kills = sum(storm.killed.values())
    counted = ", ".join(f"{count} of a {name}" for name, count in storm.killed.items())
    report.add(
        "kills", f"{counted}; {60 * kills / seconds:.0f} a minute; faults: {dict(storm.weather.struck)}"
    )
    report.add("the bot's starts", spread(storm.starts))
    owed = [one for one in ledger.owed if not one.may_be_cancelled]
    lost = [one for one in owed if not one.is_delivered]
    twice = [one for one in ledger.owed if len(one.messages) > 1]
    report.add("pictures owed, and delivered", f"{len(owed)}, {len(owed) - len(lost)}", bool(owed))
    report.add("lost", len(lost), not lost)
    report.add("apologised for", len(ledger.apologies), not ledger.apologies)
    report.add("in two messages", len(twice), not twice)
    report.add("people unanswered", len(ledger.waiting), not ledger.waiting)
    report.add("answered after", spread(ledger.answered))
    _add_repeats(report, storm, kills)
    copies = dict(ledger.copies)
    report.add("taps on one of several copies", copies, not any("refused" in what for what in copies))
    hanging = [
        message
        for chat in world.chats.values()
        for message in chat.messages.values()
        if message.sender is world.bot and "c" in actions_of(message.to_json())
    ]
    report.add("progress messages left behind", len(hanging))
    report.add("ends that nobody caused", len(storm.ends), not storm.ends)
    report.add("toasts", dict(ledger.toasts.most_common()))
    _add_log(report, storm.bot.said(), storm.api.token)
    if lost or twice or ledger.apologies or ledger.waiting or hanging:
        await _tell_details(storm, lost + twice, folder)
    return report


def _add_repeats(report: Report, storm: Storm, kills: int) -> None:
    """Questions asked again. Whoever aims at the moment between a question and its note meets it more often
    than chance does, so these are counted apart.
    """
    repeats = storm.ledger.repeated()
    lost = sum(repeat.answer_lost for repeat in repeats)
    by_aim = 0
    for repeat in repeats:
        between = [aimed for when, aimed in storm.bot_kills if repeat.first - 1 < when < repeat.second]
        by_aim += not repeat.answer_lost and bool(between) and between[0]
        what = f"{repeat.question.kind} in {repeat.question.chat_id}, {list(repeat.question.copies)}"
        print(f"REPEATED {what} after {repeat.second - repeat.first:.1f} s, {between=}", file=sys.stderr)
    by_chance = len(repeats) - lost - by_aim
    aimed_kills = sum(aimed for _, aimed in storm.bot_kills)
    few = by_chance <= max(1, (kills - aimed_kills) // KILLS_FOR_A_REPEAT)
    report.add("questions repeated after random kills", f"{by_chance} of {kills - aimed_kills}", few)
    report.add("questions repeated after aimed kills", f"{by_aim} of {aimed_kills}")
    report.add("questions repeated as answers were lost", lost)


def _add_log(report: Report, lines: list[str], token: str) -> None:
    secrets = [line for line in lines if token in line or NAME in line]
    report.add("lines of the log with the token or a name", len(secrets), not secrets)
    events: Counter[str] = Counter()
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            if line[:1] not in (" ", ""):
                events["(no JSON) " + line.strip()[:60]] += 1
            continue
        if said.get("level") == "ERROR":
            reason = str(said.get("reason") or said.get("exception") or "").strip().splitlines()
            events[f"{said.get('event')}: {reason[-1][:90] if reason else ''}"] += 1
    for event, count in events.most_common(12):
        report.add(f"log: {event}", count)


async def _tell_details(storm: Storm, owed: list, folder: Path) -> None:  # type: ignore[type-arg]
    """What went wrong, chat by chat, for who wants to find out why."""
    world, out = storm.api.world, sys.stderr
    for wait in storm.ledger.waiting:
        print(f"UNANSWERED {wait.who} waits for {wait.what}, {time.monotonic() - wait.since:.0f} s", file=out)
    for one in owed:
        print(f"OWED {one}", file=out)
    for apology in storm.ledger.apologies:
        print(f"APOLOGY {apology}", file=out)
    database = await Database.open(folder / "stylegram.db")
    for state in (State.FAILED, State.QUEUED, State.RUNNING):
        for job in await Jobs(database).latest(state, None, 20):
            print(f"JOB {job}", file=out)
    await database.close()
    names = {one.who for one in owed} | {wait.who for wait in storm.ledger.waiting}
    for person in world.people.values():
        if person.first_name in names:
            print(transcript(world.chats[person.id], world.files, 12), file=out)


if __name__ == "__main__":
    sys.exit(main())
