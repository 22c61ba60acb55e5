"""Who is shut out, and that their work stops."""

from storage import Ban, Bans, Database, Jobs, State
from tests.storage.conftest import Ask, Clock


async def test_a_ban_lasts_until_it_is_lifted(database: Database, clock: Clock) -> None:
    bans = Bans(database, now=clock)
    assert await bans.get(7) is None
    await bans.ban(7, "spam")
    assert await bans.get(7) == Ban(user_id=7, reason="spam", banned=clock.time)
    assert await bans.get(8) is None
    assert await bans.unban(7)
    assert not await bans.unban(7)
    assert await bans.all() == []


async def test_a_second_ban_changes_the_reason_alone(database: Database, clock: Clock) -> None:
    bans = Bans(database, now=clock)
    await bans.ban(7, "spam")
    clock.time += 1
    await bans.ban(8)
    await bans.ban(7, "much spam")
    assert [(ban.user_id, ban.reason) for ban in await bans.all()] == [(8, None), (7, "much spam")]


async def test_a_ban_cancels_what_waits_and_runs(database: Database, jobs: Jobs, ask: Ask) -> None:
    sevens, eights = [await ask(7), await ask(7)], await ask(8)
    await jobs.take()
    assert await Bans(database).ban(7) == 2
    assert [job.id for job in await jobs.called_off()] == [job.id for job in sevens]
    assert [job.id for job in await jobs.latest(State.QUEUED, None, 9)] == [eights.id]
    assert await Bans(database).ban(7) == 0
