"""The code as such: style, types, and who may import whom."""

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
    program = "import sys, bot.cli.program; print({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
