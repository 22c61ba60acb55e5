"""A webhook: Telegram posts each update to a small server, which usually stands behind a proxy with TLS.

After the custom webhook pattern of python-telegram-bot: Starlette and uvicorn in the bot's own event loop.
"""

import asyncio
import secrets
from http import HTTPStatus
from logging import getLogger

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update

from bot.arrivals import KINDS, Arrivals
from bot.errors import CannotRun
from bot.serving import Server
from storage import DatabaseError

log = getLogger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
LARGEST = 1_000_000  # bytes of an update; Telegram's are some thousands


class Webhook:
    """Receives updates from `start` to `stop`. Telegram keeps what comes while nobody listens."""

    def __init__(self, arrivals: Arrivals, url: str, secret: str, listen: str) -> None:
        """Telegram posts to `url`, with the `secret`, which arrives at `listen`, host and port."""
        self._arrivals = arrivals
        self._url = url
        self._secret = secret
        host, _, port = listen.rpartition(":")
        app = Starlette(routes=[Route("/", self._receive, methods=["POST"])])
        config = uvicorn.Config(
            app, host=host, port=int(port), lifespan="off", ws="none", access_log=False, log_config=None
        )
        self._server = Server(config)
        self._listen = listen
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and tell Telegram where. Raises `CannotRun` if the address is taken."""
        await self._arrivals.take_up()
        self._serving = asyncio.create_task(self._serve())
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
            await asyncio.sleep(0.01)
        await self._arrivals.bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=KINDS)

    async def failed(self) -> None:
        """Wait for ever, or raise what no patience cures."""
        if self._serving:
            await asyncio.shield(self._serving)

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._serving:
            await asyncio.wait([self._serving])

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit:  # uvicorn's answer to an address it cannot have
            raise CannotRun(f"Cannot listen on {self._listen}: set STYLEGRAM_LISTEN to a free one.") from None

    async def _receive(self, request: Request) -> Response:
        if not secrets.compare_digest(request.headers.get(SECRET, "").encode(), self._secret.encode()):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if int(request.headers.get("content-length", LARGEST + 1)) > LARGEST:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            update = Update.de_json(dict(await request.json()), self._arrivals.bot)
        except (ValueError, KeyError, TypeError):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        try:
            await self._arrivals.accept([update])
        except DatabaseError as error:  # Telegram will post it again
            log.warning("cannot keep an update", extra={"reason": str(error)})
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return Response()
