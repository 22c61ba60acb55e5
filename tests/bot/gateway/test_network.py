"""Proxies and certificates that the environment names: used, passed over, or refused in one line."""

import ssl
from pathlib import Path

import pytest

from bot.gateway.connection import Connection
from bot.gateway.network import client_options
from tests.kit.command_line import stylegram

TELEGRAM = "https://api.telegram.org"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("value", ["rubbish", "socks5://127.0.0.1:9", "socks://127.0.0.1:9/"])
async def test_beside_any_proxy_a_server_on_this_machine_is_reached_directly(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("NO_PROXY", "fd00::/8")
    options = client_options("http://127.0.0.1:8081")
    assert options["proxy"] is None
    await Connection(lambda _method, _kind: None, options).shutdown()


async def test_telegram_is_reached_through_the_proxy_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    options = client_options(TELEGRAM)
    assert options["proxy"] == "http://proxy.example:3128"
    await Connection(lambda _method, _kind: None, options).shutdown()


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("ALL_PROXY", "socks5://user:hidden@127.0.0.1:9", "pip install 'python-telegram-bot[socks]'"),
        ("all_proxy", "socks://127.0.0.1:9/", "pip install 'python-telegram-bot[socks]'"),
        ("HTTPS_PROXY", "http://user:hidden@:port", "is no address of a proxy"),
        ("SSL_CERT_FILE", "nowhere/hidden.pem", "No such file"),
    ],
)
def test_what_cannot_be_used_ends_run_in_one_line_that_names_the_variable(
    tmp_path: Path, variable: str, value: str, reason: str
) -> None:
    options = {"STYLEGRAM_DATA": str(tmp_path), "TELEGRAM_BOT_TOKEN": "1:a", variable: value}
    ended = stylegram("run", **options)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith(f"stylegram: {variable} ")
    assert reason in ended.stderr
    assert "hidden" not in ended.stderr


@pytest.mark.parametrize("api_url", ["http://127.0.0.1:1", TELEGRAM])
def test_certificates_are_wanted_where_there_are_any(api_url: str) -> None:
    context = client_options(api_url)["verify"]
    assert (context.verify_mode == ssl.CERT_REQUIRED) == (api_url == TELEGRAM)
