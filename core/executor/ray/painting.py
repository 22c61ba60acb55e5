"""Follow one painting on a cluster, from being handed over to its end."""

import asyncio
from collections.abc import Callable
from typing import Any

from ray.exceptions import RayError

from core.error_messages import with_kind
from core.executor.protocol import Progress, WorkerLost
from core.executor.ray.nodes import Holder, said_by_ray
from core.executor.ray.wire import Hand, Join, Said
from core.executor.worker.wire import Answer, Stopped

_MARGIN = 5.0  # seconds for what a worker is told or says to come across


class Painting:
    """Passes a painting's events on; whatever happens, the last of what it says ends it.

    The actor has the deadline and the patience of a single machine's executor. Here only its own silence is
    noticed: then the whole actor is replaced.
    """

    def __init__(self, hand: Hand, holder: Holder | None, join: Join, tell: Callable[[Said], None]) -> None:
        self._hand = hand
        self._holder = holder
        self._actor = holder.actor if holder else None
        self._silence = join.stall + join.grace + _MARGIN
        self._grace = join.grace + _MARGIN
        self._tell = tell
        self._limit = asyncio.timeout(None)
        self.running = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Within one step."""
        if self._actor is not None and not self.running.done():
            self._actor.stop.remote(self._hand.number)
            self._wait_at_most(self._grace)

    async def _run(self) -> None:
        try:
            async with self._limit:
                await self._follow()
        except TimeoutError:
            self._lose("The node of the worker does not answer.")
        except RayError as error:
            self._lose(said_by_ray(error))
        except WorkerLost as error:
            self._say(error)
        except Exception as error:  # whatever it is, the painting has an end
            self._lose(with_kind(error))

    async def _follow(self) -> None:
        """Raises RayError or WorkerLost where the end is none of the painting's own."""
        if self._actor is None:  # lost while this was on its way
            self._say(Stopped())
            return
        painting: Any = self._actor.paint.options(num_returns="streaming")
        self._wait_at_most(self._silence)
        async for coming in painting.remote(self._hand.number, self._hand.task):
            answer: Answer | Stopped = await coming
            self._say(answer)
            if not isinstance(answer, Progress):
                return
            self._wait_at_most(self._silence)
        raise WorkerLost("The worker ended without a picture.")

    def _lose(self, reason: str) -> None:
        """The slot goes first, lest the next attempt, which is the last, be handed over to it."""
        if self._holder and self._actor:
            self._holder.replace(self._actor, reason)
        self._say(WorkerLost(reason))

    def _wait_at_most(self, seconds: float) -> None:
        if not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + seconds)

    def _say(self, answer: Answer | Stopped) -> None:
        self._tell(Said(self._hand.number, answer))
