"""What the executor and the process that holds its connection to a Ray cluster say to each other.

Begins with `Join`. What comes back concerns the cluster (`Joined`, `Away`, `Refused`), its slots, or a
painting: its events, and at last exactly one of `Done`, `Stopped` (it was withdrawn, or its slot was lost
before it began) and an error.
"""

from dataclasses import dataclass
from typing import TypeAlias

from core.executor.protocol import PaintTask
from core.executor.worker.wire import Answer, Setup, Stopped


@dataclass(frozen=True)
class Join:
    """Which cluster, and what its workers are to be."""

    address: str | None  # the head's host:port, or "auto"; None: a cluster of this machine alone
    setup: Setup
    cpus: float | None  # for each worker on nodes without a GPU; None: all that the node has
    stall: float
    grace: float
    hang: float


@dataclass(frozen=True)
class Hand:
    """Paint this in that slot, which is free."""

    number: int
    slot: str
    task: PaintTask


@dataclass(frozen=True)
class Withdraw:
    """Stop this painting, if it still goes on."""

    number: int


@dataclass(frozen=True)
class Joined:
    """The cluster is there; slots follow as they get ready."""


@dataclass(frozen=True)
class Away:
    """The cluster does not answer. What is being painted may go on; nothing new can be handed over."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """The cluster, or what is installed for it, will not do. Nothing comes after this."""

    reason: str


@dataclass(frozen=True)
class NoWorker:
    """A node has room for a worker, but none can be had there."""

    address: str
    reason: str


@dataclass(frozen=True)
class SlotReady:
    """A worker is warm."""

    slot: str
    description: str


@dataclass(frozen=True)
class SlotLost:
    """A slot is gone, or its worker is being replaced. What it paints is answered for itself."""

    slot: str
    reason: str


@dataclass(frozen=True)
class Said:
    """An event of a painting, or its end."""

    number: int
    answer: Answer | Stopped


ToCluster: TypeAlias = Join | Hand | Withdraw
FromCluster: TypeAlias = Joined | Away | Refused | NoWorker | SlotReady | SlotLost | Said
