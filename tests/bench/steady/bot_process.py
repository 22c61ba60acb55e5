"""`stylegram` with a stand-in painter: `python -m tests.bench.steady.bot_process run`.

Everything but the painter is as it is in the product. STEADY_PAINTING says how many seconds one takes.
"""

import os

from bot import app
from bot.cli import main
from bot.settings import Settings
from core.executor.local.executor import LocalExecutor


def _stand_in(settings: Settings) -> LocalExecutor:  # noqa: ARG001
    seconds = os.environ.get("STEADY_PAINTING", "0.3")
    return LocalExecutor(seconds, "cpu", painter="tests.bench.steady.painters:timed", warm_size=0)


if __name__ == "__main__":
    app._executor = _stand_in
    main()
