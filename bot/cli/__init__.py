"""The command line: `stylegram COMMAND`, one module for each command or group of commands.

What only a terminal needs belongs here; nothing else in the house imports from this room.
"""

from bot.cli.program import main

__all__ = ["main"]
