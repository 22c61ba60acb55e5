"""A studio between a real database and the emulator, with an easel in place of the executor."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from telegram.ext import ExtBot

from bot.demo.telegram import photo_sizes
from bot.demo.telegram.emulator import Emulator
from bot.gallery.collection import Gallery, paintings_of_the_bot
from bot.gallery.painting import digest_of
from bot.gateway.connection import Connection
from bot.gateway.request_limiter import RetryingLimiter
from bot.ops.metrics import Metrics
from bot.ops.side_tasks import SideTasks
from bot.settings import Settings
from bot.studio.delivery import Delivery
from bot.studio.studio import Studio
from core.decoding.decoder import Decoder
from storage import Database, Jobs, NewJob, PictureRef
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture

OpenStudio = Callable[..., AbstractAsyncContextManager[Studio]]
Order = Callable[..., Awaitable[NewJob]]


@pytest.fixture(scope="session", autouse=True)
def one_decoder() -> Iterator[None]:
    """One process opens the pictures of all bots: to start it takes longer than most tests.

    So it does to make the sizes of the gallery's sheet, which Telegram is sent in many of them.
    """
    decoder = Decoder()
    with pytest.MonkeyPatch.context() as patch:
        made_once = lru_cache(maxsize=32)(photo_sizes.photo_sizes)
        patch.setattr("bot.demo.telegram.photo_sizes.photo_sizes", made_once)
        patch.setattr("bot.app.Decoder", lambda: LentDecoder(decoder))
        yield
    decoder.close()


class LentDecoder:
    """Does not end with the bot that it is lent to. The same sheet it makes once, as that takes long."""

    _sheets: ClassVar[dict[str, bytes]] = {}

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self.side_by_side = decoder.side_by_side
        self.open_picture = decoder.open_picture
        self.start = decoder.start

    async def look(self, data: bytes) -> None:
        await self._decoder.look(data)

    async def sheet(self, files: Sequence[bytes], labels: Sequence[str], *, columns: int) -> bytes:
        key = digest_of(*files, *(label.encode() for label in labels), bytes([columns]))
        if key not in self._sheets:
            self._sheets[key] = await self._decoder.sheet(files, labels, columns=columns)
        return self._sheets[key]

    async def sticker(self, data: bytes) -> bytes:
        return await self._decoder.sticker(data)

    async def animation(self, files: Sequence[bytes], labels: Sequence[str] = ()) -> bytes:
        return await self._decoder.animation(files, labels)

    def close(self) -> None:
        pass


@pytest.fixture
async def api() -> AsyncIterator[Emulator]:
    async with Emulator() as api:
        yield api


@pytest.fixture
def settings(api: Emulator, tmp_path: Path) -> Settings:
    """Edits follow each other at once, so that tests need not wait for them."""
    return Settings(
        token=api.token, api_url=api.url, data=tmp_path, edit_interval_private=0, edit_interval_group=0
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(settings.database)
    yield database
    await database.close()


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
async def bot(api: Emulator) -> AsyncIterator[ExtBot[Any]]:
    bot: ExtBot[Any] = ExtBot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        rate_limiter=RetryingLimiter(),
        request=Connection(lambda _method, _kind: None),
    )
    async with bot:
        yield bot


@pytest.fixture
def open_studio(bot: ExtBot[Any], database: Database, settings: Settings, easel: Easel) -> OpenStudio:
    """Runs a studio for as long as the block lasts; another after it is a restart."""

    @asynccontextmanager
    async def open_studio(grace: float = 2, **changed: Any) -> AsyncIterator[Studio]:
        changed_settings = settings.model_copy(update=changed)
        delivery = Delivery(bot, database, changed_settings, Gallery(paintings_of_the_bot()))
        studio = Studio(database, easel, delivery, changed_settings, Metrics(easel))
        side_tasks = SideTasks()
        await studio.start(side_tasks)
        try:
            yield studio
        finally:
            await studio.stop(grace)
            await side_tasks.stop()

    return open_studio


@pytest.fixture
async def studio(open_studio: OpenStudio) -> AsyncIterator[Studio]:
    async with open_studio() as studio:
        yield studio


@pytest.fixture
async def ann(api: Emulator) -> Actor:
    return await _someone(api, "Ann")


@pytest.fixture
async def ben(api: Emulator) -> Actor:
    return await _someone(api, "Ben")


@pytest.fixture
def order() -> Order:
    """A request of `user`, for photos in these colours."""
    numbers = count(1)

    async def order(user: Actor, photo: str = "red", style: str = "blue", **fields: Any) -> NewJob:
        requested: dict[str, Any] = {
            "request_key": f"request {next(numbers)}",
            "user_id": user.id,
            "chat_id": user.id,
            "strength": "balanced",
            "content": PictureRef(await upload(user, photo)),
            "styles": (PictureRef(await upload(user, style)),),
        }
        return NewJob(**(requested | fields))

    return order


async def upload(user: Actor, colour: str) -> str:
    message = await user.send_photo(picture(colour))
    return str(message.json["photo"][-1]["file_id"])


async def _someone(api: Emulator, name: str) -> Actor:
    """Who has written to the bot, so that it may write back."""
    user = Actor.join(api.world, name)
    await user.send_text("/start")
    return user
