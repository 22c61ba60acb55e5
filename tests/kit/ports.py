"""Find addresses where nothing listens."""

import random
import socket
from contextlib import suppress

_PORTS = range(
    15_000, 32_000
)  # below those that the system gives away, so that one stays free until it is used
_random = random.SystemRandom()  # whoever seeds Python's own would have all processes try the same


def free_port(host: str = "127.0.0.1") -> int:
    while True:
        port = _random.choice(_PORTS)
        with suppress(OSError), socket.create_server((host, port)):
            return port


def free_address(host: str = "127.0.0.1") -> str:
    """Host and port, as STYLEGRAM_LISTEN has them."""
    return f"{host}:{free_port(host)}"
