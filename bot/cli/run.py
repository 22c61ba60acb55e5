"""`stylegram run`, `stylegram backup` and `stylegram restore`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import end
from bot.cli.streams import printable
from bot.ops.errors import CannotRun
from bot.settings import DataSettings, Settings, SettingsError
from core.processes import keep_memory_private
from storage import DatabaseError, back_up
from storage import restore as put_back


def run() -> None:
    """Run the bot. Its options come from the environment; TELEGRAM_BOT_TOKEN is the one it needs."""
    from bot import app

    keep_memory_private()
    try:
        app.run(Settings.load())
    except (SettingsError, CannotRun) as error:
        end(error, 2)
    except DatabaseError as error:
        end(error, 1)


def backup(file: Annotated[Path, typer.Argument(help="Where to write the copy; must not exist.")]) -> None:
    """Copy the database, while the bot runs or not."""
    try:
        back_up(DataSettings.load().database, file)
    except (SettingsError, DatabaseError, FileExistsError) as error:
        end(error, 1)
    except OSError as error:  # a folder that may not be looked into, a name too long
        end(f"Cannot copy to {file}: {error.strerror}.", 1)


def restore(file: Annotated[Path, typer.Argument(help="What `stylegram backup` has written.")]) -> None:
    """Put a backup in the database's place. That is kept under another name; the bot must not run."""
    try:
        settings = DataSettings.load()
        aside = put_back(file, settings.database)
    except (SettingsError, DatabaseError) as error:
        end(error, 1)
    except OSError as error:
        end(f"Cannot put {file} back: {error.strerror}.", 1)
    print(f"Restored {printable(file)} to {printable(settings.database)}.")
    if aside:
        print(f"What was there before is kept as {printable(aside)}.")
