"""Sessions, the photos of a chat, and a group that becomes a supergroup."""

from dataclasses import replace

import pytest

from storage import Chats, Database, Jobs, PictureRef, Session, SessionKey, Sessions, Users
from tests.storage.conftest import Ask, Clock

SESSION = Session(
    chat_id=-1,
    thread_id=5,
    user_id=7,
    content=PictureRef("cat", "kitten", 8),
    album_id="pets",
    prompt_message_id=9,
    larger=True,
)


@pytest.fixture
async def sessions(database: Database, clock: Clock) -> Sessions:
    for user_id in (7, 8):
        await Users(database).ensure(user_id)
    return Sessions(database, now=clock)


async def test_a_session_is_kept_until_deleted(sessions: Sessions, clock: Clock) -> None:
    assert await sessions.get(SESSION.key) is None
    stored = await sessions.put(SESSION)
    assert stored == replace(SESSION, updated=clock.time)
    assert await sessions.get(SESSION.key) == stored

    style = PictureRef("degas", "sketch", 11)
    chosen = await sessions.put(replace(stored, style=style, strength="wild", keep_colours=True))
    assert await sessions.get(SESSION.key) == chosen
    assert await sessions.delete(SESSION.key)
    assert not await sessions.delete(SESSION.key)


@pytest.mark.parametrize("other", [SessionKey(-2, 5, 7), SessionKey(-1, 0, 7), SessionKey(-1, 5, 8)])
async def test_chats_topics_and_users_are_kept_apart(sessions: Sessions, other: SessionKey) -> None:
    await sessions.put(SESSION)
    assert await sessions.get(other) is None


async def test_idle_sessions_are_swept(sessions: Sessions, clock: Clock) -> None:
    await sessions.put(SESSION)
    clock.time += 50
    fresh = await sessions.put(replace(SESSION, user_id=8))
    clock.time += 50
    assert await sessions.sweep(idle=100) == 1
    assert await sessions.get(SESSION.key) is None
    assert await sessions.get(fresh.key) == fresh


async def test_the_last_photo_of_each_topic(database: Database) -> None:
    chats = Chats(database)
    await chats.saw_photo(-1, 0, 7, "first")
    await chats.saw_photo(-1, 5, 7, "in a topic")
    await chats.saw_photo(-1, 0, 8, "second")
    assert await chats.last_photo(-1, 0) == "second"
    assert await chats.last_photo(-1, 5) == "in a topic"
    assert await chats.last_photo(-2, 0) is None


async def test_a_group_that_moves_keeps_everything(
    database: Database, sessions: Sessions, jobs: Jobs, ask: Ask
) -> None:
    chats = Chats(database)
    stored = await sessions.put(SESSION)
    await chats.saw_photo(-1, 0, 7, "photo")
    job = await ask(7, chat_id=-1, reply_to_message_id=3, progress_message_id=4)

    for _ in range(2):
        await chats.move(-1, -100)
    assert await sessions.get(SessionKey(-100, 5, 7)) == replace(
        stored, chat_id=-100, prompt_message_id=None, content=PictureRef("cat", "kitten")
    )
    assert await sessions.get(SESSION.key) is None
    assert await chats.last_photo(-100, 0) == "photo"
    moved = replace(job, chat_id=-100, reply_to_message_id=None, progress_message_id=None)
    assert await jobs.get(job.id) == moved


async def test_what_began_in_the_new_chat_stays(database: Database, sessions: Sessions) -> None:
    chats = Chats(database)
    await sessions.put(SESSION)
    begun = await sessions.put(replace(SESSION, chat_id=-100, content=PictureRef("dog")))
    await chats.saw_photo(-1, 0, 7, "old")
    await chats.saw_photo(-100, 0, 7, "new")
    await chats.move(-1, -100)
    assert await sessions.get(begun.key) == begun
    assert await sessions.get(SESSION.key) is None
    assert await chats.last_photo(-100, 0) == "new"
