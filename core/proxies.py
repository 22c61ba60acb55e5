"""Find which proxy the environment names for an address: one reading for every client of this program.

Each library reads `HTTPS_PROXY` and its kin by rules of its own, and fails in its own way over what it does
not know. Here this machine is never reached through a proxy, ranges of addresses in `NO_PROXY` count, and
what cannot be used is said in one line that names the variable, and never its value: that may have a
password in it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

import psutil

from core.environment import unwrapped

_SCHEMES: Final = ("http", "https", "socks5", "socks5h", "socks")
EXAMPLE: Final = "http://proxy.example:3128"


class ProxyError(ValueError):
    """A proxy that cannot be used; the message is one line that says which variable names it."""


@dataclass(frozen=True)
class Proxy:
    """A proxy, and the variable that names it."""

    variable: str
    url: str

    @property
    def is_socks(self) -> bool:
        """Say whether it speaks SOCKS rather than HTTP."""
        return self.url.startswith("socks")


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy through which `url` is reached, or None if it is reached directly.

    Raises `ProxyError` if a variable says what is no address of a proxy.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or _is_here(host) or _is_excepted(host, parts.port):
        return None
    proxies = {scheme: _named_for(scheme) for scheme in ("http", "https")}
    return proxies[parts.scheme]


def _named_for(scheme: str) -> Proxy | None:
    for name in (f"{scheme}_proxy", "all_proxy"):
        variable = (
            name if name in os.environ else name.upper()
        )  # the former, set to nothing, hides the latter
        value = unwrapped(os.environ.get(variable, ""))
        if value:
            return Proxy(variable, _checked(variable, value))
    return None


def _checked(variable: str, value: str) -> str:
    named = "://" in value
    url = value if named else f"http://{value}"
    try:
        parts = urlsplit(url)
        known, host, port = parts.scheme in _SCHEMES, parts.hostname, parts.port
    except ValueError:
        known = False
    if not known or not host or not (named or port) or not url.isprintable() or " " in url:
        raise ProxyError(f"{variable} is no address of a proxy, such as {EXAMPLE}: correct it, or unset it")
    return url.replace("socks://", "socks5://", 1)  # as desktops write it


def _is_here(host: str) -> bool:
    """Whether it is this machine, by the name or the address of any of its interfaces."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    if address is None:
        return False
    if address.is_loopback or address.is_unspecified:
        return True
    ours = (one.address.partition("%")[0] for some in psutil.net_if_addrs().values() for one in some)
    return any(_address(one) == address for one in ours)


def _is_excepted(host: str, port: int | None) -> bool:
    """Whether NO_PROXY has it: a name, the end of one, an address, a range, each with a port or without."""
    address = _address(host)
    for entry in _exceptions():
        if entry == "*":
            return True
        name, _, end = entry.rpartition(":")
        if name and end.isdecimal() and (":" not in name or name.endswith("]")):
            if port is not None and int(end) != port:
                continue
            entry = name
        entry = entry.strip("[]")
        if address is not None:
            try:
                if address in ip_network(entry, strict=False):
                    return True
            except ValueError:  # a name, or nothing that we know: nothing to fail over
                continue
        elif host == (name := entry.removeprefix("*").removeprefix(".").lower()) or (
            name and host.endswith(f".{name}")
        ):
            return True
    return False


def _exceptions() -> Iterator[str]:
    given = os.environ.get("no_proxy", os.environ.get("NO_PROXY", ""))
    return (entry for entry in unwrapped(given).replace(",", " ").split())


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
