"""Read a chain off its game: which pictures it leads over, and whether a link is being painted.

A chain is open for the next link, or a link is being painted, perhaps as the last one, or its end is shown.
The state of its game says so, and behind that the message of the latest link: no two links make the same
state, so that whoever acts on an old one does nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.chat.games.details import ChainDetails
from storage import Entry, Game, Job, State

if TYPE_CHECKING:
    from bot.chat.services import Services

MOST_LINKS = 5


class Phase(StrEnum):
    """How far a chain is."""

    OPEN = "open"  # for the next link
    PAINTING = "painting"
    PAINTING_LAST = "last"  # and then it ends
    SHOWING = "showing"  # its end is to be told
    ANIMATING = "animating"  # its end is told in the game's message, where the animation is to come


def state_of(phase: Phase, message_id: int) -> str:
    """Return the state of a chain whose latest link came in this message."""
    return f"{phase} {message_id}"


def phase_of(game: Game) -> Phase:
    """Return how far a chain is that is not over."""
    return Phase(game.state.partition(" ")[0])


def latest_message_of(game: Game) -> int:
    """Return the message in which the latest link came."""
    return int(game.state.partition(" ")[2])


@dataclass(frozen=True)
class Chain:
    """What there is of a chain.

    Args:
        begun_from: the job whose result it begins with; None once that was forgotten.
        links: those painted, in order, with their jobs.
        under_way: what was brought with the latest link; None where that is not noted, or was forgotten.
        job: that paints it, where it is known.
    """

    begun_from: Job | None
    links: list[tuple[Entry, Job]]
    under_way: Entry | None
    job: Job | None

    @property
    def latest(self) -> Job | None:
        """Return the job whose result is the latest picture of the chain."""
        return self.links[-1][1] if self.links else self.begun_from

    @property
    def is_covered(self) -> bool:
        """Say whether one of the pictures is to be shown under a spoiler only."""
        jobs = [job for _, job in self.links] + ([self.begun_from] if self.begun_from else [])
        return any(job.spoiler for job in jobs)


async def chain_of(services: "Services", game: Game) -> Chain:
    """Read what there is of a chain."""
    entries = await services.games.entries(game.id)
    jobs = {job.id: job for job in await services.jobs.of_game(game.id)}
    with_jobs = [(entry, jobs[entry.job_id]) for entry in entries if entry.job_id in jobs]
    links = [(entry, job) for entry, job in with_jobs if job.state is State.DONE]
    latest = latest_message_of(game)
    under_way = next((entry for entry in entries if entry.picture.message_id == latest), None)
    if under_way is None and entries and entries[-1].picture.message_id is None:
        under_way = entries[-1]  # the group has moved, where messages are numbered anew
    job = jobs.get(under_way.job_id or 0) if under_way else None
    begun_from = ChainDetails.of(game).begun_from
    return Chain(await services.jobs.get(begun_from) if begun_from else None, links, under_way, job)
