"""Serve the Bot API over HTTP: methods at `/bot{token}/METHOD`, files at `/file/bot{token}/PATH`."""

import asyncio
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.demo.telegram import parameters
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.faults import Break, RawAnswer
from bot.demo.telegram.methods import METHODS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from bot.demo.telegram.faults import Fault
    from bot.demo.telegram.world import World


class BotApi:
    """Answers one bot's requests out of `world`. `closing` is set when no answer may wait any longer."""

    def __init__(self, world: "World", token: str) -> None:
        self.world = world
        self.token = token
        self.closing = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
            ]
        )

    async def _call(self, request: "Request") -> Response:
        name = request.path_params["method"]
        if not self._is_authorized(request):
            return _refusal(ApiError(401, "Unauthorized"))
        method = METHODS.get(name)
        if method is None:
            return _refusal(ApiError(404, "Not Found: method not found"))
        # All of the request arrives before anything goes wrong: who still sends would see another error.
        try:
            given = await parameters.read(request)
            fault = self.world.faults.take(name, given.chat_id_or_none())
            if fault and not _takes_effect(fault):
                return await self._strike(fault, request)
            answer: Response = JSONResponse({"ok": True, "result": await method(self.world, given)})
        except ApiError as error:
            return _refusal(error)
        return await self._strike(fault, request) if fault else answer

    async def _download(self, request: "Request") -> Response:
        if not self._is_authorized(request):
            return _refusal(ApiError(401, "Unauthorized"))
        if fault := self.world.faults.take("download"):
            return await self._strike(fault, request)
        stored = self.world.files.at(request.path_params["path"])
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        return FileResponse(stored.place, media_type="application/octet-stream")

    def _is_authorized(self, request: "Request") -> bool:
        return secrets.compare_digest(request.path_params["token"].encode(), self.token.encode())

    async def _strike(self, fault: "Fault", request: "Request") -> Response:
        if isinstance(fault, ApiError):
            return _refusal(fault)
        if isinstance(fault, RawAnswer):
            return Response(fault.body, fault.status, media_type=fault.media_type)
        if fault.hangs:
            await self._until_given_up(request)
        return _Cut()

    async def _until_given_up(self, request: "Request") -> None:
        waits = [
            asyncio.ensure_future(_disconnection(request)),
            asyncio.ensure_future(self.closing.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


class _Cut(Response):
    """An answer that breaks off at once: the server closes the connection on the unfinished message."""

    async def __call__(self, _scope: "Scope", _receive: "Receive", send: "Send") -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _disconnection(request: "Request") -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _takes_effect(fault: "Fault") -> bool:
    return isinstance(fault, Break | RawAnswer) and fault.takes_effect


def _refusal(error: ApiError) -> Response:
    return JSONResponse(error.to_json(), status_code=HTTPStatus(error.code))
