"""Metrics as Prometheus gets them, over HTTP after conversations; and the dashboard that shows them."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import httpx
import promql_parser
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families

from bot import app
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import too_many_requests
from bot.demo.telegram.faults import Break, server_error
from bot.ops.event_loop_lag import LagSampler
from bot.ops.metrics import Metrics
from bot.ops.side_tasks import SideTasks, cancelled
from bot.ops.web_server import WebServer
from bot.settings import Settings
from core.executor.protocol import PaintFailed, WorkerLost
from storage import Database, Jobs
from tests.kit.easel import STEPS, Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.ports import free_address
from tests.kit.waiting import eventually

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"

Sample = tuple[str, frozenset[tuple[str, str]]]


class Scrape:
    """All samples of one scrape."""

    def __init__(self, text: str) -> None:
        self.samples: dict[Sample, float] = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def __getitem__(self, name: str) -> float:
        """Of one without labels."""
        return self(name)

    def __call__(self, name: str, **labels: str) -> float:
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    @property
    def jobs(self) -> dict[tuple[str, str], float]:
        """How many came to each state, by state and error."""
        found = [(dict(labels), value) for (name, labels), value in self.samples.items() if name == JOBS]
        return {(labels["state"], labels["error"]): value for labels, value in found}

    @property
    def labels(self) -> dict[str, set[str]]:
        """The labels of each metric."""
        found: dict[str, set[str]] = {}
        for name, labels in self.samples:
            found.setdefault(name, set()).update(label for label, _ in labels)
        return found


JOBS = "stylegram_jobs_total"


@pytest.fixture
async def watched(settings: Settings, easel: Easel) -> AsyncIterator[Settings]:
    """A bot that runs, and can be scraped."""
    watched = settings.model_copy(update={"listen": free_address()})
    async with app.running(watched, easel):
        yield watched


async def scrape(settings: Settings, accept: str = "text/plain") -> str:
    async with httpx.AsyncClient(base_url=f"http://{settings.listen}") as client:
        answer = await client.get("/metrics", headers={"accept": accept})
    answer.raise_for_status()
    return answer.text


async def samples(settings: Settings) -> Scrape:
    return Scrape(await scrape(settings))


async def ask(user: Actor) -> None:
    """For a picture."""
    await user.send_photo(picture("red"))
    await user.expect(text="style")
    await user.send_photo(picture("blue"))
    await user.expect(text="How strong")
    await user.tap("Balanced")


async def result(user: Actor) -> None:
    await user.expect(photo=True, buttons=["Another style"])


async def comes_to(state: str, settings: Settings, error: str = "", count: float = 1) -> Scrape:
    """The scrape in which that many jobs are in this state: it is counted a moment after it is seen."""
    for _ in range(1000):
        found = await samples(settings)
        if found.jobs.get((state, error), 0) >= count:
            return found
    raise AssertionError(f"{state} {error}: {found.jobs}")


async def test_a_delivered_picture_is_counted_once_and_each_of_its_stages_timed(
    watched: Settings, ann: Actor
) -> None:
    await ask(ann)
    await result(ann)
    await comes_to("done", watched)
    found = await samples(watched)  # the one before may have looked into the database a moment too early
    assert found(JOBS, state="queued", strength="balanced", error="") == 1
    assert found.jobs == {("queued", ""): 1, ("done", ""): 1}
    assert found["stylegram_queue_seconds_count"] == 1
    assert found["stylegram_first_picture_seconds_count"] == 1
    assert found("stylegram_painting_seconds_count", strength="balanced") == 1
    assert found["stylegram_delivery_seconds_count"] == 1
    assert found["stylegram_painting_steps_total"] == STEPS
    assert found["stylegram_painting_steps_seconds_total"] == pytest.approx(0.1 * STEPS)
    assert found("stylegram_stored_jobs", state="done") == 1
    for operation in ("read", "write", "transaction"):
        assert found("stylegram_database_seconds_count", operation=operation) > 0
    assert found("stylegram_build_info", version=version("stylegram")) == 1


async def test_what_waits_is_counted_and_its_age_known(watched: Settings, easel: Easel, ann: Actor) -> None:
    easel.hold()
    for _ in range(3):
        await ask(ann)
    before = time.time()
    await eventually(lambda: easel.at_work == 1)
    found = await samples(watched)
    assert found["stylegram_queue_length"] == 2
    assert 0 < found["stylegram_queue_oldest_seconds"] < 60 + time.time() - before
    assert found["stylegram_slots"] == 1
    assert found["stylegram_worker_ready"] == 1
    easel.ready, easel.restarts = False, 2
    found = await samples(watched)
    assert found["stylegram_worker_ready"] == 0
    assert found["stylegram_worker_restarts_total"] == 2


async def test_what_is_called_off_is_counted_once(watched: Settings, easel: Easel, ann: Actor) -> None:
    easel.hold()
    await ask(ann)
    await ann.expect(photo=True, buttons=["Cancel"])
    await eventually(lambda: easel.at_work == 1)
    await ann.tap("Cancel")
    await ann.expect(text="Cancelled")
    found = await comes_to("cancelled", watched)
    assert found.jobs == {("queued", ""): 1, ("cancelled", ""): 1}
    assert found["stylegram_delivery_seconds_count"] == 0


async def test_a_picture_for_a_chat_that_is_gone_counts_as_cancelled(
    watched: Settings, easel: Easel, ann: Actor
) -> None:
    easel.hold()
    await ask(ann)
    await eventually(lambda: easel.at_work == 1)
    ann.block()
    easel.go_on()
    found = await comes_to("cancelled", watched)
    assert found.jobs == {("queued", ""): 1, ("cancelled", ""): 1}


async def test_failures_are_counted_by_kind_and_a_second_try_is_none(
    watched: Settings, easel: Easel, ann: Actor
) -> None:
    easel.failures += [PaintFailed("no"), WorkerLost("once"), WorkerLost("and again"), WorkerLost("once")]
    for _ in range(2):
        await ask(ann)
        await ann.expect(text="Sorry")
    await ask(ann)
    await result(ann)
    found = await comes_to("done", watched)
    assert found.jobs == {
        ("queued", ""): 3,
        ("failed", "PaintFailed"): 1,
        ("failed", "WorkerLost"): 1,
        ("done", ""): 1,
    }
    assert found["stylegram_queue_seconds_count"] == 3


async def test_requests_that_fail_are_counted_each_time(api: Emulator, watched: Settings, ann: Actor) -> None:
    await ann.expect(text="photo")
    api.faults.next("sendMessage", too_many_requests(retry_after=1))
    api.faults.next("sendMessage", Break.DROP_BEFORE, times=2)
    api.faults.next("download", Break.DROP_BEFORE)
    api.faults.next("getUpdates", server_error())
    await ask(ann)
    await result(ann)
    found = await samples(watched)
    errors = "stylegram_telegram_errors_total"
    assert found(errors, method="sendMessage", kind="too_many_requests") == 1
    assert found(errors, method="sendMessage", kind="no_connection") == 2
    assert found(errors, method="download", kind="no_connection") == 1
    assert found(errors, method="getUpdates", kind="internal_server_error") == 1
    assert api.token not in str(found.samples)


async def test_a_database_that_cannot_be_read_leaves_the_rest_to_be_seen(
    settings: Settings, database: Database, easel: Easel
) -> None:
    watched = settings.model_copy(update={"listen": free_address()})
    server = WebServer(str(watched.listen))
    server.add(Metrics(easel).route(Jobs(database)))
    await server.start(SideTasks())
    for file in (database.path, database.path.with_name(f"{database.path.name}-wal")):
        file.write_bytes(b"no database" * 10_000)
    found = await samples(watched)
    await server.stop()
    assert math.isnan(found["stylegram_queue_length"])
    assert found["stylegram_slots"] == 1


async def test_the_lag_of_the_event_loop_is_what_held_it_up() -> None:
    seen: list[float] = []
    sampler = LagSampler(seen.append)
    sampling = asyncio.create_task(sampler.run())
    await eventually(lambda: bool(seen))
    time.sleep(0.5)  # noqa: ASYNC251  (as nothing should)
    await eventually(lambda: max(seen) > 0.2)
    await cancelled(sampling)


async def test_two_bots_in_one_process_count_apart(easel: Easel) -> None:
    one, other = Metrics(easel), Metrics(easel)
    one.telegram_failed("getMe", "timed_out")
    labels = {"method": "getMe", "kind": "timed_out"}
    assert one.registry.get_sample_value("stylegram_telegram_errors_total", labels) == 1
    assert other.registry.get_sample_value("stylegram_telegram_errors_total", labels) is None


async def test_who_speaks_openmetrics_is_answered_in_it(watched: Settings) -> None:
    families = list(open_metrics(await scrape(watched, OPEN_METRICS)))
    assert {family.name for family in families} >= {"stylegram_jobs", "stylegram_queue_seconds"}


async def test_the_dashboard_shows_what_there_is(
    api: Emulator, watched: Settings, easel: Easel, ann: Actor
) -> None:
    """Each expression is PromQL, of metrics and labels that a scrape has."""
    easel.failures.append(PaintFailed("no"))
    api.faults.next("sendMessage", Break.DROP_BEFORE)
    await ask(ann)
    await ann.expect(text="Sorry")
    await ask(ann)
    await result(ann)
    there = (await comes_to("done", watched)).labels
    dashboard = json.loads(files("bot").joinpath("ops/grafana.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    shown: set[str] = set()
    for expression in expressions:
        names, labels = used_in(expression.replace("$__rate_interval", "5m"))
        assert names, expression
        assert names <= there.keys(), expression
        assert all(labels <= there[name] for name in names), expression
        shown |= names
    ours = {family(name) for name in there if name.startswith("stylegram_") and "_created" not in name}
    assert ours - {family(name) for name in shown} == set()


def family(sample: str) -> str:
    """Of a histogram, the name that its samples have in common."""
    return sample.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")


def used_in(expression: str) -> tuple[set[str], set[str]]:
    """The metrics, and the labels that they are asked or summed by."""
    names: set[str] = set()
    labels: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            names.add(str(node.name))
            labels.update(matcher.name for matcher in node.matchers.matchers)
        elif isinstance(node, promql_parser.AggregateExpr) and node.modifier:
            labels.update(node.modifier.labels)

    promql_parser.walk(promql_parser.parse(expression), look)
    return names, labels
