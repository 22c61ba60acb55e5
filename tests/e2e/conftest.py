"""The whole product, but for Telegram itself: the emulator over HTTP, a real database, real painting.

Tests here share one event loop and one worker, which takes its time to start. Where the bot or the
worker has to die, the bot is a process of its own.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from bot import app
from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from core.executor.local.executor import LocalExecutor
from core.executor.protocol import Event, PaintTask
from core.executor.ray.executor import ClusterExecutor
from tests.kit import pictures
from tests.kit.command_line import clean_environment
from tests.kit.easel import colour_of
from tests.kit.people import Actor
from tests.kit.pictures import Colour
from tests.kit.ray_cluster import Cluster
from tests.kit.waiting import eventually

ROOT = Path(__file__).parents[2]
SIZE = 64  # px, the least that can be set: here it matters that pictures arrive, not how they look
RESULT = ["colours", "Another style"]  # buttons that only results have

RunBot = Callable[..., AbstractAsyncContextManager[None]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that paint in this process do it with the executor of one machine, and some on a cluster too."""
    if "worker" in metafunc.fixturenames:
        too = ["cluster"] if metafunc.definition.get_closest_marker("on_a_cluster_too") else []
        metafunc.parametrize("worker", ["local", *too], indirect=True, scope="module")


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def local_worker() -> AsyncIterator[LocalExecutor]:
    executor = LocalExecutor(weights="packaged", device="cpu", warm_size=SIZE)
    await executor.start()
    yield executor
    await executor.close()


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def worker_on_a_cluster(cluster: Cluster) -> AsyncIterator[ClusterExecutor]:
    """Closed with the module, since other tests of this session want the places of the same nodes."""
    executor = ClusterExecutor(cluster.address, weights="packaged", device="cpu", warm_size=SIZE)
    await executor.start()
    yield executor
    await executor.close()


@pytest.fixture(scope="module")
def worker(request: pytest.FixtureRequest) -> LocalExecutor | ClusterExecutor:
    name = "local_worker" if request.param == "local" else "worker_on_a_cluster"
    executor: LocalExecutor | ClusterExecutor = request.getfixturevalue(name)
    return executor


@pytest_asyncio.fixture(loop_scope="session")
async def api() -> AsyncIterator[Emulator]:
    async with Emulator() as api:
        yield api


@pytest.fixture
def settings(api: Emulator, tmp_path: Path) -> Settings:
    return Settings.load(
        token=api.token,
        api_url=api.url,
        data=tmp_path,
        size=SIZE,
        edit_interval_private=0.5,
        edit_interval_group=0.5,
    )


@pytest.fixture
def run_bot(settings: Settings, worker: LocalExecutor | ClusterExecutor) -> RunBot:
    """The bot, in this process, for as long as the block lasts; options may be changed by keyword."""

    @asynccontextmanager
    async def run_bot(**changed: Any) -> AsyncIterator[None]:
        async with app.running(settings.model_copy(update=changed), Lent(worker)):
            yield

    return run_bot


@pytest_asyncio.fixture(loop_scope="session")
async def process(settings: Settings) -> "AsyncIterator[BotProcess]":
    process = BotProcess(settings)
    yield process
    process.kill()
    await process.ended()


class Lent:
    """The worker, for one bot after another: it neither starts nor ends with them."""

    def __init__(self, worker: LocalExecutor | ClusterExecutor) -> None:
        self._worker = worker

    @property
    def slots(self) -> int:
        return self._worker.slots

    @property
    def ready(self) -> bool:
        return self._worker.ready

    @property
    def restarts(self) -> int:
        return self._worker.restarts

    @property
    def trouble(self) -> str | None:
        return self._worker.trouble

    @property
    def paints_with(self) -> str | None:
        return self._worker.paints_with

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def paint(self, task: PaintTask) -> AsyncIterator[Event]:
        return self._worker.paint(task)


class BotProcess:
    """`stylegram run`, which can be killed and started again."""

    def __init__(self, settings: Settings, **environment: str) -> None:
        self.options: dict[str, str] = {}  # of the next start, beside those of the settings
        self.log = settings.data / "bot.log"
        self._environment = clean_environment(
            TELEGRAM_BOT_TOKEN=settings.token.get_secret_value(),
            STYLEGRAM_API_URL=settings.api_url,
            STYLEGRAM_DATA=str(settings.data),
            STYLEGRAM_SIZE=str(settings.size),
            STYLEGRAM_WEIGHTS="packaged",
            STYLEGRAM_DEVICE="cpu",
            STYLEGRAM_EDIT_INTERVAL_PRIVATE=str(settings.edit_interval_private),
            STYLEGRAM_LOG_LEVEL="DEBUG",
        )
        self._environment |= environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", "from bot.cli import main; main()", "run"),
                env=self._environment | self.options,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    async def ended(self) -> int | None:
        """Its exit status, once it has ended; None if it was never started."""
        return await self._process.wait() if self._process else None

    async def restart(self, *, kindly: bool) -> None:
        if kindly:
            self.terminate()
        else:
            self.kill()
        await self.ended()
        await self.start()

    def _signal(self, number: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            self._process.send_signal(number)


def picture(colour: Colour, width: int = SIZE, height: int = 48) -> bytes:
    """A PNG, which comes through as it is."""
    return pictures.picture(colour, width, height, "PNG")


async def ask(user: Actor, content: bytes, style: bytes, strength: str = "Light") -> None:
    """Two photos and a tap, as people do it."""
    await user.send_photo(content)
    await user.expect(text="style")
    await user.send_photo(style)
    await user.expect(text="How strong", buttons=[strength])
    await user.tap(strength, wait=False)


async def result(user: Actor, timeout: float = 240) -> SeenMessage:  # noqa: ASYNC109
    return await user.expect(photo=True, buttons=RESULT, timeout=timeout)


async def takes_the_place_of(earlier: SeenMessage, shown: SeenMessage, api: Emulator) -> None:
    """A quick result is an edit; of one that took long the message before goes, a moment later."""
    messages = api.world.chats[shown.chat_id].messages
    await eventually(lambda: shown.id == earlier.id or earlier.id not in messages)


def is_result(message: SeenMessage) -> bool:
    """Whether it has the buttons of a result, those at first sight or those behind More."""
    return any(label in str(message.buttons) for label in ("Another style", "As a file"))


def results_in(user: Actor) -> list[SeenMessage]:
    """All the results in the user's private chat, as it looks now."""
    seen = [SeenMessage(message.to_json(), user.world.files) for message in user.private.messages.values()]
    return [message for message in seen if message.has_photo and is_result(message)]


def has_shape_of(message: SeenMessage, content: bytes) -> bool:
    """Pictures no larger than the bot paints keep their size."""
    return Image.open(BytesIO(message.photo_bytes())).size == Image.open(BytesIO(content)).size


def has_colour(message: SeenMessage, style: Colour) -> bool:
    """What is painted in the style of one colour takes it on, but for Classic."""
    painted = colour_of(message.photo_bytes())
    return max(abs(one - other) for one, other in zip(painted, style, strict=True)) <= 24
