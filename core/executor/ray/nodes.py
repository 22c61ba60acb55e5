"""Find the slots that a cluster's nodes have room for, and start the actor that holds each."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ray
from ray.exceptions import ActorUnavailableError, RayActorError, RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from core.error_messages import first_line, with_kind
from core.executor.protocol import PaintFailed, WorkerLost
from core.executor.ray.actor import PaintingActor, WorkerState, versions
from core.executor.ray.wire import Join, NoWorker, SlotLost, SlotReady

if TYPE_CHECKING:
    from ray.actor import ActorHandle

_LONGEST_PAUSE = 60.0  # seconds between attempts to fill a place


@dataclass(frozen=True)
class Place:
    """Room for one worker on a node."""

    slot: str
    node: str
    address: str
    gpus: int
    cpus: float
    alone: bool  # on its node


def places(node: Mapping[str, Any], device: str, cpus: float | None) -> list[Place]:
    """One for each GPU of a live node, or else one for each `cpus` of its CPUs; None: one for them all."""
    if not node["Alive"]:
        return []
    has = node["Resources"]
    gpus = int(has.get("GPU", 0)) if device != "cpu" else 0
    if gpus or device == "gpu":
        count, gpus_each, cpus_each = gpus, 1, 0.0
    else:
        all_cpus = has.get("CPU", 0.0)
        gpus_each, cpus_each = 0, cpus or all_cpus
        count = int(all_cpus / cpus_each) if cpus_each else 0
    name, address = node["NodeID"], node["NodeManagerAddress"]
    return [
        Place(f"{name}/{number}", name, address, gpus_each, cpus_each, alone=count == 1)
        for number in range(count)
    ]


class Holder:
    """Keeps an actor in one place, and says when its worker is ready and when it is not."""

    def __init__(
        self, place: Place, join: Join, tell: Callable[[NoWorker | SlotReady | SlotLost], None]
    ) -> None:
        self.place = place
        self.actor: ActorHandle[Any] | None = None  # while its worker is ready
        self._join = join
        self._tell = tell

    def replace(self, actor: "ActorHandle[Any]", reason: str) -> None:
        """Kill an actor that is dead or does not answer; then there will be another."""
        if self.actor is actor:
            self._lose(reason)
            ray.kill(actor)

    async def run(self) -> None:
        """Until cancelled; then the actor is killed."""
        failures = 0  # in a row
        last = None
        here = NodeAffinitySchedulingStrategy(self.place.node, soft=False)
        remote: Any = ray.remote(PaintingActor).options(
            num_gpus=self.place.gpus, num_cpus=self.place.cpus, scheduling_strategy=here
        )
        while True:
            actor: ActorHandle[Any] = remote.remote()
            try:
                await self._follow(actor)
            except Exception as error:  # whatever it is, there is another try
                failures = 0 if self.actor else failures + 1
                foreseen = isinstance(error, RayError | WorkerLost | PaintFailed)
                reason = said_by_ray(error) if foreseen else with_kind(error)
                if reason != last:
                    self._tell(NoWorker(self.place.address, reason))
                last = reason
                self._lose(reason)
            finally:
                self._lose("the node is gone")
                ray.kill(actor)
            await asyncio.sleep(min(_LONGEST_PAUSE, 2.0**failures))

    async def _follow(self, actor: "ActorHandle[Any]") -> None:
        """Raises RayError when the actor is dead, WorkerLost or PaintFailed if it will not do."""
        theirs = await actor.versions.remote()
        if theirs != versions():
            raise PaintFailed(f"It has {theirs}, where the bot has {versions()}: install the same.")
        join = self._join
        if not self.place.gpus:
            join = replace(join, setup=replace(join.setup, device="cpu"))
        threads = None if self.place.alone or self.place.gpus else max(1, int(self.place.cpus))
        await actor.start.remote(join, threads)
        restarts = 0
        async for coming in actor.states.options(num_returns="streaming").remote():
            state: WorkerState = await coming
            if state.restarts > restarts or not state.ready:
                restarts = state.restarts
                self._lose("it is being replaced")
            if state.ready:
                self.actor = actor
                where = f"the GPU {self.place.slot}" if self.place.gpus else f"{self.place.cpus:g} CPUs"
                self._tell(
                    SlotReady(self.place.slot, f"{where} of {self.place.address}: {state.paints_with}")
                )
            elif state.trouble:
                raise PaintFailed(state.trouble)

    def _lose(self, reason: str) -> None:
        if self.actor:
            self.actor = None
            self._tell(SlotLost(self.place.slot, reason))


def said_by_ray(error: Exception) -> str:
    """Return what an error says on one line, without the details that Ray adds."""
    if isinstance(error, ActorUnavailableError):
        return "The node of the worker cannot be reached."
    is_traceback = isinstance(error, RayTaskError) or (
        isinstance(error, RayActorError) and error.actor_init_failed
    )
    if is_traceback and (lines := str(error).strip().splitlines()):
        return lines[-1].strip()
    return first_line(error)
