"""Put the demo together: the emulator with two people and their group, the bot, and the page."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot import app
from bot.demo.page.web_page import WebPage
from bot.demo.people.users import SimulatedUser
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.persistence import StateFolder
from bot.ops.errors import CannotRun
from bot.settings import Settings, from_environment
from storage import Database, Jobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.executor.protocol import Executor


@dataclass(frozen=True)
class Stage:
    api: Emulator
    people: list[SimulatedUser]
    failed: Callable[[], Awaitable[None]]
    """Waits for ever, or raises what ends the bot."""


GROUP = "Weekend painters"
FROM_ENVIRONMENT = {"weights", "device", "executor", "log_format"}
"""The settings that say what the machine has. All others are the demo's own."""


@asynccontextmanager
async def stage(
    data: Path,
    *,
    size: int,
    host: str = "127.0.0.1",
    ports: "Iterable[int]" = (0,),
    executor: "Executor | None" = None,
    now: Callable[[], float] = time.time,
    set_up_logs: "Callable[[Settings], None]" = lambda _settings: None,
) -> AsyncIterator[Stage]:
    """Everything at work, for as long as the block lasts; only logs are left to the program around it.

    Games go by `now`, as in `app.running`; their polls close by the emulator's own clock.

    Raises `CannotRun`, `SettingsError` or `storage.DatabaseError`.
    """
    state = StateFolder(data / "telegram")
    async with AsyncExitStack() as stack:
        stack.enter_context(state.held())
        api = await asyncio.to_thread(_telegram, state, data, host, ports)
        page = WebPage(api.world, host)
        api.serve_too(page.app)
        await stack.enter_async_context(state.keeping(api))
        try:
            await stack.enter_async_context(api)
        except OSError as error:
            raise CannotRun(f"Cannot listen on {host}: {error.strerror}.") from error
        settings = demo_settings(api, data, size)
        set_up_logs(settings)
        side_tasks = await stack.enter_async_context(app.running(settings, executor, now))
        database = await Database.open(settings.database, shared=True)
        stack.push_async_callback(database.close)
        page.chat_api.find_content = Jobs(database).content_of
        yield Stage(
            api,
            [SimulatedUser.of(person, api.world) for person in api.world.people.values()],
            side_tasks.failed,
        )


def demo_settings(api: Emulator, data: Path, size: int) -> Settings:
    defaults = {
        name: field.get_default()
        for name, field in Settings.model_fields.items()
        if name not in FROM_ENVIRONMENT and not field.is_required()
    }
    own = {
        "token": api.token,
        "api_url": api.url,
        "data": data,
        "size": size,
        "edit_interval_private": 1.0,
        "edit_interval_group": 1.0,
        "log_level": from_environment("log_level") or "WARNING",
    }
    return Settings.load(**defaults | own)


def _telegram(state: StateFolder, data: Path, host: str, ports: "Iterable[int]") -> Emulator:
    """As it was kept, or else a new one."""
    if state.has_state:
        kept = state.read()
        api = Emulator(kept.token, inline_mode=True, folder=state.files, host=host, ports=ports)
        state.restore(kept, api.world)
        return api
    if (data / "stylegram.db").exists():
        raise CannotRun(f"{data} has the data of another bot: choose another folder.")
    api = Emulator(_new_token(), inline_mode=True, folder=state.files, host=host, ports=ports)
    api.world.add_group(GROUP, [api.world.add_person("Ann"), api.world.add_person("Ben")])
    return api


def _new_token() -> str:
    """Nobody's, and nobody's to guess: who has it can speak for the bot."""
    return f"{7_000_000_000 + secrets.randbelow(10**9)}:{secrets.token_urlsafe(32)}"
