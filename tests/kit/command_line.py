"""Type commands, and say with what environment they run."""

import os
import subprocess
import sys

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's, with no settings but those given."""
    ours = ("STYLEGRAM_", "TELEGRAM_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | variables


def stylegram(
    *arguments: str, before: str = "", after: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """A command from start to end, with no settings but those given.

    Args:
        arguments: the command and its own arguments.
        before: what a shell does first, such as `ulimit -f 1;`.
        after: what it is typed with, such as `>&-` or `| head -1`.
        environment: variables.
    """
    command = [*COMMAND, *arguments]
    if before or after:
        command = ["bash", "-c", f'set -o pipefail; {before} "$@" {after}', "bash", *command]
    return subprocess.run(
        command, env=clean_environment(**environment), capture_output=True, text=True, timeout=60, check=False
    )
