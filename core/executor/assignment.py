"""Hand a task from whoever asks to whoever paints, and its events back: what all executors do alike."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextvars import copy_context
from typing import TYPE_CHECKING

from core.executor.protocol import Done, Event, ExecutorError, PaintTask, WorkerLost

if TYPE_CHECKING:
    from core.decoding.refusal import PictureError


class Assignment:
    """A task on its way: from the line into a worker, and its events back."""

    def __init__(self, task: PaintTask) -> None:
        self.task = task
        self.answers: asyncio.Queue[Event | PictureError | ExecutorError] = asyncio.Queue()
        self.cancelled = False
        self.context = copy_context()  # what lines of the log are about, meanwhile
        self.on_cancel: Callable[[], None] | None = None  # set while a worker is at it

    async def next_event(self) -> Event:
        """Wait for the next of its events. Raises the error that it ends with instead of `Done`."""
        answer = await self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def cancel(self) -> None:
        """Note that nobody wants the events any more."""
        self.cancelled = True
        if self.on_cancel is not None:
            self.on_cancel()


class AssigningExecutor(ABC):
    """Line tasks up for workers, and pass their events back."""

    _closed = False

    async def paint(self, task: PaintTask) -> AsyncIterator[Event]:
        """Paint: yields Progress for each step, and Done. Closing the iterator cancels within one step.

        Tasks wait for a free worker, first come, first served; their deadline counts from when they get one.
        Closing returns at once; the worker is given the next task when it has stopped.

        Raises PictureError, WorkerLost or PaintFailed.
        """
        if self._closed:
            raise WorkerLost("The executor has been closed.")
        assignment = Assignment(task)
        self._line_up(assignment)
        try:
            while True:
                event = await assignment.next_event()
                yield event
                if isinstance(event, Done):
                    return
        finally:
            assignment.cancel()
            self._strike_off(assignment)

    @abstractmethod
    def _line_up(self, assignment: Assignment) -> None:
        """Put it at the end of the line, and hand over what can be."""

    @abstractmethod
    def _strike_off(self, assignment: Assignment) -> None:
        """Forget it: it is over, be it done, failed or cancelled."""
