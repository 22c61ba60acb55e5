"""Answer whether the bot is well, and whether it may be given work: `/healthz` and `/readyz`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.ops.event_loop_lag import LagSampler
from bot.ops.reception import Reception
from core.executor.protocol import Executor
from storage import Database, DatabaseError

PATIENCE = 5.0  # seconds for the database
LONGEST_LAG = 5.0  # seconds that the event loop may be late

Check = dict[str, Any]  # "ok", and what else is known


class Health:
    """Answer `/healthz` and `/readyz`, from before the bot has met Telegram until after its last word.

    Args:
        database: which has to be writable.
        executor: which has to have a warm worker.
        lag: of the event loop, which has to be small.
    """

    def __init__(self, database: Database, executor: Executor, lag: LagSampler) -> None:
        self.has_met_telegram = False
        self._reception: Reception | None = None
        self._database = database
        self._executor = executor
        self._lag = lag

    @contextmanager
    def taking_updates(self, reception: Reception) -> Iterator[None]:
        """Count as ready as long as the block lasts, and updates were taken lately."""
        self._reception = reception
        try:
            yield
        finally:
            self._reception = None

    @property
    def routes(self) -> list[Route]:
        return [Route("/healthz", self._healthz), Route("/readyz", self._readyz)]

    async def _healthz(self, _: Request) -> JSONResponse:
        lag, executor = self._lag.latest, self._executor
        checks = {
            "event_loop": {"ok": lag < LONGEST_LAG, "lag_seconds": round(lag, 4)},
            "database": await self._database_is_writable(),
            "worker": {"ok": executor.ready, "slots": executor.slots, "restarts": executor.restarts},
        }
        if executor.paints_with:
            checks["worker"]["paints_with"] = executor.paints_with
        if executor.trouble:
            checks["worker"]["reason"] = executor.trouble
        only_the_worker = checks["event_loop"]["ok"] and checks["database"]["ok"]
        still_the_first = only_the_worker and executor.restarts == 0
        return _answer(checks, otherwise="starting" if still_the_first else "failing")

    async def _readyz(self, _: Request) -> JSONResponse:
        return _answer(
            {
                "telegram": {"ok": self.has_met_telegram},
                "updates": self._updates_are_taken(),
                "slots": {"ok": self._executor.slots > 0, "slots": self._executor.slots},
            },
            otherwise="not ready",
        )

    def _updates_are_taken(self) -> Check:
        if self._reception is None:
            return {"ok": False}
        trouble = self._reception.trouble
        return {"ok": False, "reason": trouble} if trouble else {"ok": True}

    async def _database_is_writable(self) -> Check:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._database.probe()
        except TimeoutError:
            return {"ok": False, "reason": f"no answer within {PATIENCE:g} s"}
        except DatabaseError as error:
            return {"ok": False, "reason": str(error)}
        return {"ok": True}


def _answer(checks: dict[str, Check], otherwise: str) -> JSONResponse:
    if all(check["ok"] for check in checks.values()):
        return JSONResponse({"status": "ok", "checks": checks})
    return JSONResponse({"status": otherwise, "checks": checks}, HTTPStatus.SERVICE_UNAVAILABLE)
