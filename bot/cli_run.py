"""`stylegram run` and `stylegram backup`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.errors import CannotRun
from bot.settings import DataSettings, Settings, SettingsError
from storage import Database, DatabaseError


def run() -> None:
    """Run the bot. Its options come from the environment; TELEGRAM_BOT_TOKEN is the one it needs."""
    from bot import app

    try:
        app.run(Settings.load())
    except (SettingsError, CannotRun) as error:
        _end(error, 2)
    except DatabaseError as error:
        _end(error, 1)


def backup(file: Annotated[Path, typer.Argument(help="Where to write the copy; must not exist.")]) -> None:
    """Copy the database, while the bot runs or not."""
    try:
        asyncio.run(_backup(DataSettings.load().database, file))
    except (SettingsError, DatabaseError, FileExistsError) as error:
        _end(error, 1)


async def _backup(source: Path, target: Path) -> None:
    database = await Database.open(source, shared=True)
    try:
        await database.backup(target)
    finally:
        await database.close()


def _end(error: Exception, code: int) -> NoReturn:
    print(f"stylegram: {error}", file=sys.stderr)
    raise typer.Exit(code) from None
