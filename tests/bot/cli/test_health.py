"""`stylegram health`, as a container's health check runs it."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.ops.side_tasks import SideTasks
from bot.ops.web_server import WebServer
from tests.kit.command_line import stylegram
from tests.kit.ports import free_address

if TYPE_CHECKING:
    import subprocess


async def health(answer: PlainTextResponse, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What the command says where `/healthz` answers so."""

    async def healthz(_: Request) -> PlainTextResponse:
        return answer

    address = free_address("127.0.0.1")
    server = WebServer(address)
    server.add(Route("/healthz", healthz))
    side_tasks = SideTasks()
    await server.start(side_tasks)
    try:
        variables = {"STYLEGRAM_LISTEN": address, **environment}
        return await asyncio.to_thread(stylegram, "health", **variables)
    finally:
        await server.stop()


async def test_a_healthy_bot_is_said_to_be_so() -> None:
    ended = await health(PlainTextResponse('{"status":\n"ok"}'))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, 'healthy: {"status": "ok"}\n', "")


async def test_a_proxy_in_the_environment_is_not_asked() -> None:
    ended = await health(PlainTextResponse(""), http_proxy="http://127.0.0.1:9")
    assert (ended.returncode, ended.stdout) == (0, "healthy\n")


async def test_of_an_unhealthy_bot_it_says_why() -> None:
    ended = await health(PlainTextResponse("the database is gone", 503))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "stylegram: unhealthy: the database is gone\n"


@pytest.mark.parametrize(
    "listen", [free_address("127.0.0.1"), "8443", ""], ids=["nobody there", "no host", "not set"]
)
def test_where_nobody_answers_it_says_so_in_one_line(listen: str) -> None:
    ended = stylegram("health", STYLEGRAM_LISTEN=listen)
    assert ended.returncode == 1
    assert ended.stderr.startswith("stylegram: no")
    assert ended.stderr.count("\n") == 1
