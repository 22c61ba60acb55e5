"""Which proxy the environment names, and what is said of those that cannot be used."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from core.proxies import Proxy, ProxyError, proxy_for
from core.weights import WeightsError, check_source
from core.weights.fetching import Source

TELEGRAM = "https://api.telegram.org"
GOOD = "http://proxy.example:3128"
VARIABLES = [
    name for word in ("http", "https", "all", "no") for name in (f"{word}_proxy", f"{word.upper()}_PROXY")
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("value", "url"),
    [
        (GOOD, GOOD),
        (f'"{GOOD}"\r', GOOD),
        ("proxy.example:3128", GOOD),
        ("https://proxy.example", "https://proxy.example"),
        ("socks5h://[::1]:1080", "socks5h://[::1]:1080"),
        ("socks://127.0.0.1:7890/", "socks5://127.0.0.1:7890/"),
    ],
)
def test_a_proxy_is_found_whoever_wrote_it_down(
    environment: pytest.MonkeyPatch, variable: str, value: str, url: str
) -> None:
    environment.setenv(variable, value)
    assert proxy_for(TELEGRAM) == Proxy(variable, url)


@pytest.mark.parametrize("variable", [name for name in VARIABLES if not name.lower().startswith("no")])
@pytest.mark.parametrize(
    "value",
    [
        *("rubbish", "http://", "://", "ftp://proxy.example:21", "socks4://proxy.example:1080", "http://a b"),
        *("http://proxy.example:port", "http://proxy.example:99999", "http://[::1", "socks5:proxy.example"),
        *("http://proxy.example:1\x00", "http://user:pass word@proxy.example:3128"),
    ],
)
def test_rubbish_is_one_line_with_the_variable_and_without_its_value(
    environment: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    if "\x00" in value:
        value = value.replace("\x00", "\x01")  # which no environment can have
    environment.setenv(variable, value)
    with pytest.raises(ProxyError, match=f"^{variable} is no address of a proxy, such as ") as refused:
        proxy_for(TELEGRAM)
    assert "\n" not in str(refused.value)
    assert "pass word" not in str(refused.value)


def test_a_variable_of_its_own_comes_before_that_for_all(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ALL_PROXY", "rubbish")
    environment.setenv("HTTP_PROXY", GOOD)
    environment.setenv("HTTPS_PROXY", "http://other.example:1")
    assert proxy_for(TELEGRAM) == Proxy("HTTPS_PROXY", "http://other.example:1")
    assert proxy_for("http://botapi:8081") == Proxy("HTTP_PROXY", GOOD)


def test_a_variable_in_small_letters_that_is_empty_switches_off(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", GOOD)
    environment.setenv("https_proxy", "")
    assert proxy_for(TELEGRAM) is None


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:8081", "http://127.3.2.1", "http://[::1]:8081", "http://localhost:8081"),
        *("http://api.localhost", "http://[::ffff:127.0.0.1]", "http://0.0.0.0:1", "file:///weights.h5"),
    ],
)
@pytest.mark.parametrize("value", [GOOD, "rubbish", "socks5://127.0.0.1:9"])
def test_this_machine_is_reached_directly_whatever_the_variables_say(
    environment: pytest.MonkeyPatch, url: str, value: str
) -> None:
    for name in ("HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        environment.setenv(name, value)
    environment.setenv("NO_PROXY", "fd00::/8,[::1,1.2.3.4/99,*:x")
    assert proxy_for(url) is None


@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize(
    ("exceptions", "url", "proxied"),
    [
        ("*", TELEGRAM, False),
        ("telegram.org", TELEGRAM, False),
        (".telegram.org", TELEGRAM, False),
        ("*.TELEGRAM.org", TELEGRAM, False),
        ("gram.org", TELEGRAM, True),
        ("api.telegram.org:443", TELEGRAM, False),
        ("botapi:8081", "http://botapi:8081", False),
        ("botapi:8082", "http://botapi:8081", True),
        ("10.0.0.0/8", "http://10.2.3.4:8081", False),
        ("10.0.0.0/8", "http://11.2.3.4:8081", True),
        ("10.2.3.4", "http://10.2.3.4:8081", False),
        ("fd00::/8", "http://[fd12::7]:8081", False),
        ("[fd12::7]:8081", "http://[fd12::7]:8081", False),
        ("fd00::/8,::1,[fe80::]/10,1.2.3.4/99, ,:", TELEGRAM, True),
        ('"localhost, api.telegram.org"', TELEGRAM, False),
        ("", TELEGRAM, True),
    ],
)
def test_exceptions(
    environment: pytest.MonkeyPatch, variable: str, exceptions: str, url: str, proxied: bool
) -> None:
    environment.setenv("ALL_PROXY", GOOD)
    environment.setenv(variable, exceptions)
    assert (proxy_for(url) is not None) == proxied


@pytest.fixture
def mirror() -> Iterator[str]:
    """A server of weights on this machine."""
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("value", ["http://127.0.0.1:9", "rubbish", "socks5://127.0.0.1:9"])
def test_weights_come_from_a_mirror_on_this_machine_directly(
    environment: pytest.MonkeyPatch, mirror: str, value: str
) -> None:
    environment.setenv("http_proxy", value)
    environment.setenv("ALL_PROXY", value)
    check_source(Source(mirror, md5=""))


@pytest.mark.parametrize("value", ["rubbish", "socks5://127.0.0.1:9"])
def test_without_a_proxy_that_can_be_used_weights_say_which_variable(
    environment: pytest.MonkeyPatch, value: str
) -> None:
    environment.setenv("ALL_PROXY", value)
    with pytest.raises(WeightsError, match=r"could not be fetched: ALL_PROXY .+\.$"):
        check_source(Source("https://weights.example/", md5=""))
