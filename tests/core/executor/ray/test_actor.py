"""What an actor makes of a painting that is stopped, driven as Ray drives it, but at our own pace."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import cast

import pytest
import pytest_asyncio

from core.executor.ray.actor import PaintingActor
from core.executor.ray.wire import Join
from core.executor.worker.wire import Answer, Setup, Stopped
from tests.kit.executors import task

Answers = AsyncGenerator[Answer | Stopped, None]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def actor() -> AsyncIterator[PaintingActor]:
    actor = PaintingActor()
    setup = Setup("packaged", "cpu", "tests.kit.stand_in_painters:patient", 0, 0, memory_limit=None)
    await actor.start(Join(None, setup, None, stall=60, grace=20, hang=10), threads=1)
    yield actor
    await actor._executor.close()  # Ray ends an actor's process, so that it has no end of its own


def painting(actor: PaintingActor, number: int) -> Answers:
    return cast("Answers", actor.paint(number, task(recipe={"steps": 10_000})))


async def test_a_painting_may_be_stopped_while_ray_passes_an_event_on(actor: PaintingActor) -> None:
    async def as_ray_does(answers: Answers) -> list[Answer | Stopped]:
        passed_on = []
        async for answer in answers:
            passed_on.append(answer)
            if len(passed_on) == 1:
                await actor.stop(1)
            await asyncio.sleep(0.01)
        return passed_on

    *events, end = await asyncio.create_task(as_ray_does(painting(actor, 1)))
    assert events
    assert isinstance(end, Stopped)


async def test_a_painting_may_be_stopped_before_it_comes(actor: PaintingActor) -> None:
    await actor.stop(2)
    assert [type(answer) async for answer in painting(actor, 2)] == [Stopped]


async def test_to_stop_what_is_over_does_nothing(actor: PaintingActor) -> None:
    assert [type(answer) async for answer in painting_of(actor, 3)][-1].__name__ == "Done"
    await actor.stop(3)
    assert [type(answer) async for answer in painting_of(actor, 4)][-1].__name__ == "Done"


def painting_of(actor: PaintingActor, number: int) -> Answers:
    return cast("Answers", actor.paint(number, task(recipe={"steps": 2})))
