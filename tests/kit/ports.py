"""Find addresses where nothing listens."""

import socket


def free_port(host: str = "127.0.0.1") -> int:
    with socket.create_server((host, 0)) as server:
        return int(server.getsockname()[1])


def free_address(host: str = "127.0.0.1") -> str:
    """Host and port, as STYLEGRAM_LISTEN has them."""
    return f"{host}:{free_port(host)}"
