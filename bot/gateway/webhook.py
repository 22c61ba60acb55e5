"""Receive updates that Telegram posts to the bot's server, which usually stands behind a proxy with TLS.

After the custom webhook pattern of python-telegram-bot: Starlette and uvicorn in the bot's own event loop.
"""

import asyncio
import json
import secrets
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from logging import getLogger
from urllib.parse import urlsplit

import httpx
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.gateway.client import Client
from bot.gateway.intake import KINDS, Intake
from bot.gateway.starting import insist
from bot.ops.errors import token_refused
from bot.ops.lasting_trouble import LastingTrouble
from bot.ops.reception import Reception
from bot.ops.side_tasks import SideTasks, cancelled
from bot.ops.web_server import WebServer
from storage import DatabaseError

log = getLogger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
LARGEST = 1_000_000  # bytes of an update; Telegram's are some thousands
LOOK = 60.0  # seconds between two looks at what Telegram says of the webhook
RECENT = timedelta(seconds=150)  # since Telegram last failed to post
LATELY = 150.0  # seconds in which updates came, or Telegram said that they would


class Webhook:
    """Receive updates from `start` to `stop`. Telegram keeps what comes while they are not taken.

    Args:
        intake: where they go.
        client: asks Telegram to post them.
        url: where it posts them; whatever path is left of it reaches `server`.
        secret: which Telegram shows with each.
        server: the bot's web server.
    """

    def __init__(self, intake: Intake, client: Client, url: str, secret: str, server: WebServer) -> None:
        """Add the route to the server; it answers once started."""
        self.reception = Reception(LATELY)
        self._intake = intake
        self._client = client
        self._url = url
        self._secret = secret.encode()
        self._open = False
        self._looking: asyncio.Task[None] | None = None
        self._trouble = LastingTrouble(log, "the webhook fails")
        server.add(Route("/{path:path}", self._receive, methods=["POST"]))

    async def start(self, side_tasks: SideTasks) -> None:
        """Take up what was left, and let Telegram post; the web server is a side task already."""
        await self._intake.take_up()
        self._open = True
        await insist(self._register, "set the webhook", "; look at STYLEGRAM_WEBHOOK_URL.")
        self.reception.took()
        self._looking = side_tasks.start(self._look_for_ever(), "webhook")

    async def stop(self) -> None:
        """Take no more updates."""
        self._open = False
        if self._looking:
            await cancelled(self._looking)

    async def _register(self) -> None:
        await self._client.set_webhook(self._url, secret_token=self._secret.decode(), allowed_updates=KINDS)

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self._look()
            except InvalidToken:
                raise token_refused() from None
            except TelegramError as error:
                self._note(error.message)

    async def _look(self) -> None:
        """See whether Telegram still posts here, and ask it to if it does not."""
        info = await self._client.get_webhook_info()
        if not _is_same(info.url, self._url):
            found = f"another program set a webhook, {described(info.url)}" if info.url else "it was removed"
            self._note(f"{found}: set again")
            await self._register()
        elif problem := _problem(info):
            self._note(problem)
            return
        self.reception.took()

    def _note(self, reason: str) -> None:
        self.reception.failed(reason)
        self._trouble.note(reason)

    async def _receive(self, request: Request) -> Response:
        if not secrets.compare_digest(request.headers.get(SECRET, "").encode(), self._secret):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if not self._open:  # Telegram will post it again
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            body = await _body(request)
        except (_TooLarge, ClientDisconnect):
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        # What is no update is passed over too. Telegram would post a refused one for ever, before all others.
        try:
            await self._intake.accept(self._intake.recognise([_json(body)]))
        except DatabaseError as error:
            self._note(str(error))
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        self.reception.took()
        return Response()


def described(url: str) -> str:
    """Name where a webhook leads: the host alone, as the path may be somebody's secret."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    return f"at {host}" if host else "elsewhere"


def _is_same(url: str, other: str) -> bool:
    """Compare addresses as they are used: Telegram may write the same one otherwise."""
    try:
        return httpx.URL(url) == httpx.URL(other)
    except httpx.InvalidURL:
        return False


class _TooLarge(Exception):
    """The body is larger than any update."""


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise _TooLarge
    return bytes(body)


def _json(body: bytes) -> object:
    """Read JSON; None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _problem(info: WebhookInfo) -> str | None:
    """Say why Telegram cannot post, if it has something to post and could not of late."""
    if not (info.pending_update_count and info.last_error_date and info.last_error_message):
        return None
    if datetime.now(UTC) - info.last_error_date > RECENT:
        return None
    return f"Telegram cannot reach it: {info.last_error_message}"
