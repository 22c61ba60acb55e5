"""What all commands have in common, as typed."""

import os
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.kit.command_line import stylegram


def test_the_version() -> None:
    ended = stylegram("--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"stylegram {version('stylegram')}\n", "")


@pytest.mark.parametrize("group", [(), ("jobs",), ("users",)])
def test_a_group_by_itself_prints_its_help_and_nothing_after_it(group: tuple[str, ...]) -> None:
    ended = stylegram(*group)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, stylegram(*group, "--help").stdout, "")
    assert ended.stdout.startswith("Usage: ")


@pytest.mark.parametrize("command", ["demo", "paint", "run", "doctor", "jobs list", "users ban"])
def test_help_shows_defaults_and_no_types_of_flags(command: str) -> None:
    shown = stylegram(*command.split(), "--help").stdout
    assert "--help " in shown
    assert "<bool>" not in shown


def test_the_name_a_painting_gets_by_default_is_told() -> None:
    assert "[default: CONTENT-STYLE.jpg]" in " ".join(stylegram("paint", "--help").stdout.split())


@pytest.mark.parametrize("command", ["jobs list", "users list", "backup copy.db"])
def test_where_there_is_no_database_it_says_where_it_looked(tmp_path: Path, command: str) -> None:
    ended = stylegram(*command.split(), STYLEGRAM_DATA=str(tmp_path / "nowhere"))
    assert ended.returncode == 1
    assert re.fullmatch(
        r"stylegram: There is no database at \S+/nowhere/stylegram\.db: set STYLEGRAM_DATA .*\n", ended.stderr
    )


@pytest.mark.parametrize("command", ["jobs list", "backup copy.db", "restore copy.db", "run"])
@pytest.mark.parametrize("data", ["a" * 300, "folders", "locked"])
def test_a_database_that_cannot_be_looked_at_is_one_line(tmp_path: Path, command: str, data: str) -> None:
    (tmp_path / "folders" / "stylegram.db").mkdir(parents=True)
    (tmp_path / "locked").mkdir(mode=0)
    without_rights = "setpriv --bounding-set=-all --inh-caps=-all" if os.geteuid() == 0 else ""
    options = {"STYLEGRAM_DATA": str(tmp_path / data), "TELEGRAM_BOT_TOKEN": "1:a"}
    ended = stylegram(*command.split(), before=without_rights, **options)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1), ended.stderr
    assert ended.stderr.startswith("stylegram: ")


def test_commands_are_listed_in_the_order_in_which_people_need_them() -> None:
    shown = stylegram("--help").stdout
    commands = re.findall(r"^  ([a-z-]+)", shown.partition("Commands:")[2], re.MULTILINE)
    assert commands[:4] == ["paint", "demo", "run", "doctor"]
    assert commands[-5:] == ["jobs", "users", "backup", "restore", "health"]


def test_a_command_that_there_is_not_is_one_line() -> None:
    ended = stylegram("nonsense")
    assert (ended.returncode, ended.stderr) == (2, "stylegram: No such command 'nonsense'.\n")
