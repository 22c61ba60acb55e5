"""Files come from Telegram in full or not at all, and never more of them than was asked for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.gateway.connection import Connection
from bot.gateway.downloads import NotServed, TooLarge, download
from bot.ops.side_tasks import SideTasks
from bot.ops.web_server import WebServer
from tests.kit.ports import free_address

MOST = 1000
TOKEN = "7:secret"  # noqa: S105


class FileServer:
    """A Bot API server that knows one file, and serves it as told."""

    def __init__(self) -> None:
        self.file_path = "photos/file 1#2.jpg"
        self.declared = 100
        self.answer: Response = Response(b"a picture")
        self.sent = 0

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/getFile", self._get_file, methods=["POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]

    def endless(self) -> Response:
        async def body() -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0)  # and hears that nobody listens any more
                self.sent += 1 << 16
                yield b"0" * (1 << 16)

        return StreamingResponse(body())

    async def _get_file(self, _: Request) -> Response:
        described = {"file_id": "a", "file_unique_id": "b", "file_size": self.declared}
        return JSONResponse({"ok": True, "result": described | {"file_path": self.file_path}})

    async def _download(self, request: Request) -> Response:
        is_served = request.path_params["path"] == self.file_path
        return self.answer if is_served else Response("Not Found", 404)


@pytest.fixture
def server() -> FileServer:
    return FileServer()


@pytest.fixture
async def bot(server: FileServer) -> AsyncIterator[ExtBot[Any]]:
    address = free_address()
    web, side_tasks = WebServer(address), SideTasks()
    web.add(*server.routes)
    await web.start(side_tasks)
    bot: ExtBot[Any] = ExtBot(
        TOKEN,
        base_url=f"http://{address}/bot",
        base_file_url=f"http://{address}/file/bot",
        request=Connection(lambda _method, _kind: None),
    )
    await bot.request.initialize()
    yield bot
    await bot.request.shutdown()
    await web.stop()
    await side_tasks.stop()


async def test_a_file_comes_as_it_is(bot: ExtBot[Any]) -> None:
    assert await download(bot, "a", MOST) == b"a picture"


async def test_of_a_file_larger_than_it_said_no_more_is_read_than_was_asked_for(
    bot: ExtBot[Any], server: FileServer
) -> None:
    server.answer = server.endless()
    with pytest.raises(TooLarge):
        await download(bot, "a", MOST)
    assert server.sent < 32 << 20  # what was on its way


async def test_a_file_that_says_it_is_larger_is_not_asked_for(bot: ExtBot[Any], server: FileServer) -> None:
    server.declared = MOST + 1
    with pytest.raises(TooLarge):
        await download(bot, "a", MOST)


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_a_server_in_trouble_is_worth_another_try(
    bot: ExtBot[Any], server: FileServer, status: int
) -> None:
    server.answer = Response("<html>", status)
    with pytest.raises(NetworkError):
        await download(bot, "a", MOST)


async def test_a_file_cut_short_is_worth_another_try(bot: ExtBot[Any], server: FileServer) -> None:
    server.answer = Response(b"a pic", headers={"content-length": "100"})
    with pytest.raises(NetworkError):
        await download(bot, "a", MOST)


async def test_a_local_server_names_a_file_on_its_disk(
    bot: ExtBot[Any], server: FileServer, tmp_path: Path
) -> None:
    file = tmp_path / "file_1.jpg"
    file.write_bytes(b"a picture")
    server.file_path = str(file)
    assert await download(bot, "a", MOST) == b"a picture"
    file.write_bytes(b"0" * (MOST + 1))
    with pytest.raises(TooLarge):
        await download(bot, "a", MOST)


async def test_a_local_server_whose_disk_is_elsewhere_is_named_without_the_token(
    bot: ExtBot[Any], server: FileServer
) -> None:
    server.file_path = f"/var/lib/telegram-bot-api/{TOKEN}/photos/file_1.jpg"
    server.answer = Response("Not Found", 404)
    with pytest.raises(NotServed, match=r"files in /var/lib/telegram-bot-api on.*--local") as caught:
        await download(bot, "a", MOST)
    assert TOKEN not in str(caught.value)


async def test_a_server_that_serves_no_files_is_named(bot: ExtBot[Any], server: FileServer) -> None:
    server.answer = Response("Not Found", 404)
    with pytest.raises(NotServed, match="answers 404 for a file"):
        await download(bot, "a", MOST)
