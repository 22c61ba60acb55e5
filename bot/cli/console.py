"""Share what commands do alike: groups and their help, the database beside a running bot, tables, errors."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from typer.core import TyperGroup

from bot.cli.streams import printable
from bot.settings import DataSettings, SettingsError
from storage import Database, DatabaseError

T = TypeVar("T")


def command_group(about: str | None = None, *, cls: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """Make a group of commands. By itself it prints its help, and nothing after it."""
    return typer.Typer(
        cls=cls,
        callback=print_help_if_bare,
        invoke_without_command=True,
        help=about,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # which would take "[default: …]" for markup
    )


def print_help_if_bare(context: typer.Context) -> None:
    """Print a group's help where no command was named: its callback."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def on_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Return what `work` returns; where the database cannot be had, the command ends with one line."""

    async def open_and_work(settings: DataSettings) -> T:
        check_database(settings)
        database = await Database.open(settings.database, shared=True)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(open_and_work(DataSettings.load()))
    except (SettingsError, DatabaseError) as error:
        end(error, 1)


def check_database(settings: DataSettings) -> None:
    """End the command with a line that says where it looked, where there is no database."""
    try:
        found = settings.database.exists()
    except OSError as error:  # a folder that may not be looked into, a name too long
        end(f"Cannot look for a database at {settings.database.absolute()}: {error.strerror}.", 1)
    if not found:
        end(
            f"There is no database at {settings.database.absolute()}: "
            "set STYLEGRAM_DATA to the folder that the bot keeps its data in.",
            1,
        )


def end(problem: object, code: int) -> NoReturn:
    """Print one line on stderr, and end with that exit status."""
    complain(problem)
    raise typer.Exit(code) from None


def complain(problem: object) -> None:
    """Print one line on stderr."""
    print(f"stylegram: {printable(problem)}", file=sys.stderr)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], none: str) -> None:
    """Print a table; without rows, say so instead."""
    if not rows:
        print(none, file=sys.stderr)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(as_it_is, row))
    _console().print(table)


def print_fields(values: dict[str, object]) -> None:
    """Print fields, one a line."""
    table = Table("", Column(overflow="fold"), box=None, pad_edge=False, show_header=False)
    for name, value in values.items():
        table.add_row(name, as_it_is("" if value is None else value))
    _console().print(table)


def as_it_is(text: object) -> Text:
    """Show text in a table as one line, brackets included, which Rich would take for markup."""
    return Text(printable(text))


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def moment(seconds: float | None) -> str:
    """Word a time, in this machine's time zone; nothing for never."""
    return "" if seconds is None else datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _console() -> Console:
    """As wide as the terminal; wide enough for whoever reads from a pipe."""
    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)
