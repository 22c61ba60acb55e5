"""READMEs against the code: every file, link, setting and command that they name is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.chat import admin, groups, private
from bot.chat.games import handlers as games
from bot.cli.program import app
from bot.settings import Settings, variable

ROOT = Path(__file__).parents[1]
READMES = {
    name: re.sub(r"<!--.*?-->", "", (ROOT / name).read_text(), flags=re.DOTALL)
    for name in (
        "README.md",
        "bot/README.md",
        "core/README.md",
        "core/executor/README.md",
        "storage/README.md",
    )
    if (ROOT / name).exists()
}
PATHS = {"/healthz", "/readyz", "/metrics", "/data", "/tmp", "/newbot", "/setinline"}  # noqa: S108  (which are no commands of the bot)
COMMANDS = typer.main.get_command(app)

each = pytest.mark.parametrize("name", READMES)


def code(text: str) -> Iterator[str]:
    """Lines of blocks, continued ones as one, and what stands in backticks."""
    for block in re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(
        r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.M)
    )


def test_readme_can_be_read_in_one_sitting() -> None:
    assert len(READMES["README.md"].splitlines()) <= 170


def test_readme_says_in_one_line_how_to_begin() -> None:
    commands = [line for line in code(READMES["README.md"]) if "pip install" in line]
    assert commands[0].endswith("&& .venv/bin/stylegram demo")


def test_ci_runs_the_line_that_readme_gives_for_the_tests() -> None:
    commands = [line for line in code(READMES["README.md"]) if "pytest" in line]
    assert len(commands) == 1
    assert commands[0] in (ROOT / ".ci/run").read_text().splitlines()


@each
def test_every_file_that_is_named_is_there(name: str) -> None:
    named = re.findall(r"`((?:bot|core|storage|tests)/[\w./-]*)`", READMES[name])
    named += re.findall(r"(?<!\w)((?:bot|core|storage|tests)/[\w/-]+\.\w+)", READMES[name])
    assert [path for path in named if not (ROOT / path).exists()] == []


@each
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", READMES[name])
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


@each
def test_every_setting_that_is_named_exists(name: str) -> None:
    known = {variable(field) for field in Settings.model_fields} | {"STYLEGRAM_WEIGHTS_URL"}
    assert set(re.findall(r"\bSTYLEGRAM_[A-Z_]+\b", READMES[name])) <= known


def test_every_setting_is_listed_with_its_default_and_meaning() -> None:
    rows = []
    for name, field in Settings.model_fields.items():
        empty = field.is_required() or field.default in (None, frozenset())
        default = "" if empty else f"`{field.default}`"
        rows.append(f"| `{variable(name)}` | {default} | {field.description} |")
    assert [row for row in rows if row not in READMES["bot/README.md"].splitlines()] == []


@each
def test_every_command_line_that_is_given_can_be_typed(name: str) -> None:
    for line in code(READMES[name]):
        called = re.search(r"(?:^|[ /])stylegram ((?:[a-z-]+ ?)[^&|;]*)$", line.split("&& ")[-1].strip())
        if called and "docker" not in line:
            words = shlex.split(called[1])
            command: Any = COMMANDS
            while words and (commands := getattr(command, "commands", None)):
                assert words[0] in commands, line
                command = commands[words.pop(0)]
            options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            assert [word for word in words if word.startswith("--") and word not in options] == [], line


@each
def test_every_command_of_the_chat_that_is_named_exists(name: str) -> None:
    known = {"start", *private.COMMANDS, *groups.COMMANDS, *games.COMMANDS, *admin.COMMANDS}
    named = {word for word in code(READMES[name]) if re.fullmatch(r"/[a-z]+", word)}
    assert {f"/{command}" for command in known} | PATHS >= named


def test_readme_names_every_command_of_the_chat() -> None:
    known = {"start", *private.COMMANDS, *groups.COMMANDS, *games.COMMANDS, *admin.COMMANDS}
    assert {f"/{command}" for command in known} <= set(code(READMES["README.md"]))
