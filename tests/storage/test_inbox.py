"""Updates outlive the process that fetched them, and not their answer."""

from pathlib import Path

from storage import Database, Inbox, Letter


async def test_what_was_not_answered_is_there_after_a_crash(path: Path, database: Database) -> None:
    await Inbox(database).put([Letter(3, 7, "third"), Letter(1, None, "first"), Letter(2, 7, "second")])
    await Inbox(database).put([Letter(3, 7, "third, again"), Letter(4, 8, "fourth")])
    await Inbox(database).done(2)
    await database.close()

    reopened = await Database.open(path)
    inbox = Inbox(reopened)
    assert await inbox.left() == ["first", "third", "fourth"]
    for update_id in (1, 3, 4):
        await inbox.done(update_id)
    assert await inbox.left() == []
    await reopened.close()
