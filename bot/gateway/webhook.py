"""Receive updates that Telegram posts to the bot's server, which usually stands behind a proxy with TLS.

After the custom webhook pattern of python-telegram-bot: Starlette and uvicorn in the bot's own event loop.
"""

import secrets
from http import HTTPStatus
from logging import getLogger

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update

from bot.gateway.intake import KINDS, Intake
from bot.ops.side_tasks import SideTasks
from bot.ops.web_server import WebServer
from storage import DatabaseError

log = getLogger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
LARGEST = 1_000_000  # bytes of an update; Telegram's are some thousands


class Webhook:
    """Receive updates from `start` to `stop`. Telegram keeps what comes while they are not taken.

    Args:
        intake: where they go.
        url: where Telegram posts them; whatever path is left of it reaches `server`.
        secret: which Telegram shows with each.
        server: the bot's web server.
    """

    def __init__(self, intake: Intake, url: str, secret: str, server: WebServer) -> None:
        """Add the route to the server; it answers once started."""
        self._intake = intake
        self._url = url
        self._secret = secret.encode()
        self._open = False
        server.add(Route("/{path:path}", self._receive, methods=["POST"]))

    async def start(self, _side_tasks: SideTasks) -> None:
        """Take up what was left, and let Telegram post; the web server is a side task already."""
        await self._intake.take_up()
        self._open = True
        await self._intake.bot.set_webhook(
            self._url, secret_token=self._secret.decode(), allowed_updates=KINDS
        )

    async def stop(self) -> None:
        """Take no more updates."""
        self._open = False

    async def _receive(self, request: Request) -> Response:
        if not secrets.compare_digest(request.headers.get(SECRET, "").encode(), self._secret):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if not self._open:  # Telegram will post it again
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        if int(request.headers.get("content-length", LARGEST + 1)) > LARGEST:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            update = Update.de_json(dict(await request.json()), self._intake.bot)
        except (ValueError, KeyError, TypeError, AttributeError):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        try:
            await self._intake.accept([update])
        except DatabaseError as error:
            log.warning("cannot keep an update", extra={"reason": str(error)})
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return Response()
