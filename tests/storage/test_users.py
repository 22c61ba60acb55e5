"""Settings, and that forgetting leaves nothing."""

import asyncio
from dataclasses import replace

from storage import (
    Bans,
    Broadcasts,
    Chats,
    Database,
    Forgotten,
    GameKind,
    Games,
    Inbox,
    Jobs,
    Letter,
    NewEntry,
    NewGame,
    PictureRef,
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
    user = replace(
        await users.ensure(7),
        language="ru",
        strength="wild",
        larger=True,
        keep_colours=True,
        always_usual=True,
        told_of_always=True,
    )
    await users.save(user)
    assert await users.ensure(7) == user


NOT_OF_USERS = ("sqlite_sequence", "bans", "moved_chats", "gallery_sheets", "group_settings", "game_polls")


async def test_forgetting_deletes_everything_and_nobody_else(
    database: Database, jobs: Jobs, ask: Ask
) -> None:
    users, sessions, chats, games = Users(database), Sessions(database), Chats(database), Games(database)
    for user_id in (7, 8):
        await ask(user_id)
        await ask(user_id)
        await sessions.put(Session(chat_id=-1, thread_id=0, user_id=user_id))
        await chats.saw_photo(-user_id, 0, user_id, PictureRef("photo", message_id=1), "album")
        await Inbox(database).put([Letter(user_id, user_id, "{}")])
        await Broadcasts(database).ask(user_id, "en", 1)
        game, _ = await games.begin(
            NewGame(
                request_key=f"duel {user_id}",
                kind=GameKind.DUEL,
                state="voting",
                chat_id=-user_id,
                thread_id=0,
                user_id=user_id,
                name="Ann",
            )
        )
        assert game is not None
        await games.move_on(game, "voting", poll_id=f"poll {user_id}")
        entry = NewEntry(user_id=user_id, name="Ann", picture=PictureRef("style"))
        await games.enter(game, entry, 4)
        game = await games.get(game.id)
        assert game is not None
        await games.guessed(game, user_id, "Ann", is_right=True)
    running = await jobs.take()
    assert running is not None
    assert running.user_id == 7

    assert await users.forget(7) == Forgotten(sessions=1, jobs=2, photos=1, games=2, settings=1)
    assert await users.forget(7) == Forgotten(sessions=0, jobs=0, photos=0, games=0, settings=0)
    assert not await jobs.finish(running.id, "photo")
    for table in await database.read("SELECT name FROM sqlite_master WHERE type = 'table'"):
        column = {"users": "id", "turns": "whose"}.get(table["name"], "user_id")
        if table["name"] not in NOT_OF_USERS:
            rows = await database.read(f"SELECT {column} FROM {table['name']}")  # noqa: S608
            assert {row[column] for row in rows} == {8}, table["name"]
    polls = await database.read("SELECT poll_id FROM game_polls")
    assert [row["poll_id"] for row in polls] == ["poll 8"]


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
