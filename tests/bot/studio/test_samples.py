"""Samples are painted only while no job wants the worker, and nobody waits for them."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.studio import samples as module
from bot.studio.samples import Wish, in_all_strengths
from bot.studio.studio import Studio
from core.executor.protocol import WorkerLost
from core.recipe import SCALE
from storage import Jobs
from tests.bot.conftest import OpenStudio, Order
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import eventually

RED, BLUE = picture("red"), picture("blue")


@pytest.fixture
def easel() -> Easel:
    easel = Easel()
    easel.with_samples = True
    return easel


@dataclass
class Looker:
    """Somebody who looks at a question."""

    name: str
    is_looking: bool = True
    seen: list[bytes] = field(default_factory=list)

    def wish(self, style: bytes = BLUE) -> Wish:
        async def is_open() -> bool:
            return self.is_looking

        async def show(samples: list[bytes]) -> None:
            self.seen += samples

        return Wish(self.name, in_all_strengths(RED, (style,), keep_colours=False), is_open, show)

    async def has_seen(self) -> None:
        await eventually(lambda: bool(self.seen))


async def test_there_is_one_of_each_strength(studio: Studio, easel: Easel) -> None:
    looker = Looker("Ann")
    await studio.samples.want(looker.wish())
    await looker.has_seen()
    assert len(looker.seen) == len(SCALE)
    assert tuple(task.recipe.strength for task in easel.samples) == SCALE


async def test_a_job_takes_the_only_worker_from_them_and_they_go_on_after_it(
    studio: Studio, easel: Easel, ann: Actor, jobs: Jobs, order: Order
) -> None:
    looker = Looker("Ben")
    easel.hold_samples()
    await studio.samples.want(looker.wish())
    await eventually(lambda: len(easel.samples) == 1)
    placed = await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    easel.go_on_samples()
    await looker.has_seen()
    assert [task.recipe.strength for task in easel.samples] == [SCALE[0], *SCALE]
    assert (done := await jobs.get(placed.job.id)) is not None
    assert done.worker_losses == 0


async def test_they_wait_while_a_job_has_the_only_worker(
    studio: Studio, easel: Easel, ann: Actor, order: Order
) -> None:
    easel.hold()
    await studio.submit(await order(ann))
    await eventually(lambda: len(easel.begun) == 1)
    looker = Looker("Ben")
    await studio.samples.want(looker.wish())
    await asyncio.sleep(0.05)
    assert easel.samples == []
    easel.go_on()
    await looker.has_seen()


async def test_of_two_workers_a_job_leaves_them_one(
    studio: Studio, easel: Easel, ann: Actor, order: Order
) -> None:
    easel.slots = 2
    easel.hold_samples()
    looker = Looker("Ben")
    await studio.samples.want(looker.wish())
    await eventually(lambda: len(easel.samples) == 1)
    await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    easel.go_on_samples()
    await looker.has_seen()
    assert len(easel.samples) == len(SCALE)  # none of them was begun twice


async def test_the_newest_wish_comes_first_and_the_oldest_is_forgotten(
    studio: Studio, easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    order: list[str] = []
    lookers = [Looker(name) for name in ("first", "second", "third", "fourth")]
    easel.hold_samples()
    for looker in lookers:
        wish = looker.wish(picture("green"))

        async def show(_: list[bytes], name: str = looker.name) -> None:
            order.append(name)

        await studio.samples.want(Wish(wish.key, wish.samples, wish.is_open, show))
        await eventually(lambda: len(easel.samples) == 1)  # the first has the worker
    easel.go_on_samples()
    await eventually(lambda: len(order) == 3)
    assert order == ["first", "fourth", "third"]


async def test_a_newer_wish_of_the_same_takes_the_place_of_the_older(studio: Studio, easel: Easel) -> None:
    before, after = Looker("Ann"), Looker("Ann")
    easel.hold_samples()
    await studio.samples.want(before.wish())
    await eventually(lambda: len(easel.samples) == 1)
    easel.go_on_samples()
    await studio.samples.want(after.wish(picture("green")))
    await after.has_seen()
    assert before.seen == []


async def test_what_is_dropped_is_never_shown(studio: Studio, easel: Easel) -> None:
    looker = Looker("Ann")
    easel.hold_samples()
    await studio.samples.want(looker.wish())
    await eventually(lambda: len(easel.samples) == 1)
    assert await studio.samples.drop("Ann") is not None
    assert easel.at_work == 0
    easel.go_on_samples()
    assert await studio.samples.drop("Ann") is None
    assert looker.seen == []


async def test_a_question_that_is_over_is_painted_for_no_longer(studio: Studio, easel: Easel) -> None:
    gone, there = Looker("gone"), Looker("there")
    easel.hold_samples()
    await studio.samples.want(gone.wish())
    await eventually(lambda: len(easel.samples) == 1)
    await studio.samples.want(there.wish())
    gone.is_looking = False
    easel.go_on_samples()
    await there.has_seen()
    assert gone.seen == []
    assert len(easel.samples) == 1 + len(SCALE)


async def test_a_change_meanwhile_costs_nothing_that_was_painted(studio: Studio, easel: Easel) -> None:
    looker = Looker("Ann")
    easel.hold_samples()
    await studio.samples.want(looker.wish())
    await eventually(lambda: len(easel.samples) == 1)
    async with studio.samples.put_off("Ann"):
        easel.go_on_samples()
        await asyncio.sleep(0.01)
        assert looker.seen == []
    await looker.has_seen()
    assert len(looker.seen) == len(SCALE)


async def test_a_lost_worker_costs_the_samples_alone(
    studio: Studio, easel: Easel, ann: Actor, order: Order
) -> None:
    easel.sample_failures.append(WorkerLost("killed"))
    looker = Looker("Ben")
    await studio.samples.want(looker.wish())
    await eventually(lambda: not easel.sample_failures)
    await studio.submit(await order(ann))
    await ann.expect(photo=True, buttons=["Another style"])
    assert looker.seen == []


async def test_they_end_with_the_studio(open_studio: OpenStudio, easel: Easel) -> None:
    easel.hold_samples()
    async with open_studio() as studio:
        await studio.samples.want(Looker("Ann").wish())
        await eventually(lambda: len(easel.samples) == 1)
    assert easel.at_work == 0
