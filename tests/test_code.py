"""The code as such: style, types, who may import whom, and that README's commands are what CI runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "import contracts": ["lint-imports"],
    "hadolint": ["hadolint", "Dockerfile"],
}


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_tools_have_nothing_to_say(tool: list[str]) -> None:
    program = Path(sys.executable).with_name(tool[0])  # beside the interpreter, whether or not on the path
    done = subprocess.run([program, *tool[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_starts_without_what_is_slow_to_import() -> None:
    program = "import sys, bot, bot.cli; print({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def readme_commands() -> list[str]:
    blocks = re.findall(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines()]


def test_readme_says_in_one_line_how_to_begin() -> None:
    commands = [line for line in readme_commands() if "pip install" in line]
    assert commands[0].endswith("&& .venv/bin/stylegram demo")


def test_ci_runs_the_line_that_readme_gives_for_the_tests() -> None:
    commands = [line for line in readme_commands() if "pytest" in line]
    assert len(commands) == 1
    assert commands[0] in (ROOT / ".ci/run").read_text().splitlines()


def test_readme_names_no_file_that_is_not_there() -> None:
    named = re.findall(r"`((?:bot|core|storage|tests)/[\w./-]*)`", (ROOT / "README.md").read_text())
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
