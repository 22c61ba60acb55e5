"""A Ray cluster of several nodes on this machine, each started as an operator would, on loopback alone.

Each node has an address of its own, 127.0.0.2 and up, so that Ray takes them for so many machines. Ray's
ports are open on all interfaces even so, hence the token, which is new for each run.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from tests.kit.ports import free_port

ROOT = Path(__file__).parents[2]
RAY = Path(sys.executable).with_name("ray")
MARK = "STYLEGRAM_TEST_NODE"  # in the environment of all processes of a node
HEAD = 2  # 127.0.0.2
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


class Cluster:
    """Starts with a head that paints nothing."""

    def __init__(self) -> None:
        self._name = secrets.token_hex(8)
        self._folder = Path(tempfile.mkdtemp(prefix="ray-"))  # short, as names of sockets have to be
        self.port = free_port()
        self.address = f"127.0.0.{HEAD}:{self.port}"

    def start_head(self, cpus: int = 0) -> None:
        """At the address that it will always have."""
        self._start(
            HEAD,
            *("--head", "--port", str(self.port), "--temp-dir", str(self._folder), "--num-cpus", str(cpus)),
            *("--include-dashboard", "false", "--ray-client-server-port", str(free_port())),
        )

    def start_node(self, number: int, cpus: int = 1, **environment: str) -> None:
        """At 127.0.0.`number`."""
        self._start(number, "--address", self.address, "--num-cpus", str(cpus), **environment)

    def kill(self, number: int) -> None:
        """All processes of a node at once, as when a machine goes off."""
        self._signal(number, signal.SIGKILL)

    def pause(self, number: int) -> None:
        self._signal(number, signal.SIGSTOP)

    def go_on(self, number: int) -> None:
        self._signal(number, signal.SIGCONT)

    def processes(self, number: int, title: str = "") -> list[psutil.Process]:
        """Of a node, those whose command line has `title` in it."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get(MARK) == self._mark(number):
                    for one in (process, *process.children(recursive=True)):
                        if title in " ".join(one.cmdline()):
                            found[one.pid] = one
        return list(found.values())

    def stop(self) -> None:
        """End everything that was started here, and nothing else."""
        for number in range(HEAD, HEAD + 8):
            self.kill(number)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, number: int, *options: str, **environment: str) -> None:
        done = subprocess.run(
            [
                *(RAY, "start", "--node-ip-address", f"127.0.0.{number}", *options),
                *("--num-gpus", "0", "--object-store-memory", "80000000", "--disable-usage-stats"),
                *("--include-log-monitor", "false", "--min-worker-port", "0", "--max-worker-port", "0"),
            ],
            env={
                **os.environ,
                **TOKEN,
                "PYTHONPATH": str(ROOT),
                MARK: self._mark(number),
                **environment,
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _mark(self, number: int) -> str:
        return f"{self._name}/{number}"

    def _signal(self, number: int, what: signal.Signals) -> None:
        for process in self.processes(number):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(what)
