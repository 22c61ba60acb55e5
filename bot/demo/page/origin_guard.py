"""Refuse requests of other sites' pages, and tell the browser what this page is made of."""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from bot.demo.page.refusal import Refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; media-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""On every answer that does not have its own."""


class OriginGuard:
    """Lets through to `app` what was meant for it.

    A hostile page can send requests here, but not without naming its own origin; and it can take a name
    of its own for this machine's (DNS rebinding), but then its name is what the request is for.
    """

    def __init__(self, app: "ASGIApp", host: str) -> None:
        """`host` is what the server listens on."""
        self._app = app
        self._host = host

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        asked_for = Headers(scope=scope).get("host", "").lower()
        if not self._is_here(asked_for, scope["server"][1]):
            refusal = Refusal("foreign_origin", "There is no such address here.")
        elif scope["method"] not in ("GET", "HEAD") and not _is_from(asked_for, scope):
            refusal = Refusal("foreign_origin", "Only the demo's own page can do that.")
        else:
            await self._app(scope, receive, send_with_headers)
            return
        await refusal.response()(scope, receive, send_with_headers)

    def _is_here(self, asked_for: str, port: int) -> bool:
        """Behind loopback nobody comes by another name. Elsewhere people come by any address, through
        any port that leads here; what nobody can rebind is an address.
        """
        try:
            split = urlsplit(f"//{asked_for}")
            name, asked_port = split.hostname or "", split.port or 80
        except ValueError:
            return False
        if is_loopback(self._host):
            return asked_port == port and (name == self._host or is_loopback(name))
        return name in ("localhost", self._host) or _address(name) is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine itself reaches `host`."""
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_from(host: str, scope: "Scope") -> bool:
    origin = Headers(scope=scope).get("origin", "").lower()
    return origin in (f"http://{host}", f"https://{host}")
