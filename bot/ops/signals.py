"""End the program when a signal says so."""

import asyncio
import signal

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def cancel_on_signals() -> None:
    """Let a signal cancel this task, which ends in order what has been started; a second one kills."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
        if task:
            task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, end)
