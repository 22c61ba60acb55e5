"""Count and time what the bot does, for Prometheus. `grafana.json` beside this shows it."""

import math
import time
from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.executor.protocol import Done, Event, Executor, Progress
from storage import DatabaseError, Job, Jobs, State

# Seconds, each for what it times.
WAITS = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800)
FIRST_PICTURES = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60)
PAINTINGS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
DELIVERIES = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
MOMENTS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Metrics:
    """Count for one bot, in a registry of its own, so that several may live in one process."""

    def __init__(self, executor: Executor) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_OfExecutor(executor))
        build = Gauge("stylegram_build_info", "Which version runs.", ["version"], registry=registry)
        build.labels(version("stylegram")).set(1)

        self._jobs = Counter(
            "stylegram_jobs",
            "Jobs that came to a state; with the kind of error where they failed.",
            ["state", "strength", "error"],
            registry=registry,
        )
        self._stored = Gauge("stylegram_stored_jobs", "Jobs in the database.", ["state"], registry=registry)
        self._length = Gauge("stylegram_queue_length", "Jobs that wait.", registry=registry)
        self._oldest = Gauge(
            "stylegram_queue_oldest_seconds", "Age of the job that waits longest; 0: none.", registry=registry
        )

        self._queue = Histogram(
            "stylegram_queue_seconds", "From request to its turn.", buckets=WAITS, registry=registry
        )
        self._first_picture = Histogram(
            "stylegram_first_picture_seconds",
            "From a job's turn to its first picture.",
            buckets=FIRST_PICTURES,
            registry=registry,
        )
        self._painting = Histogram(
            "stylegram_painting_seconds",
            "From a job's turn to its finished picture, fetching its pictures included.",
            ["strength"],
            buckets=PAINTINGS,
            registry=registry,
        )
        self._delivery = Histogram(
            "stylegram_delivery_seconds",
            "From a finished picture to its acceptance by Telegram.",
            buckets=DELIVERIES,
            registry=registry,
        )
        self._steps = Counter("stylegram_painting_steps", "Steps that were painted.", registry=registry)
        self._stepping = Counter(
            "stylegram_painting_steps_seconds",
            "Seconds that the painted steps took: steps divided by this are steps a second.",
            registry=registry,
        )

        self._telegram_errors = Counter(
            "stylegram_telegram_errors",
            "Requests to the Bot API that failed, each try of each.",
            ["method", "kind"],
            registry=registry,
        )
        self._unreadable = Counter(
            "stylegram_unreadable_updates", "Updates passed over, as they cannot be read.", registry=registry
        )
        self._lag = Histogram(
            "stylegram_event_loop_lag_seconds",
            "How late the event loop comes to what is due.",
            buckets=MOMENTS,
            registry=registry,
        )
        self._database = Histogram(
            "stylegram_database_seconds",
            "From asking the database to its answer, with the wait for others who write.",
            ["operation"],
            buckets=MOMENTS,
            registry=registry,
        )

    # What the bot says as it happens

    def queued(self, job: Job) -> None:
        """Count a job that was accepted."""
        self._came_to(State.QUEUED, job)

    def cancelled(self, job: Job) -> None:
        """Count a job that was cancelled."""
        self._came_to(State.CANCELLED, job)

    def watch(self, job: Job) -> "Watch":
        """Time an attempt at this job, which begins now."""
        if job.attempt == 1:  # else the first attempt is in it
            self._queue.observe(max(0.0, time.time() - job.created))
        return Watch(self, job)

    def telegram_failed(self, method: str, kind: str) -> None:
        """Count a request to the Bot API that failed."""
        self._telegram_errors.labels(method, kind).inc()

    def update_unreadable(self) -> None:
        """Count an update that cannot be read."""
        self._unreadable.inc()

    def loop_was_late(self, seconds: float) -> None:
        """Note how late the event loop was, in seconds."""
        self._lag.observe(seconds)

    def database_took(self, operation: str, seconds: float) -> None:
        """Note how long the database took, in seconds."""
        self._database.labels(operation).observe(seconds)

    def _came_to(self, state: State, job: Job, error: str = "") -> None:
        self._jobs.labels(state, job.strength, error).inc()

    # What is asked for

    def route(self, jobs: Jobs) -> Route:
        """Return the route that answers a scrape."""

        async def scrape(request: Request) -> Response:
            await self._look_at(jobs)
            encode, content_type = choose_encoder(request.headers.get("accept", ""))
            return Response(encode(self.registry), headers={"content-type": content_type})

        return Route("/metrics", scrape)

    async def _look_at(self, jobs: Jobs) -> None:
        try:
            counts, oldest = await jobs.counts(), await jobs.oldest_waiting()
        except DatabaseError:  # which `/healthz` explains; the rest is still worth knowing
            stored, age = dict.fromkeys(State, math.nan), math.nan
        else:
            stored = {state: float(count) for state, count in counts.items()}
            age = max(0.0, time.time() - oldest.created) if oldest else 0.0
        for state, count in stored.items():
            self._stored.labels(state).set(count)
        self._length.set(stored[State.QUEUED])
        self._oldest.set(age)


class Watch:
    """Time one attempt at a job, from its beginning."""

    def __init__(self, metrics: Metrics, job: Job) -> None:
        self._metrics = metrics
        self._job = job
        self._begun = self._painted = time.monotonic()
        self._stepping = 0.0
        self._shown = False  # anything of the picture

    def saw(self, event: Event) -> None:
        """Note what the executor says of the painting."""
        metrics, now = self._metrics, time.monotonic()
        match event:
            case Progress():
                if not self._shown and event.preview is not None:
                    self._shown = True
                    metrics._first_picture.observe(now - self._begun)
                metrics._steps.inc()
                begun_anew = event.seconds < self._stepping
                metrics._stepping.inc(event.seconds - (0.0 if begun_anew else self._stepping))
                self._stepping = event.seconds
            case Done():
                metrics._painting.labels(self._job.strength).observe(now - self._begun)
                self._painted = now

    def delivered(self) -> None:
        """Note that the result was delivered."""
        self._metrics._delivery.observe(time.monotonic() - self._painted)
        self._metrics._came_to(State.DONE, self._job)

    def failed(self, error: Exception) -> None:
        """Note that the job failed."""
        self._metrics._came_to(State.FAILED, self._job, type(error).__name__)


class _OfExecutor(Collector):
    """Collect what the executor knows of itself, when it is asked for."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def collect(self) -> Iterator[Metric]:
        executor = self._executor
        yield GaugeMetricFamily("stylegram_slots", "Paintings that can go on at once.", executor.slots)
        yield GaugeMetricFamily("stylegram_worker_ready", "Whether a worker is warm.", executor.ready)
        yield CounterMetricFamily(
            "stylegram_worker_restarts", "Workers that were replaced.", executor.restarts
        )
