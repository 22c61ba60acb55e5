"""Post updates to the bot's address, one after another, until it takes each."""

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from bot.demo.telegram.update_queue import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the header's name, not a secret)
ANSWER_WITHIN = 10.0
LONGEST_PAUSE = 2.0  # Telegram waits longer and longer; nobody at a demo would


class WebhookDelivery:
    def __init__(self, updates: "UpdateQueue") -> None:
        self.url = ""
        self.max_connections = 40
        self.last_error: tuple[int, str] | None = None
        self._updates = updates
        self._secret = ""
        self._carrier: asyncio.Task[None] | None = None

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        await self.stop()
        self.url, self._secret, self.max_connections = url, secret, max_connections
        self._carrier = asyncio.create_task(self._carry(), name="webhook")

    async def stop(self) -> None:
        self.url, self.last_error = "", None
        if self._carrier:
            self._carrier.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._carrier
            self._carrier = None

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if self.url:
            described["max_connections"] = self.max_connections
        if self.last_error:
            described["last_error_date"], described["last_error_message"] = self.last_error
        if self._updates.allowed:
            described["allowed_updates"] = self._updates.allowed
        return described

    async def _carry(self) -> None:
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        pause = 0.1
        async with httpx.AsyncClient(headers=headers, timeout=ANSWER_WITHIN, trust_env=False) as client:
            while True:
                await self._updates.wait(3600)
                if not self._updates.pending:
                    continue
                if await self._taken(client, self._updates.pending[0]):
                    self._updates.pending.pop(0)
                    pause = 0.1
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    async def _taken(self, client: httpx.AsyncClient, update: dict[str, Any]) -> bool:
        try:
            answer = await client.post(self.url, json=update)
        except httpx.HTTPError as error:
            problem = f"Connection failed: {error}"
        else:
            if answer.is_success:
                return True
            problem = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        self.last_error = int(time.time()), problem
        return False
