"""Hold the connection to a Ray cluster, in a process of its own: `python -m core.executor.ray.link`.

It is one of its own because Ray ends a process whose cluster has been away for a minute, and waits in calls
that nothing can interrupt. Whatever happens to the cluster, the bot loses this process only, and starts
another.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Any, BinaryIO, NoReturn

import psutil
import ray
from ray.exceptions import AuthenticationError, RayError

from core.error_messages import one_line
from core.executor.ray.nodes import Holder, Place, places, said_by_ray
from core.executor.ray.painting import Painting
from core.executor.ray.wire import (
    Away,
    FromCluster,
    Hand,
    Join,
    Joined,
    Refused,
    ToCluster,
    Withdraw,
)
from core.executor.worker import wire
from core.processes import keep_memory_private

_LOOK_EVERY = 1.0  # seconds; how soon nodes that join or go are noticed
_PATIENCE = 10.0  # seconds until a head that does not answer counts as away
_STORE = 256_000_000  # bytes for pictures on their way, in a cluster of this machine alone


def main() -> None:
    keep_memory_private()
    # Ctrl-C and a service manager's stop reach every process of a group; what they mean, the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    incoming, outgoing = wire.take_pipes()
    _hush()
    logging.basicConfig(format="%(levelname)s %(message)s")
    join = wire.read(incoming)
    if not isinstance(join, Join):
        raise TypeError(f"the parent begins with a Join, not with {join!r}")
    asyncio.run(_Link(join, outgoing).run(incoming))


def _hush() -> None:
    """What Ray's native code says on standard error, at length, stands in Ray's own log files too."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.stdout = os.fdopen(nowhere, "w")


class _Link:
    def __init__(self, join: Join, outgoing: BinaryIO) -> None:
        self._join = join
        self._outgoing = outgoing
        self._holders: dict[Place, Holder] = {}
        self._holding: dict[Place, asyncio.Task[None]] = {}
        self._paintings: dict[int, Painting] = {}

    async def run(self, incoming: BinaryIO) -> None:
        """Until the parent ends, or the cluster goes away and what is painted there is finished."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(incoming, loop), name="inbox", daemon=True).start()
        await self._wait_for_head()
        self._connect()
        own = ray.get_runtime_context().get_node_id()
        self._send(Joined())
        while nodes := await self._nodes(own):
            self._follow({place for node in nodes for place in self._places(node)})
            await asyncio.sleep(_LOOK_EVERY)
        self._send(Away("the head of the cluster does not answer any more"))
        while self._paintings:
            await asyncio.wait([painting.running for painting in self._paintings.values()])
        _end()

    # The cluster

    async def _wait_for_head(self) -> None:
        """Ray itself would wait for a minute, and then end the process."""
        host, colon, port = (self._join.address or "").rpartition(":")
        told = False
        while colon:
            try:
                async with asyncio.timeout(_PATIENCE):
                    _, writer = await asyncio.open_connection(host, int(port))
            except OSError as error:
                if not told:
                    self._send(Away(f"nobody answers at {self._join.address} ({error.strerror or error})"))
                    told = True
                await asyncio.sleep(_LOOK_EVERY)
            else:
                writer.close()
                return

    def _connect(self) -> None:
        """While this waits nothing else can be done anyway."""
        options: dict[str, Any] = {"address": self._join.address}
        if self._join.address is None:
            options = {"address": "local", "include_dashboard": False, "object_store_memory": _STORE}
        os.chdir("/")  # Ray has workers import from where its driver stands, wherever that is on their nodes
        try:
            ray.init(**options, log_to_driver=False, logging_level=logging.WARNING)
        except AuthenticationError as error:
            self._refuse(f"The cluster wants a token: set RAY_AUTH_TOKEN ({said_by_ray(error)}).")
        except RuntimeError as error:
            if "mismatch" not in str(error):
                self._refuse(said_by_ray(error))
            self._refuse(f"The cluster is of another version: {one_line(error)}.")
        except (ConnectionError, RayError) as error:
            hint = "do RAY_AUTH_MODE and RAY_AUTH_TOKEN agree with its own, and runs a node of it here?"
            self._send(Away(f"{said_by_ray(error)}: {hint}"))
            _end()

    def _refuse(self, reason: str) -> NoReturn:
        self._send(Refused(reason))
        _end()

    async def _nodes(self, own: str) -> list[dict[str, Any]]:
        """Of the cluster that this process has joined; none if that is no more."""
        with suppress(TimeoutError, RayError, ConnectionError):
            async with asyncio.timeout(_PATIENCE):
                nodes: list[dict[str, Any]] = await asyncio.to_thread(ray.nodes)
            if any(node["NodeID"] == own and node["Alive"] for node in nodes):
                return nodes
        return []

    def _places(self, node: dict[str, Any]) -> list[Place]:
        return places(node, self._join.setup.device, self._join.cpus)

    def _follow(self, now: set[Place]) -> None:
        """Have a holder in each place that there is, and nowhere else."""
        for place in self._holders.keys() - now:
            del self._holders[place]
            self._holding.pop(place).cancel()
        for place in now - self._holders.keys():
            self._holders[place] = Holder(place, self._join, self._send)
            self._holding[place] = asyncio.create_task(self._holders[place].run())

    # What the parent says

    def _listen(self, incoming: BinaryIO, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(EOFError):
            while True:
                loop.call_soon_threadsafe(self._receive, wire.read(incoming))
        _end()

    def _receive(self, message: ToCluster) -> None:
        match message:
            case Hand():
                slots = {place.slot: holder for place, holder in self._holders.items()}
                painting = Painting(message, slots.get(message.slot), self._join, self._send)
                self._paintings[message.number] = painting
                painting.running.add_done_callback(lambda _: self._paintings.pop(message.number))
            case Withdraw():
                if message.number in self._paintings:
                    self._paintings[message.number].stop()

    def _send(self, message: FromCluster) -> None:
        try:
            self._outgoing.write(wire.pack(message))
            self._outgoing.flush()
        except BrokenPipeError:  # the parent is gone, which the inbox is about to notice too
            _end()


def _end() -> NoReturn:
    """At once: threads that wait for a cluster cannot be told to stop.

    With it goes what it has started: the cluster of this machine alone, if that is what it holds. Of its
    processes some would otherwise look for each other for minutes.
    """
    with suppress(psutil.Error):
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                process.kill()
    os._exit(0)


if __name__ == "__main__":
    main()
