"""All commands together, and how whatever ends one is told.

What a command needs beyond its own module is imported when it runs, so that none waits for what it does
not need.
"""

import logging
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.cli.console import command_group, complain, print_help_if_bare
from bot.cli.demo import demo
from bot.cli.doctor import doctor, fetch_weights
from bot.cli.health import health
from bot.cli.jobs import jobs
from bot.cli.paint import paint
from bot.cli.run import backup, restore, run
from bot.cli.streams import OutputFailed, careful
from bot.cli.users import users

COMMANDS: dict[str, Callable[..., None] | typer.Typer] = {  # in the order in which people need them
    "paint": paint,
    "demo": demo,
    "run": run,
    "doctor": doctor,
    "fetch-weights": fetch_weights,
    "jobs": jobs,
    "users": users,
    "backup": backup,
    "restore": restore,
    "health": health,
}


class OrderedGroup(TyperGroup):
    """List the commands as COMMANDS does, where Typer lists all groups after all commands."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands' names in their order."""
        return sorted(super().list_commands(ctx), key=list(COMMANDS).index)


app = command_group("Repaint one photo in the style of another.", cls=OrderedGroup)
for name, command in COMMANDS.items():
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"stylegram {version('stylegram')}")
        raise typer.Exit


@app.callback()
def stylegram(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Repaint one photo in the style of another."""
    print_help_if_bare(context)


def run_command() -> int:
    """Run the command that was typed, and return its exit status.

    Whatever is the user's mistake is one line on stderr and exit status 2.
    """
    logging.captureWarnings(True)  # a library's warning, of a photo's odd EXIF say, is no news to the user
    with careful():
        try:
            status = int(app(standalone_mode=False) or 0)
            sys.stdout.flush()
        except OutputFailed as error:
            if str(error):
                complain(error)
            return 1
        except Exception as error:
            # Typer's own usage errors share no public class, but all know how to say what is wrong.
            explain = getattr(error, "format_message", None)
            if explain is None:
                raise
            complain(explain())
            return 2
        return status
