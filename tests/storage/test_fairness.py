"""The order in which jobs are taken, against a model of a few lines that leaves out the database."""

from dataclasses import dataclass, field
from random import Random

import pytest

from storage import Database, Jobs, Users
from storage.jobs.turns import TAKE
from tests.storage.conftest import Ask


@dataclass
class Model:
    """Whose turn it is, as the docstring of `storage.jobs.turns` puts it."""

    waiting: dict[int, set[int]] = field(default_factory=dict)  # user to ids of jobs
    served: dict[int, int] = field(default_factory=dict)  # user to when, 0 for never
    takes: int = 0

    def add(self, user: int, job: int) -> None:
        self.waiting.setdefault(user, set()).add(job)

    def put_back(self, user: int, job: int) -> None:
        self.add(user, job)
        self.served[user] = 0

    def take(self) -> int | None:
        users = [user for user, jobs in self.waiting.items() if jobs]
        if not users:
            return None
        user = min(users, key=lambda user: (self.served.get(user, 0), min(self.waiting[user])))
        self.takes += 1
        self.served[user] = self.takes
        job = min(self.waiting[user])
        self.waiting[user].remove(job)
        return job


async def drain(jobs: Jobs) -> list[int]:
    order = []
    while job := await jobs.take():
        order.append(job.id)
    return order


async def test_users_take_turns(jobs: Jobs, ask: Ask) -> None:
    for user in (1, 1, 1, 2, 2, 3):
        await ask(user)
    assert await drain(jobs) == [1, 4, 6, 2, 5, 3]


async def test_a_new_user_comes_before_those_already_served(jobs: Jobs, ask: Ask) -> None:
    for user in (1, 1, 2, 2):
        await ask(user)
    await jobs.take()
    await jobs.take()
    newcomer = await ask(3)
    assert await drain(jobs) == [newcomer.id, 2, 4]


async def test_a_turn_is_remembered_while_nothing_waits(jobs: Jobs, ask: Ask) -> None:
    await ask(1)
    await jobs.take()
    later_served = await ask(1)
    never_served = await ask(2)
    assert await drain(jobs) == [never_served.id, later_served.id]


async def test_a_job_put_back_is_next(jobs: Jobs, ask: Ask) -> None:
    for user in (1, 1, 2, 3):
        await ask(user)
    assert await jobs.take()
    await jobs.requeue(1)
    assert await drain(jobs) == [1, 3, 4, 2]


@pytest.mark.parametrize("seed", range(12))
async def test_any_history_keeps_the_order(jobs: Jobs, ask: Ask, database: Database, seed: int) -> None:
    """Adding, taking, putting back, cancelling, forgetting at random: order and places as the model's."""
    random = Random(seed)  # noqa: S311
    model = Model()
    owners: dict[int, int] = {}
    running: list[int] = []

    for _ in range(150):
        match random.choices(["add", "take", "put back", "cancel", "forget"], [10, 5, 1, 1, 0.2])[0]:
            case "add":
                job = await ask(random.randint(1, 8))
                owners[job.id] = job.user_id
                model.add(job.user_id, job.id)
            case "take":
                taken = await jobs.take()
                assert (taken.id if taken else None) == model.take()
                running += [taken.id] if taken else []
            case "put back" if running:
                put_back = running.pop(random.randrange(len(running)))
                if await jobs.requeue(put_back):
                    model.put_back(owners[put_back], put_back)
            case "cancel" if owners:
                user = owners[cancelled := random.choice(list(owners))]
                await jobs.cancel(cancelled, user)
                model.waiting[user].discard(cancelled)
            case "forget":
                user = random.randint(1, 8)
                await Users(database).forget(user)
                model.waiting.pop(user, None)
                model.served.pop(user, None)
                owners = {job: owner for job, owner in owners.items() if owner != user}

    waiting = [job for queue in model.waiting.values() for job in queue]
    line = [job.id for job in await jobs.line()]
    assert [job.id for job in await jobs.line(3)] == line[:3]
    order = await drain(jobs)
    assert order == line == [model.take() for _ in waiting]


async def test_who_takes_the_next_job_walks_through_no_others(database: Database) -> None:
    plan = [
        row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {TAKE}", {"now": 1, "games": True})
    ]
    assert [step for step in plan if step.startswith("SCAN jobs")] == []
    assert [step for step in plan if "TEMP B-TREE" in step] == []
