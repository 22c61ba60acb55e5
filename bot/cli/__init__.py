"""The command line: `stylegram COMMAND`, one module for each command or group of commands.

What only a terminal needs belongs here; nothing else in the house imports from this room.
"""

import os
import signal
import sys
from typing import NoReturn

INTERRUPTED = 130  # the exit status of what Ctrl-C ended, as shells count it


def main() -> NoReturn:
    """Run the command line. Ctrl-C ends it in silence from here on, while its modules load too."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        if handler is signal.default_int_handler:  # else whoever started it wants no Ctrl-C to reach it
            # A KeyboardInterrupt might be swallowed, or printed, by whatever is being imported.
            signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
        from bot.cli.program import run_command

        signal.signal(signal.SIGINT, handler)
        status = run_command()
    except KeyboardInterrupt:
        status = INTERRUPTED
    sys.exit(status)


__all__ = ["main"]
