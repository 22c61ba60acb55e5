"""Paint small samples, as long as no job wants the worker for itself: what people look at while they choose.

Nothing of it is stored: after a restart, whoever still wants samples asks for them again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from logging import getLogger
from typing import TYPE_CHECKING, cast

from bot.ops.side_tasks import cancelled, log_failure
from core.decoding.refusal import PictureError
from core.executor.protocol import Done, Event, Executor, ExecutorError, PaintFailed, PaintTask
from core.recipe import SCALE, Recipe, Strength
from storage import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

log = getLogger(__name__)

SIZE = 320  # pixels of the longer side
MOST_WAITING = 8  # requests; the oldest is forgotten
PATIENCE = 60.0  # seconds for the samples of one request; on so slow a machine people choose without


@dataclass(frozen=True)
class Sample:
    """A small painting.

    Args:
        content: the file of the photo. A small one will do.
        styles: the files of its styles, one to four.
        strength: how strong.
        keep_colours: whether the photo's colours are kept.
    """

    content: bytes = field(repr=False)
    styles: tuple[bytes, ...] = field(repr=False)
    strength: Strength
    keep_colours: bool = False


def in_all_strengths(content: bytes, styles: tuple[bytes, ...], *, keep_colours: bool) -> tuple[Sample, ...]:
    """Return the samples of one request, one for each strength of the scale."""
    return tuple(Sample(content, styles, strength, keep_colours) for strength in SCALE)


@dataclass(frozen=True, eq=False)
class Wish:
    """Samples that somebody would like to see.

    Args:
        key: whose they are; a newer wish of the same takes the place of an older.
        samples: in the order of painting.
        is_open: says whether anybody still waits for them.
        show: takes what was painted, a JPEG for each of the samples.
    """

    key: Hashable
    samples: tuple[Sample, ...] = field(repr=False)
    is_open: Callable[[], Awaitable[bool]]
    show: Callable[[list[bytes]], Awaitable[None]]
    painted: list[bytes] = field(default_factory=list, repr=False)  # so far


class Samples:
    """Paint samples, the newest wish first, one at a time, and only where a slot is to spare.

    A job never waits for them: what is being painted is dropped as soon as a job wants its slot, and taken up
    once that is done. So whoever counts slots need not count these.

    Args:
        executor: what paints.
        spare_slots: counts the slots that no job has, or is about to have.
        deadline: seconds after which a painting counts as hung.
    """

    def __init__(self, executor: Executor, spare_slots: Callable[[], int], deadline: float) -> None:
        self._executor = executor
        self._spare_slots = spare_slots
        self._deadline = deadline
        self._waiting: OrderedDict[Hashable, Wish] = OrderedDict()  # the newest last
        self._tasks: dict[Wish, asyncio.Task[None]] = {}  # being painted or shown
        self._at_work: Wish | None = None  # the one that is being painted
        self._closed = False

    async def want(self, wish: Wish) -> None:
        """Paint these as soon as nobody needs the worker for a job."""
        await self.drop(wish.key)
        self._put(wish)
        self.look_around()

    async def drop(self, key: Hashable) -> Wish | None:
        """Forget these, and return the wish, if there was one. Nothing of them is shown from then on."""
        dropped = self._waiting.pop(key, None)
        for wish, task in list(self._tasks.items()):
            if wish.key == key:
                await cancelled(task)
                dropped = wish
        return dropped

    @asynccontextmanager
    async def put_off(self, key: Hashable) -> AsyncIterator[None]:
        """Show nothing of these as long as the block lasts, and then go on."""
        wish = await self.drop(key)
        yield
        if wish:
            await self.want(wish)

    def make_way(self) -> None:
        """Leave the worker to a job, if there is no other slot for it."""
        if self._at_work is not None and self._spare_slots() < 1:
            wish, self._at_work = self._at_work, None
            self._tasks[wish].cancel()
            if wish.key not in self._waiting:
                self._put(wish)

    def look_around(self) -> None:
        """Begin with the newest wish, if there is a slot to spare."""
        if self._closed or self._at_work or not self._waiting:
            return
        if not self._executor.ready or self._spare_slots() < 1:
            return
        _, wish = self._waiting.popitem()
        self._at_work = wish
        task = self._tasks[wish] = asyncio.create_task(self._grant(wish), name="samples")
        task.add_done_callback(lambda task: self._ended(wish, task))

    async def close(self) -> None:
        """Drop all."""
        self._closed = True
        self._waiting.clear()
        for task in list(self._tasks.values()):
            await cancelled(task)

    def _put(self, wish: Wish) -> None:
        self._waiting[wish.key] = wish
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)

    async def _grant(self, wish: Wish) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                is_wanted = await self._paint(wish)
        except (TimeoutError, PictureError, ExecutorError, DatabaseError) as error:
            log.info("no samples", extra={"reason": type(error).__name__})
            return
        finally:
            self._leave(wish)
        if is_wanted:
            await wish.show(wish.painted)

    async def _paint(self, wish: Wish) -> bool:
        """Paint what is not painted yet. Returns False if nobody waits for it any more."""
        for sample in wish.samples[len(wish.painted) :]:
            if not await wish.is_open():
                return False
            recipe = Recipe(
                strength=sample.strength, size=SIZE, keep_colours=sample.keep_colours, sketch=True
            )
            task = PaintTask(sample.content, sample.styles, recipe, self._deadline)
            wish.painted.append(await self._picture(task))
        return True

    async def _picture(self, task: PaintTask) -> bytes:
        painting = cast("AsyncGenerator[Event, None]", self._executor.paint(task))
        async with aclosing(painting) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.picture
        raise PaintFailed("the painting ended without a picture")

    def _leave(self, wish: Wish) -> None:
        """Let another wish have the worker."""
        if self._at_work is wish:
            self._at_work = None
            self.look_around()

    def _ended(self, wish: Wish, task: asyncio.Task[None]) -> None:
        if self._tasks.get(wish) is task:
            del self._tasks[wish]
        log_failure(task)
