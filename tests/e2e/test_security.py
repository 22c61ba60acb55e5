"""What keeps a hostile picture from costing more than itself: see Security in bot/README.md."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pytest_asyncio
from PIL import Image

from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from tests.e2e.conftest import BotProcess, picture, result
from tests.kit.people import Actor

SECRET = "a-secret-that-only-telegram-and-the-bot-know"  # noqa: S105
CONTENT, STYLE = picture((128, 128, 128)), picture((0, 128, 128))
PEOPLE = 6


@pytest_asyncio.fixture(loop_scope="session")
async def process(settings: Settings) -> AsyncIterator[BotProcess]:
    process = BotProcess(settings, STYLEGRAM_WEBHOOK_SECRET=SECRET)
    await process.start()
    yield process
    process.terminate()
    await process.ended()


def large() -> bytes:
    """As large a file as bots may download, nearly: noise does not compress."""
    noise = np.random.default_rng(20).integers(0, 256, (2500, 2600, 3), np.uint8)
    data = BytesIO()
    Image.fromarray(noise).save(data, "PNG", compress_level=0)
    return data.getvalue()


def peak(pid: int) -> float:
    """The most memory that a process has had so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


async def test_pictures_are_opened_by_processes_that_know_no_secrets(
    api: Emulator, process: BotProcess
) -> None:
    ann = Actor.join(api.world, "Ann")
    await ann.send_photo(CONTENT)
    await ann.expect(text="style", timeout=60)
    await ann.send_photo(STYLE)
    await ann.expect(photo=True, text="How strong")  # both side by side

    others = psutil.Process(process.pid).children(recursive=True)
    assert len(others) >= 2  # a decoder and a worker
    for one in others:
        variables = one.environ()
        assert "PATH" in variables
        assert not [name for name, value in variables.items() if api.token in value or value == SECRET]
    assert api.token not in process.log.read_text()
    assert SECRET not in process.log.read_text()
    for one in (psutil.Process(process.pid), *others):
        assert one.rlimit(psutil.RLIMIT_CORE) == (0, 0)  # a core dump would hold pictures, or the token


async def test_large_files_from_many_at_once_do_not_fill_the_bots_memory(
    api: Emulator, process: BotProcess
) -> None:
    file = large()
    people = [Actor.join(api.world, f"Person {number}") for number in range(PEOPLE)]

    async def ask(person: Actor) -> None:
        await person.send_document(file, "large.png")
        await person.expect(text="style", timeout=60)
        await person.send_document(file, "large.png")
        await person.expect(text="How strong")
        await person.tap("Light", wait=False)
        await result(person, timeout=200)

    await asyncio.gather(*map(ask, people))
    assert peak(process.pid) < 500
