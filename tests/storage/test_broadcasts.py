"""Messages to everybody: to each once, in order, and where it was after a stop."""

import pytest

from storage import Bans, Broadcast, Broadcasts, BroadcastState, Database, Users
from tests.storage.conftest import Clock


@pytest.fixture
async def broadcasts(database: Database, clock: Clock) -> Broadcasts:
    for user_id in (5, 7, 6, 9):
        await Users(database, now=clock).ensure(user_id)
    await Bans(database).ban(6)
    return Broadcasts(database, now=clock)


async def everybody(broadcasts: Broadcasts, broadcast: Broadcast | None) -> list[int]:
    people = []
    while broadcast and (person := await broadcasts.next_person(broadcast)) is not None:
        people.append(person)
        broadcast = await broadcasts.note(broadcast.id, person, reached=person != 7)
    return people


async def test_everybody_but_the_banned_is_written_to_once(broadcasts: Broadcasts) -> None:
    asked = await broadcasts.ask(5, "en", 42)
    assert (asked.people, asked.state, asked.message_id) == (3, BroadcastState.ASKED, 42)
    assert await everybody(broadcasts, asked) == [5, 7, 9]
    after = await broadcasts.get(asked.id)
    assert after is not None
    assert (after.reached, after.missed, after.last_user_id) == (2, 1, 9)
    assert await everybody(broadcasts, after) == []


async def test_who_comes_after_the_question_is_not_written_to(
    database: Database, broadcasts: Broadcasts, clock: Clock
) -> None:
    asked = await broadcasts.ask(5, "en", 42)
    clock.time += 1
    await Users(database, now=clock).ensure(8)
    assert await everybody(broadcasts, asked) == [5, 7, 9]


async def test_only_what_was_confirmed_is_sent_and_in_turn(broadcasts: Broadcasts) -> None:
    first, second, third = [await broadcasts.ask(5, "en", number) for number in (1, 2, 3)]
    assert await broadcasts.under_way() is None
    for broadcast in (second, first):
        assert await broadcasts.confirm(broadcast.id)
        assert not await broadcasts.confirm(broadcast.id)
    going = await broadcasts.under_way()
    assert going is not None
    assert going.id == first.id
    assert await broadcasts.sent(first.id)
    assert not await broadcasts.stop(first.id)
    assert await broadcasts.stop(second.id)
    assert not await broadcasts.sent(second.id)
    assert await broadcasts.stop(third.id)
    assert not await broadcasts.confirm(third.id)
    assert await broadcasts.under_way() is None


async def test_the_report_is_remembered(broadcasts: Broadcasts) -> None:
    asked = await broadcasts.ask(5, "ru", 42)
    await broadcasts.set_report(asked.id, 43)
    kept = await broadcasts.get(asked.id)
    assert kept is not None
    assert (kept.report_message_id, kept.language) == (43, "ru")
    assert await broadcasts.get(asked.id + 1) is None
