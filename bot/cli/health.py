"""`stylegram health`: what a container's health check runs."""

from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from bot.cli.console import end
from bot.settings import from_environment, variable

PATIENCE = 8.0  # seconds; what answers may itself wait for the database


def health() -> None:
    """Ask the running bot whether it is well, at STYLEGRAM_LISTEN. If not, the exit status is 1."""
    listen = from_environment("listen")
    if not listen:
        end(f"nothing to ask: set {variable('listen')} for the bot and here.", 1)
    host, _, port = listen.rpartition(":")
    try:
        # Not by urllib, which would ask a proxy from the environment.
        connection = HTTPConnection(host.strip("[]"), int(port), timeout=PATIENCE)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        text = " ".join(answer.read().decode(errors="replace").split())
    except (OSError, HTTPException, ValueError) as error:
        end(f"nobody answers at {listen} ({error}).", 1)
    if answer.status != HTTPStatus.OK:
        end(f"unhealthy: {text}", 1)
    print(f"healthy: {text}" if text else "healthy")
