"""Type commands."""

import os
import subprocess
import sys

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]


def stylegram(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command from start to end, with no settings but those given."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("STYLEGRAM", "TELEGRAM"))
    }
    return subprocess.run(
        [*COMMAND, *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
