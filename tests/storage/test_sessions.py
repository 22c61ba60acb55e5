"""Sessions, the photos of a chat, and a group that becomes a supergroup."""

import asyncio
from dataclasses import replace

import pytest

from storage import Chats, Database, Jobs, PictureRef, Session, SessionKey, Sessions, Sheets, Users
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
    chosen = await sessions.put(replace(stored, styles=(style,), keep_colours=True))
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
    await chats.saw_photo(-1, 0, 7, PictureRef("first"))
    await chats.saw_photo(-1, 5, 7, PictureRef("in a topic"))
    await chats.saw_photo(-1, 0, 8, PictureRef("second"))
    assert await chats.last_photo(-1, 0) == PictureRef("second")
    assert await chats.last_photo(-1, 5) == PictureRef("in a topic")
    assert await chats.last_photo(-2, 0) is None


async def test_a_group_that_moves_keeps_everything(
    database: Database, sessions: Sessions, jobs: Jobs, ask: Ask
) -> None:
    chats = Chats(database)
    stored = await sessions.put(SESSION)
    await chats.saw_photo(-1, 0, 7, PictureRef("photo"))
    job = await ask(7, chat_id=-1, reply_to_message_id=3, progress_message_id=4)

    for _ in range(2):
        await chats.move(-1, -100)
    assert await sessions.get(SessionKey(-100, 5, 7)) == replace(
        stored, chat_id=-100, prompt_message_id=None, content=PictureRef("cat", "kitten")
    )
    assert await sessions.get(SESSION.key) is None
    assert await chats.last_photo(-100, 0) == PictureRef("photo")
    moved = replace(job, chat_id=-100, reply_to_message_id=None, progress_message_id=None)
    assert await jobs.get(job.id) == moved


async def test_what_began_in_the_new_chat_stays(database: Database, sessions: Sessions) -> None:
    chats = Chats(database)
    await sessions.put(SESSION)
    begun = await sessions.put(replace(SESSION, chat_id=-100, content=PictureRef("dog")))
    await chats.saw_photo(-1, 0, 7, PictureRef("old"))
    await chats.saw_photo(-100, 0, 7, PictureRef("new"))
    await chats.move(-1, -100)
    assert await sessions.get(begun.key) == begun
    assert await sessions.get(SESSION.key) is None
    assert await chats.last_photo(-100, 0) == PictureRef("new")


async def test_a_spoiler_is_kept(sessions: Sessions) -> None:
    covered = replace(SESSION, content=PictureRef("cat", spoiler=True), styles=(PictureRef("degas"),))
    stored = await sessions.put(covered)
    assert await sessions.get(SESSION.key) == stored
    assert stored.content == PictureRef("cat", spoiler=True)


async def test_all_styles_are_kept_with_what_belongs_to_them(sessions: Sessions, database: Database) -> None:
    styles = (
        PictureRef("degas", "sketch", 9),
        PictureRef.of_painting("durer-lion"),
        PictureRef("monet", "study", 10, spoiler=True),
    )
    stored = await sessions.put(replace(SESSION, styles=styles, adding=True, album_adds=True, left_out=True))
    assert await sessions.get(SESSION.key) == stored
    assert stored.pictures == [PictureRef("cat", "kitten", 8), *styles]
    assert [style.painting for style in stored.styles] == [None, "durer-lion", None]
    assert await sessions.with_picture_of(-1, 10) == [stored]
    new = PictureRef("manet", "draft", 10)
    [changed] = await sessions.replace_picture(-1, new)
    assert changed.styles == (*styles[:2], new)
    await Chats(database).move(-1, -100)
    moved = await sessions.get(SESSION.key._replace(chat_id=-100))
    assert moved is not None
    assert moved.styles == (
        PictureRef("degas", "sketch"),
        PictureRef.of_painting("durer-lion"),
        PictureRef("manet", "draft"),
    )


async def test_a_sheet_is_known_by_what_is_on_it(database: Database) -> None:
    sheets = Sheets(database)
    assert await sheets.file_id("spring") is None
    for file_id in ("first", "second"):
        await sheets.put("spring", file_id)
        assert await sheets.file_id("spring") == file_id
    await sheets.forget("spring")
    assert await sheets.file_id("spring") is None


async def test_a_question_is_noted_for_the_pictures_it_is_about(sessions: Sessions) -> None:
    asked = await sessions.put(replace(SESSION, question_due=True))
    assert [session.key for session in await sessions.due()] == [SESSION.key]
    changed = await sessions.put(replace(asked, styles=(PictureRef("degas"),)))
    assert await sessions.asked(asked, prompt_message_id=20) is None
    assert await sessions.get(SESSION.key) == changed
    assert await sessions.asked(changed, prompt_message_id=21) == changed
    noted = replace(changed, prompt_message_id=21, question_due=False)
    assert await sessions.get(SESSION.key) == noted
    assert await sessions.of_question(-1, 21) == noted
    assert await sessions.of_question(-1, 20) is None
    assert await sessions.due() == []


async def test_changes_of_one_session_follow_each_other(sessions: Sessions) -> None:
    """None is made to what another has replaced meanwhile."""

    def count(session: Session | None) -> Session:
        session = session or SESSION
        return replace(session, changed_by=(session.changed_by or 0) + 1)

    await asyncio.gather(*(sessions.change(SESSION.key, count) for _ in range(20)))
    changed = await sessions.get(SESSION.key)
    assert changed is not None
    assert changed.changed_by == 20
    assert not await sessions.change(SESSION.key, lambda session: session)


async def test_a_picture_is_replaced_wherever_its_message_is(sessions: Sessions) -> None:
    await sessions.put(SESSION)
    other = replace(
        SESSION, user_id=8, content=PictureRef("dog", None, 7), styles=(PictureRef("cat", "kitten", 8),)
    )
    await sessions.put(other)
    new = PictureRef("lion", "cub", 8, spoiler=True)
    changed = await sessions.replace_picture(-1, new)
    assert [(session.user_id, session.content, session.styles) for session in changed] == [
        (7, new, ()),
        (8, PictureRef("dog", None, 7), (new,)),
    ]
    assert all(session.question_due for session in changed)
    assert await sessions.replace_picture(-1, new) == []
    assert await sessions.replace_picture(-2, new) == []


async def test_photos_seen_are_swept_like_sessions(database: Database, clock: Clock) -> None:
    chats = Chats(database, now=clock)
    await chats.saw_photo(-1, 0, 7, PictureRef("old", message_id=1), "album")
    assert [picture.file_id for picture in await chats.album(-1, 7, "album")] == ["old"]
    clock.time += 1000
    await chats.saw_photo(-2, 0, 7, PictureRef("new", "thumb", 5, spoiler=True))
    assert await chats.sweep(idle=1000) == 1
    assert await chats.last_photo(-1, 0) is None
    assert await chats.album(-1, 7, "album") == []
    assert await chats.last_photo(-2, 0) == PictureRef("new", "thumb", 5, spoiler=True)
    await chats.forget_photos(-2)
    assert await chats.last_photo(-2, 0) is None


async def test_a_supergroup_is_known_by_the_id_it_had(database: Database) -> None:
    chats = Chats(database)
    assert await chats.earlier_id(-100) is None
    await chats.move(-1, -100)
    assert await chats.earlier_id(-100) == -1
