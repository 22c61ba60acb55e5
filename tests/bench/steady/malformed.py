"""Answers and updates that cannot be read: `python -m tests.bench.steady.malformed`.

Each is met by a bot that runs, or starts, while somebody else uses it: they have to be answered as ever, and
the log may have one line about it, without its content. So by polling, and updates by webhook too.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import httpx

from bot.demo.telegram.faults import RawAnswer
from bot.demo.telegram.webhook import SECRET_HEADER
from tests.bench.steady import nonsense
from tests.bench.steady.report import Report, argument_parser
from tests.bench.steady.stage import NEVER, PHOTO, STARTING, STYLE, Stage, answered, ask, painted, stage
from tests.kit.people import Actor
from tests.kit.ports import free_address

NOTICED = 3.0  # seconds, after which a bystander has noticed
PATIENCE = 20.0  # seconds, in which who met the nonsense is answered after all
IN_VAIN = 6.0  # seconds, after which a bystander goes
LINES = 1  # of the log, at most
SECRET = "a-secret-of-the-tests"  # noqa: S105
TIMES = 2  # each comes, one after the other


class Case(NamedTuple):
    """What was met and what came of it."""

    name: str
    bystander: float  # seconds until answered
    victim: float
    lines: list[str]  # of the log, from warnings on
    leaked: bool  # what people said is in the log
    alive: bool

    @property
    def faults(self) -> list[str]:
        found = [] if self.alive else ["the bot ended"]
        if self.bystander > NOTICED:
            found.append("a bystander waited" + (" in vain" if self.bystander == NEVER else ""))
        if self.victim > PATIENCE:
            found.append("who met it was never answered")
        if len(self.lines) > LINES:
            found.append(f"{len(self.lines)} lines in the log: {_short(self.lines[0])}")
        if self.leaked:
            found.append("its content is in the log")
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    return asyncio.run(_main(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(__doc__)
    parts = ("answers", "starts", "updates", "webhook")
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts)
    parser.add_argument("--only", default="", metavar="TEXT", help="only cases with this in their name")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth case")
    return parser


async def _main(options: argparse.Namespace) -> int:
    measures: dict[str, Callable[[Wanted], AsyncIterator[Case]]] = {
        "answers": _answers,
        "starts": _starts,
        "updates": _updates_by_polling,
        "webhook": _updates_by_webhook,
    }
    report = Report("answers and updates that cannot be read")
    for part in options.parts:
        cases = []
        async for case in measures[part](Wanted(options.only, options.every)):
            cases.append(case)
            if case.faults:
                print(f"    {part}: {case.name}: {'; '.join(case.faults)}", file=sys.stderr, flush=True)
        bad = [case for case in cases if case.faults]
        report.add(f"{part}: cases, and those that somebody noticed", f"{len(cases)}, {len(bad)}", not bad)
        for case in bad:
            report.add(f"{part}: {case.name}", "; ".join(case.faults))
    return report.end()


class Wanted:
    """Which of the cases are asked for."""

    def __init__(self, only: str, every: int) -> None:
        self._only, self._every, self._seen = only, every, 0

    def __call__(self, name: str) -> bool:
        if self._only not in name:
            return False
        self._seen += 1
        return (self._seen - 1) % self._every == 0


async def _answers(wanted: Wanted) -> AsyncIterator[Case]:
    """Answers to what a bot that runs asks for. What writes has them with and without its effect."""
    async with kept_up() as renew:
        for method in (name for name in nonsense.METHODS if name not in nonsense.AT_START):
            for name, answer in nonsense.answers().items():
                for effect in (False, True) if method.startswith(("send", "edit")) else (False,):
                    title = f"{method}: {name}{', with its effect' if effect else ''}"
                    if wanted(title):
                        at = await renew()
                        fault = replace(answer, takes_effect=effect)
                        yield await _met(title, at, partial(_provoke, at, method, fault))


async def _provoke(at: Stage, method: str, answer: RawAnswer) -> None:
    """Somebody does what makes the bot call the method, and waits until they are answered."""
    victim = Actor.join(at.api.world, nonsense.MARK)
    if method == "sendMessage":
        at.api.faults.next(method, answer, TIMES, victim.id)
        await victim.send_text("/help")
        await victim.expect(text="two pictures", timeout=PATIENCE)
        return
    if method == "getUpdates":
        at.api.faults.next(method, answer, TIMES)
        await victim.send_text("/help")
        await victim.expect(text="two pictures", timeout=PATIENCE)
        return
    if method == "answerCallbackQuery":
        await victim.send_photo(PHOTO)
        await victim.expect(text="Now send me the style", timeout=PATIENCE)
        await victim.send_photo(STYLE)
        await victim.expect(text="How strong", timeout=PATIENCE)
        at.api.faults.next(method, answer, TIMES)
        await victim.tap("Light", wait=False)
        await painted(victim, PATIENCE)
        return
    if method == "sendDocument":
        await ask(victim)
        await painted(victim)
        at.api.faults.next(method, answer, TIMES, victim.id)
        await victim.tap("As a file", wait=False)
        await victim.expect(document=True, timeout=PATIENCE)
        return
    if method == "deleteMessage":
        await victim.send_photo(PHOTO)
        await victim.expect(text="Now send me the style", timeout=PATIENCE)
        await victim.send_photo(STYLE)
        await victim.expect(text="How strong", timeout=PATIENCE)
        at.api.faults.next(method, answer, TIMES, victim.id)
        await victim.send_text("/cancel")
        await victim.expect(text="Cancelled", timeout=PATIENCE)
        return
    of_one = None if method in ("getFile", "download") else victim.id
    at.api.faults.next(method, answer, TIMES, of_one)
    await ask(victim)
    await painted(victim, PATIENCE)


async def _starts(wanted: Wanted) -> AsyncIterator[Case]:
    """Answers to what a bot asks for when it starts: it is begun anew for each."""
    listen = free_address()
    async with stage() as polling, stage(environment=_webhook_options(listen)) as hooked:
        for method in nonsense.AT_START:
            at = hooked if method == "setWebhook" else polling
            for name, answer in nonsense.answers().items():
                if wanted(title := f"{method}: {name}"):
                    yield await _met_at_start(title, at, method, answer)


async def _met_at_start(title: str, at: Stage, method: str, answer: RawAnswer) -> Case:
    victim = Actor.join(at.api.world, nonsense.MARK)
    await at.bot.stop()
    before = len(at.bot.said())
    at.api.faults.next(method, answer, TIMES)
    await at.bot.start()
    took = await answered(victim, "/help", "two pictures", PATIENCE)
    at.api.faults.clear()
    alive = at.bot.is_alive
    case = _case(title, at, before, 0.0, took)._replace(alive=alive)
    if not alive:
        await at.bot.start()
    return case


async def _updates_by_polling(wanted: Wanted) -> AsyncIterator[Case]:
    async with kept_up() as renew:
        async for case in _updates(wanted, renew):
            yield case


async def _updates_by_webhook(wanted: Wanted) -> AsyncIterator[Case]:
    listen = free_address()
    async with kept_up(_webhook_options(listen)) as renew:
        async for case in _updates(wanted, renew):
            yield case
        for name, body in nonsense.posts().items():
            if wanted(title := f"posted: {name}"):
                at = await renew()
                yield await _met(title, at, partial(_post, listen, body))


async def _updates(wanted: Wanted, renew: Callable[[], Awaitable[Stage]]) -> AsyncIterator[Case]:
    """Each comes before a bystander's message, and mostly in one batch with it."""
    somebody = (await renew()).api.world.add_person(nonsense.MARK)
    for name, update in nonsense.updates(somebody).items():
        if wanted(name):
            at = await renew()
            yield await _met(name, at, partial(_come, at, update))


async def _come(at: Stage, update: Any) -> None:
    at.api.world.updates.add_raw(update)


async def _post(listen: str, body: bytes) -> None:
    headers = {SECRET_HEADER: SECRET, "content-type": "application/json"}
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        answer = await client.post(f"http://{listen}/", content=body, headers=headers)
    if not answer.is_success:
        raise AssertionError(f"answered {answer.status_code}")


async def _met(title: str, at: Stage, happen: Callable[[], Awaitable[None]]) -> Case:
    """Let it happen while somebody else asks for help."""
    before = len(at.bot.said())
    bystander = Actor.join(at.api.world, "Bystander")
    happening = asyncio.create_task(_in_time(happen))
    await asyncio.sleep(0)
    took = await answered(bystander, "/help", "two pictures", IN_VAIN)
    case = _case(title, at, before, took, await happening)
    at.api.faults.clear()
    return case


async def _in_time(happen: Callable[[], Awaitable[None]]) -> float:
    try:
        await happen()
    except (AssertionError, httpx.HTTPError):
        return NEVER
    return 0.0


def _case(title: str, at: Stage, before: int, bystander: float, victim: float) -> Case:
    said = at.bot.said()[before:]
    leaked = any(nonsense.MARK in line or at.api.token in line for line in said)
    return Case(title, bystander, victim, [line for line in said if _matters(line)], leaked, at.bot.is_alive)


def _matters(line: str) -> bool:
    """Whether an operator would look twice: a warning or worse, or what is no line of the log at all."""
    try:
        return str(json.loads(line).get("level")) in ("WARNING", "ERROR", "CRITICAL")
    except ValueError:
        return bool(line.strip())


def _short(line: str) -> str:
    with suppress(ValueError):
        said = json.loads(line)
        line = f"{said.get('event')}: {said.get('reason') or str(said.get('exception', ''))[-80:]}"
    return line.replace("|", "/").strip()[:160]


def _webhook_options(listen: str) -> dict[str, str]:
    return {
        "STYLEGRAM_LISTEN": listen,
        "STYLEGRAM_WEBHOOK_URL": f"http://{listen}/",
        "STYLEGRAM_WEBHOOK_SECRET": SECRET,
    }


@asynccontextmanager
async def kept_up(environment: dict[str, str] | None = None) -> AsyncIterator[Callable[[], Awaitable[Stage]]]:
    """A bot that is started again where a case was its end, or left it deaf."""
    async with stage(painting=0.05, environment=environment) as at:

        async def renew() -> Stage:
            witness = Actor.join(at.api.world, "Witness")
            if at.bot.is_alive and await answered(witness, "/help", "two pictures", NOTICED) != NEVER:
                return at
            await at.bot.kill()
            at.api.world.updates.pending.clear()
            await at.bot.start()
            if await answered(witness, "/help", "two pictures", STARTING) == NEVER:
                raise RuntimeError("the bot does not come back:\n" + "\n".join(at.bot.said()[-5:]))
            return at

        yield renew


if __name__ == "__main__":
    sys.exit(main())
