"""`stylegram health`: what a container's health check runs."""

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import typer

from bot.settings import variable

PATIENCE = 8.0  # seconds; what answers may itself wait for the database


def health() -> None:
    """Ask the running bot whether it is well, at STYLEGRAM_LISTEN. If not, the exit status is 1."""
    listen = os.environ.get(variable("listen"))
    if not listen:
        print(f"stylegram: nothing to ask: set {variable('listen')} for the bot and here.", file=sys.stderr)
        raise typer.Exit(1)
    host, _, port = listen.rpartition(":")
    try:
        # Not by urllib, which would ask a proxy from the environment.
        connection = HTTPConnection(host.strip("[]"), int(port), timeout=PATIENCE)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        text = " ".join(answer.read().decode(errors="replace").split())
    except (OSError, HTTPException, ValueError) as error:
        print(f"stylegram: nobody answers at {listen} ({error}).", file=sys.stderr)
        raise typer.Exit(1) from None
    if answer.status != HTTPStatus.OK:
        print(f"stylegram: unhealthy: {text}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"healthy: {text}" if text else "healthy")
