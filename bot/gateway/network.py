"""How Telegram's servers are reached: through which proxy, trusting which certificates."""

import importlib.util
import ssl
from typing import Any

import httpx

from bot.ops.errors import CannotRun
from core.proxies import ProxyError, proxy_for


def client_options(api_url: str) -> dict[str, Any]:
    """Return what an HTTP client for this address is made with, in place of what it would find itself.

    Raises `CannotRun` if the environment names a proxy, or certificates, that cannot be used.
    """
    return {"trust_env": False, "proxy": _proxy_url(api_url), "verify": _certificates(api_url)}


def _proxy_url(api_url: str) -> str | None:
    try:
        proxy = proxy_for(api_url)
    except ProxyError as error:
        raise CannotRun(f"{error}.") from error
    if proxy is None:
        return None
    if proxy.is_socks and importlib.util.find_spec("socksio") is None:
        raise CannotRun(
            f"{proxy.variable} names a SOCKS proxy, and what speaks SOCKS is not installed: "
            "pip install 'python-telegram-bot[socks]', or unset it."
        )
    return proxy.url


def _certificates(api_url: str) -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context(verify=api_url.startswith("https:"), trust_env=True)
    except OSError as error:
        raise CannotRun(
            f"SSL_CERT_FILE or SSL_CERT_DIR names certificates that cannot be read ({error.strerror})."
        ) from error
