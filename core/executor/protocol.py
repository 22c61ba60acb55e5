"""What the rest of the product knows of an executor: a task goes in, events come out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.recipe import Recipe
from core.step import Losses


@dataclass(frozen=True)
class PaintTask:
    """One painting to be done. The pictures are encoded, as they came; they are decoded by the worker."""

    content: bytes
    styles: tuple[bytes, ...]  # one to four
    recipe: Recipe
    deadline: float = 600.0  # seconds of painting after which the worker counts as hung


@dataclass(frozen=True)
class Progress:
    """A step has been made: number `step` of `total`, with which `share` of the whole cost is done, 0 to 1.

    `scale` is the longest side painted at, px. `preview` is a JPEG of the painting as it stands, at the
    result's size or a little below: the first step has one always, later ones every few seconds.
    """

    step: int
    total: int
    share: float
    scale: int
    losses: Losses | None  # None: not a step of the optimisation
    seconds: float  # of painting so far
    seconds_left: float
    preview: bytes | None = None


@dataclass(frozen=True)
class Done:
    """The painting is finished. `picture` is a JPEG for showing, `lossless` a PNG of the same pixels."""

    picture: bytes
    lossless: bytes
    width: int
    height: int
    seconds: float
    shrunk_from: int | None = None  # the longest side asked for, if memory did not suffice for it


Event: TypeAlias = Progress | Done


class ExecutorError(Exception):
    """A painting could not be done; the message is one sentence for an operator."""


class WorkerLost(ExecutorError):
    """The worker died, hung past the deadline or ran out of memory twice. Worth another try."""


class WorkerKilled(WorkerLost):
    """The painting was hardly the cause: somebody else killed the worker, or it could not begin to work."""


class PaintFailed(ExecutorError):
    """The painting itself went wrong (no weights, losses not finite). The same again would fail again."""


class Executor(Protocol):
    """Run paintings. `PictureError` comes through `paint` as raised, for pictures that won't decode."""

    @property
    def slots(self) -> int:
        """Return how many paintings run at once; it may change as devices come and go."""

    @property
    def ready(self) -> bool:
        """Say whether there is a warm worker. Tasks are accepted before, and wait."""

    @property
    def restarts(self) -> int:
        """Count the workers that have been replaced since `start`."""

    @property
    def trouble(self) -> str | None:
        """Return why no worker can be had, in one sentence for an operator; None while there is hope."""

    @property
    def paints_with(self) -> str | None:
        """Return network and device of a warm worker, and why no better ones; None before any is warm."""

    async def start(self) -> None:
        """Start the workers. Returns when tasks are accepted, not when the workers are warm."""

    async def close(self) -> None:
        """Stop all workers, whatever they are doing."""

    def paint(self, task: PaintTask) -> AsyncIterator[Event]:
        """Paint: yields Progress for each step, and Done. Closing the iterator cancels within one step.

        Where memory does not suffice the painting starts over once, smaller: with steps that count from 1
        again.

        Raises PictureError, WorkerLost or PaintFailed.
        """
