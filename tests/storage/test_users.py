"""Settings, and that forgetting leaves nothing."""

import asyncio
from dataclasses import replace

from storage import (
    Bans,
    Broadcasts,
    Chats,
    Database,
    Forgotten,
    Inbox,
    Jobs,
    Letter,
    Session,
    Sessions,
    Users,
)
from tests.storage.conftest import Ask, Clock


async def test_a_new_user_has_the_defaults(database: Database, clock: Clock) -> None:
    users = Users(database, now=clock)
    assert await users.get(7) is None
    first, second = await asyncio.gather(users.ensure(7), users.ensure(7))
    assert first == second == await users.get(7)
    assert (first.language, first.strength, first.larger, first.keep_colours) == (
        None,
        "balanced",
        False,
        False,
    )
    assert first.created == clock.time


async def test_settings_are_kept(database: Database) -> None:
    users = Users(database)
    user = replace(await users.ensure(7), language="ru", strength="wild", larger=True, keep_colours=True)
    await users.save(user)
    assert await users.ensure(7) == user


async def test_forgetting_deletes_everything_and_nobody_else(
    database: Database, jobs: Jobs, ask: Ask
) -> None:
    users, sessions, chats = Users(database), Sessions(database), Chats(database)
    for user_id in (7, 8):
        await ask(user_id)
        await ask(user_id)
        await sessions.put(Session(chat_id=-1, thread_id=0, user_id=user_id))
        await chats.saw_photo(-user_id, 0, user_id, "photo")
        await Inbox(database).put([Letter(user_id, user_id, "{}")])
        await Broadcasts(database).ask(user_id, "en", 1)
    running = await jobs.take()
    assert running is not None
    assert running.user_id == 7

    assert await users.forget(7) == Forgotten(sessions=1, jobs=2, photos=1, settings=1)
    assert await users.forget(7) == Forgotten(sessions=0, jobs=0, photos=0, settings=0)
    assert not await jobs.finish(running.id, "photo")
    for table in await database.read("SELECT name FROM sqlite_master WHERE type = 'table'"):
        column = "id" if table["name"] == "users" else "user_id"
        if table["name"] not in ("sqlite_sequence", "bans"):
            rows = await database.read(f"SELECT {column} FROM {table['name']}")  # noqa: S608
            assert {row[column] for row in rows} == {8}, table["name"]


async def test_to_be_forgotten_lifts_no_ban(database: Database) -> None:
    await Users(database).ensure(7)
    await Bans(database).ban(7)
    await Users(database).forget(7)
    assert await Bans(database).get(7)


async def test_settings_of_one_forgotten_are_not_brought_back(database: Database) -> None:
    users = Users(database)
    user = await users.ensure(7)
    await users.forget(7)
    await users.save(user)
    assert await users.get(7) is None
