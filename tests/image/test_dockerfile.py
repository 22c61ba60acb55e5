"""What the Dockerfile says, done step by step, and the bot in what comes of it. See `docker.py` for how."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.demo.people.users import SimulatedUser
from bot.demo.telegram.emulator import Emulator
from storage import Database, Jobs, State
from tests.e2e.conftest import ask, picture
from tests.kit import docker
from tests.kit.docker import Build, Image, let_through

ROOT = Path(__file__).parents[2]
NOBODY_THERE = "http://127.0.0.1:9/"  # so that no test waits for 80 MB, or for a network that is silent
USER = 10001

pytestmark = [
    pytest.mark.skipif(not docker.available(), reason="needs root and namespaces"),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image, of variant cpu."""
    folder = tmp_path_factory.mktemp("image")
    folder.chmod(0o755)
    yield Build(ROOT, folder, {"STYLEGRAM_WEIGHTS_URL": NOBODY_THERE}).image
    shutil.rmtree(folder)


class Container:
    """`docker run --read-only --tmpfs /tmp -v DATA:/data`, with options from the environment."""

    def __init__(self, image: Image, data: Path, environment: dict[str, str]) -> None:
        self._image = image
        self._mounts = [(data, volume) for volume in image.volumes]
        self._environment = environment
        self._log = data / "log"
        with self._log.open("wb") as log:
            self._running = self._start([*image.entrypoint, *image.command], stdout=log, stderr=log)

    def health(self) -> "subprocess.CompletedProcess[str]":
        """What Docker runs every now and then."""
        return output_of(self._start(self._image.health, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))

    def stop(self) -> int:
        """`docker stop`; raises TimeoutExpired where it would kill."""
        docker.process_1(self._running).send_signal(signal.Signals[self._image.stop_signal])
        return self._running.wait(10)

    def kill(self) -> None:
        self._running.kill()
        self._running.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def owners(self) -> set[int]:
        """Whose the processes are."""
        first = docker.process_1(self._running)
        return {uid for process in (first, *first.children(recursive=True)) for uid in process.uids()}

    def _start(self, command: list[str], **options: object) -> "subprocess.Popen[bytes]":
        environment = self._image.environment | self._environment
        return docker.start(
            self._image,
            command,
            environment,
            self._mounts,
            user=self._image.user,
            read_only=True,
            **options,
        )


def output_of(process: "subprocess.Popen[bytes]") -> "subprocess.CompletedProcess[str]":
    output, _ = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output.decode())


def run(image: Image, *command: str, read_only: bool = True) -> "subprocess.CompletedProcess[str]":
    """`docker run --rm --entrypoint`, for a moment."""
    return output_of(
        docker.start(
            image,
            command,
            image.environment,
            user=image.user,
            read_only=read_only,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    )


@pytest_asyncio.fixture
async def api() -> AsyncIterator[Emulator]:
    async with Emulator() as api:
        yield api


@pytest.fixture
def volume(image: Image, tmp_path: Path) -> Path:
    """As Docker makes one: owned by whom the image says."""
    there, here = image.path("/data").stat(), tmp_path / "volume"
    here.mkdir()
    os.chown(here, there.st_uid, there.st_gid)
    return here


@pytest.fixture
def container(image: Image, api: Emulator, volume: Path) -> Iterator[Container]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    container = Container(
        image,
        volume,
        {
            "TELEGRAM_BOT_TOKEN": api.token,
            "STYLEGRAM_API_URL": api.url,
            "STYLEGRAM_LISTEN": f"0.0.0.0:{port}",
            "STYLEGRAM_SIZE": "128",
            "STYLEGRAM_WEIGHTS": "packaged",
        },
    )
    yield container
    container.kill()


async def test_it_answers_is_healthy_and_puts_its_work_back_when_docker_stops_it(
    api: Emulator, volume: Path, container: Container
) -> None:
    ann = SimulatedUser.join(api.world, "Ann")
    await ann.send_text("/start")
    await ann.expect(text="photo", timeout=120)

    async with asyncio.timeout(180):
        while (check := await asyncio.to_thread(container.health)).returncode:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    assert check.stdout.startswith("healthy")
    assert container.owners() == {USER}

    await ask(ann, picture((128, 128, 128)), picture((0, 128, 128)), "Classic")
    await ann.expect(photo=True, text="Painting", buttons=["Cancel"], timeout=120)
    assert await asyncio.to_thread(container.stop) == 0, container.log
    database = await Database.open(volume / "stylegram.db")
    [job] = await Jobs(database).of_user(ann.id)
    await database.close()
    assert job.state is State.QUEUED
    assert "Error" not in container.log

    unhealthy = await asyncio.to_thread(container.health)
    assert unhealthy.returncode == 1
    assert unhealthy.stdout.count("\n") == 1


@pytest.mark.parametrize("read_only", [True, False])
def test_nothing_can_be_written_but_data_and_tmp(image: Image, read_only: bool) -> None:
    others = "-path /data -o -path /tmp -o -path /var/tmp -o -path /dev -o -path /proc -o -path /sys"
    finding = f"find / -xdev \\( {others} \\) -prune -o -writable -not -type l -print 2>/dev/null"
    assert run(image, "sh", "-c", finding, read_only=read_only).stdout == ""
    assert run(image, "touch", "/data/file", "/tmp/file", read_only=False).returncode == 0  # noqa: S108


def test_all_that_it_needs_is_there(image: Image) -> None:
    doctor = run(image, *image.entrypoint, "doctor")
    assert doctor.returncode == 0, doctor.stdout


def test_what_is_installed_fits_together(image: Image) -> None:
    assert run(image, "pip", "check").stdout.strip() == "No broken requirements found."


def test_another_variant_than_cpu_and_gpu_ends_the_build(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError, match="cpu or gpu"):
        Build(ROOT, tmp_path, {"VARIANT": "tpu"})


def test_the_context_has_what_the_build_needs_and_nothing_else() -> None:
    sent = {str(path) for path in let_through(ROOT)}
    assert {path.split("/")[0] for path in sent} == {
        *("bot", "core", "storage"),
        *("LICENSE", "README.md", "constraints.txt", "pyproject.toml"),
    }
    assert {"bot/wording/locales/ru/LC_MESSAGES/stylegram.mo", "core/weights/vgg16.npz"} <= sent
    assert "storage/migrations/0001_initial.sql" in sent
    assert not [path for path in sent if "__pycache__" in path]
