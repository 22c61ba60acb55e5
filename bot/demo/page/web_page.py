"""Serve the chat page and all it asks for, as one application behind the guard."""

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.demo.page.chat_api import ChatApi
from bot.demo.page.event_stream import EventStream
from bot.demo.page.inline_api import InlineApi
from bot.demo.page.origin_guard import OriginGuard
from bot.demo.page.refusal import Refusal
from bot.demo.sample_pictures import SAMPLES

if TYPE_CHECKING:
    from bot.demo.telegram.world import World

STATIC = Path(__file__).parent / "static"
# What the machine's own tables make of these differs, and browsers believe no wrong one.
for suffix, kind in {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
}.items():
    mimetypes.add_type(kind, suffix)

_SIGNATURES = {  # of the pictures that a page may show
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
}
FILE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class WebPage:
    """`host` is what the server listens on."""

    def __init__(self, world: "World", host: str) -> None:
        self._world = world
        self.chat_api = ChatApi(world)
        app = Starlette(
            routes=[
                Route("/", _index),
                Mount("/static", StaticFiles(directory=STATIC)),
                Route("/samples/{file_name}", _sample),
                Route("/api/events", EventStream(world).answer),
                Route("/api/files/{file_id}", self._file),
                *self.chat_api.routes,
                *InlineApi(world).routes,
            ],
            exception_handlers={Refusal: _refuse, HTTPException: _refuse},
        )
        self.app = OriginGuard(app, host)

    async def _file(self, request: Request) -> Response:
        stored = self._world.files.get(request.path_params["file_id"])
        if stored is None:
            raise Refusal("not_found", "There is no such file any more.")
        kind = _kind(await stored.head())
        headers = dict(FILE_HEADERS)
        name = request.query_params.get("name")
        if name or kind is None:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name or 'file', safe='')}"
        return FileResponse(stored.place, headers=headers, media_type=kind or "application/octet-stream")


async def _index(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html")


async def _sample(request: Request) -> Response:
    asked_for = request.path_params["file_name"]
    for sample in SAMPLES.values():
        if sample.file_name == asked_for:
            return FileResponse(sample.path)
    raise Refusal("not_found", "There is no such picture.")


async def _refuse(_request: Request, error: Exception) -> Response:
    if isinstance(error, Refusal):
        return error.response()
    if isinstance(error, HTTPException) and error.status_code == 404:
        return Refusal("not_found", "There is nothing here.").response()
    return Refusal("bad_request", "That is not how this is asked for.").response()


def _kind(head: bytes) -> str | None:
    """What picture or film it is by its first bytes, whatever it calls itself."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return next((kind for signature, kind in _SIGNATURES.items() if head.startswith(signature)), None)
