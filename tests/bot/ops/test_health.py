"""Health as an orchestrator asks for it, over HTTP, in every state that the bot can be in."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from bot import app
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.faults import Break, Fault, RawAnswer, server_error
from bot.gateway import polling, retries, webhook
from bot.ops.errors import CannotRun
from bot.ops.event_loop_lag import LagSampler
from bot.ops.health import Health
from bot.ops.side_tasks import SideTasks
from bot.ops.web_server import WebServer
from bot.settings import Settings
from core.executor.local.executor import LocalExecutor
from storage import Database
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.ports import free_address
from tests.kit.small_disk import SmallDisk


@pytest.fixture
def watched(settings: Settings) -> Settings:
    """Settings with which the bot polls, and can be asked how it is."""
    return settings.model_copy(update={"listen": free_address()})


@asynccontextmanager
async def starting(settings: Settings, executor: Any = None) -> AsyncIterator[None]:
    """The bot begins to start; the block need not wait until it runs."""
    end = asyncio.Event()

    async def run() -> None:
        async with app.running(settings, executor or Easel()):
            await end.wait()

    bot = asyncio.create_task(run())
    try:
        yield
    finally:
        bot.cancel()
        await asyncio.wait([bot])


async def ask(settings: Settings, path: str = "/healthz") -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(base_url=f"http://{settings.listen}", timeout=30) as client:
        answer = await client.get(path)
    return answer.status_code, answer.json()


async def becomes(wanted: str, settings: Settings, path: str = "/healthz") -> dict[str, Any]:
    """The checks, once this is the status."""
    async with asyncio.timeout(60):
        while True:
            try:
                code, answer = await ask(settings, path)
            except httpx.TransportError:  # nobody listens yet
                code, answer = 0, {"status": "silent"}
            if answer["status"] == wanted:
                assert code == (200 if wanted == "ok" else 503)
                checks: dict[str, Any] = answer["checks"]
                return checks
            await asyncio.sleep(0.01)


async def test_a_bot_that_runs_is_well_and_ready(watched: Settings) -> None:
    async with app.running(watched, Easel()):
        code, health = await ask(watched)
        assert (code, health["status"]) == (200, "ok")
        assert all(check["ok"] for check in health["checks"].values())
        assert set(health["checks"]) == {"event_loop", "database", "worker"}
        code, readiness = await ask(watched, "/readyz")
        assert (code, readiness["status"]) == (200, "ok")
        assert set(readiness["checks"]) == {"telegram", "updates", "slots"}


async def test_while_telegram_cannot_be_reached_the_bot_is_well_but_not_ready(
    api: Emulator, watched: Settings
) -> None:
    api.faults.next("getMe", Break.HANG_BEFORE)
    async with starting(watched):
        await becomes("ok", watched)
        readiness = await becomes("not ready", watched, "/readyz")
        assert readiness["telegram"] == {"ok": False}
        assert readiness["updates"] == {"ok": False}


async def test_a_worker_that_is_still_cold_is_no_failure_but_not_health_either(watched: Settings) -> None:
    easel = Easel()
    easel.ready = False
    async with app.running(watched, easel):
        assert (await becomes("starting", watched))["worker"]["ok"] is False
        assert (await ask(watched, "/readyz"))[0] == 200  # what is sent now waits for the worker
        easel.ready = True
        assert (await ask(watched))[0] == 200


async def test_a_dead_worker_is_a_failure_until_there_is_another(watched: Settings, tmp_path: Path) -> None:
    admission = tmp_path / "pass"
    admission.touch()
    worker = LocalExecutor(str(admission), "cpu", warm_size=0, painter="tests.kit.stand_in_painters:admitted")
    async with app.running(watched, worker):
        await becomes("ok", watched)
        admission.unlink()
        os.kill(worker.pids[0], signal.SIGKILL)
        assert (await becomes("failing", watched))["worker"]["ok"] is False
        admission.touch()
        assert (await becomes("ok", watched))["worker"] == {
            "ok": True,
            "slots": 1,
            "restarts": 1,
            "paints_with": "nothing on paper",
        }


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ApiError(409, "Conflict: terminated by other getUpdates request"), "another program fetches"),
        (RawAnswer(b"<html>"), "unreadable answer"),
        (server_error(), "Internal Server Error"),
    ],
)
async def test_who_cannot_fetch_updates_is_not_ready_until_it_can(
    api: Emulator, watched: Settings, monkeypatch: pytest.MonkeyPatch, fault: Fault, reason: str
) -> None:
    monkeypatch.setattr(polling, "LATELY", 0.2)
    monkeypatch.setattr(polling, "WAIT", 0)  # an idle poll ends at once, so that the next is soon
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.05)
    monkeypatch.setattr(retries, "LONGEST_DELAY", 0.05)
    async with app.running(watched, Easel()):
        await becomes("ok", watched, "/readyz")
        api.faults.for_a_time("getUpdates", fault, seconds=600)
        updates = (await becomes("not ready", watched, "/readyz"))["updates"]
        assert reason in updates["reason"]
        api.faults.clear()
        await becomes("ok", watched, "/readyz")


async def test_whom_telegram_cannot_reach_is_not_ready(
    api: Emulator, watched: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK", 0.05)
    monkeypatch.setattr(webhook, "LATELY", 0.2)
    hook = {"webhook_url": "http://127.0.0.1:9/hook", "webhook_secret": "s3cret"}  # where nobody listens
    async with app.running(Settings.load(**watched.model_dump() | hook), Easel()):
        await becomes("ok", watched, "/readyz")
        await Actor.join(api.world, "Ann").send_text("/start")
        updates = (await becomes("not ready", watched, "/readyz"))["updates"]
        assert "Telegram cannot reach it" in updates["reason"]


async def test_no_slots_is_not_ready(watched: Settings) -> None:
    async with app.running(watched, Easel(slots=0)):
        assert (await becomes("not ready", watched, "/readyz"))["slots"]["ok"] is False


async def test_a_full_disk_is_a_failure_until_there_is_room(watched: Settings, small_disk: SmallDisk) -> None:
    async with app.running(watched.model_copy(update={"data": small_disk.folder}), Easel()):
        await becomes("ok", watched)
        small_disk.fill()
        database = (await becomes("failing", watched))["database"]
        assert "No room left" in database["reason"]
        small_disk.free()
        await becomes("ok", watched)


async def test_a_database_that_has_become_read_only_is_a_failure(database: Database) -> None:
    listen = free_address()
    server = WebServer(listen)
    server.add(*Health(database, Easel(), LagSampler(lambda _: None)).routes)
    side_tasks = SideTasks()
    await server.start(side_tasks)
    async with httpx.AsyncClient(base_url=f"http://{listen}") as client:
        assert (await client.get("/healthz")).status_code == 200
        await database.write("PRAGMA query_only = ON")  # SQLite then says what it says of a read-only file
        answer = await client.get("/healthz")
    await server.stop()
    assert answer.status_code == 503
    assert "Cannot write" in answer.json()["checks"]["database"]["reason"]


async def test_the_trouble_of_the_executor_is_told(watched: Settings) -> None:
    easel = Easel()
    easel.ready, easel.trouble = False, "No weights can be had."
    async with app.running(watched, easel):
        status, answer = await ask(watched)
    assert status == 503
    assert answer["checks"]["worker"]["reason"] == "No weights can be had."


async def test_what_is_painted_with_is_told_and_why(watched: Settings) -> None:
    easel = Easel()
    easel.paints_with = "vgg16 (packaged) on cpu. The ImageNet weights could not be fetched."
    async with app.running(watched, easel):
        _, answer = await ask(watched)
    assert answer["checks"]["worker"]["paints_with"] == easel.paints_with


async def test_nothing_listens_unless_told_to(settings: Settings) -> None:
    def ports() -> set[int]:
        connections = psutil.Process().net_connections("inet")
        return {found.laddr.port for found in connections if found.status == psutil.CONN_LISTEN}

    before = ports()
    async with app.running(settings, Easel()):
        assert ports() == before


async def test_a_taken_address_is_one_line_in_polling_mode_too(watched: Settings) -> None:
    server = WebServer(str(watched.listen))
    side_tasks = SideTasks()
    await server.start(side_tasks)
    with pytest.raises(CannotRun, match=r"^Cannot listen on .*set STYLEGRAM_LISTEN"):
        async with app.running(watched, Easel()):
            pass
    await server.stop()
