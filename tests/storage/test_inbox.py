"""Updates outlive the process that fetched them, and not their answer."""

from pathlib import Path

from storage import Database, Inbox, Letter
from storage.inbox import REMEMBERED


async def test_what_was_not_answered_is_there_after_a_crash(path: Path, database: Database) -> None:
    first = [Letter(3, 7, "third"), Letter(1, None, "first"), Letter(2, 7, "second")]
    assert await Inbox(database).put(first) == [3, 1, 2]
    assert await Inbox(database).put([Letter(3, 7, "third, again"), Letter(4, 8, "fourth")]) == [4]
    await Inbox(database).done(2)
    await database.close()

    reopened = await Database.open(path)
    inbox = Inbox(reopened)
    assert await inbox.left() == ["first", "third", "fourth"]
    for update_id in (1, 3, 4):
        await inbox.done(update_id)
    assert await inbox.left() == []
    await reopened.close()


async def test_what_was_answered_is_not_new_when_it_comes_again(path: Path, database: Database) -> None:
    await Inbox(database).put([Letter(1, 7, "what somebody wrote")])
    await Inbox(database).done(1)
    assert [tuple(row) for row in await database.read("SELECT * FROM inbox")] == [(1, None, "")]
    await database.close()

    reopened = await Database.open(path)
    assert await Inbox(reopened).put([Letter(1, 7, "again"), Letter(1, 7, "and again")]) == []
    assert await Inbox(reopened).left() == []
    await reopened.close()


async def test_only_late_numbers_are_remembered_and_what_waits_is_kept(database: Database) -> None:
    inbox = Inbox(database)
    for update_id in (REMEMBERED, 2 * REMEMBERED, 1, 10 * REMEMBERED):  # Telegram may begin anywhere anew
        await inbox.put([Letter(update_id, 7, "answered")])
        await inbox.done(update_id)
    await inbox.put([Letter(2, 7, "waits")])
    await inbox.put([Letter(10 * REMEMBERED + 1, 7, "waits, too")])
    kept = await database.read("SELECT update_id FROM inbox ORDER BY update_id")
    assert [row["update_id"] for row in kept] == [2, 10 * REMEMBERED + 1]
    assert await inbox.left() == ["waits", "waits, too"]
