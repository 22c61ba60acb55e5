"""A question that was asked twice, as by a bot killed before it had noted it: either copy works."""

from dataclasses import replace

import pytest

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from storage import Broadcasts, Database, Jobs, SessionKey, Sessions
from tests.bot.chat.conftest import Restart, done, is_gone, result, send_pair
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, RED, picture
from tests.kit.waiting import until

FIRST, SECOND = 0, 1
either = pytest.mark.parametrize("copy", [FIRST, SECOND])


@pytest.fixture
def settings(settings: Settings, ben: Actor) -> Settings:
    """Ben is an administrator."""
    return settings.model_copy(update={"admin_ids": frozenset({ben.id})})


async def asked_twice(ann: Actor, sessions: Sessions, restart: Restart) -> list[SeenMessage]:
    first = await send_pair(ann)
    await not_noted(ann, sessions)
    await restart()
    return [first, await ann.expect(text="How strong", photo=True)]


async def not_noted(ann: Actor, sessions: Sessions) -> None:
    """Make the database what it was before the question was noted."""

    async def noted() -> bool:
        session = await sessions.get(SessionKey(ann.id, 0, ann.id))
        return session is not None and not session.question_due

    await until(noted)
    session = await sessions.get(SessionKey(ann.id, 0, ann.id))
    assert session is not None
    await sessions.put(replace(session, prompt_message_id=None, question_due=True))


@either
async def test_either_copy_paints(
    ann: Actor, sessions: Sessions, jobs: Jobs, restart: Restart, easel: Easel, copy: int
) -> None:
    asked = await asked_twice(ann, sessions, restart)
    easel.hold()
    assert await ann.tap("Light", message=asked[copy]) == "Here we go!"
    if copy == FIRST:
        await is_gone(ann, asked[SECOND])
    else:
        assert await ann.tap("Wild", message=asked[FIRST]) == "I'm on it already."
    easel.go_on()
    shown = await result(ann, RED, BLUE)
    assert shown.id == asked[copy].id
    assert len(await done(jobs, ann)) == 1


@either
async def test_a_switch_under_either_is_shown_under_both(
    ann: Actor, sessions: Sessions, restart: Restart, copy: int
) -> None:
    asked = await asked_twice(ann, sessions, restart)
    await ann.tap("Keep colours", message=asked[copy])
    await ann.expect(buttons=["✅ Keep colours"], where=lambda seen: seen.id == asked[SECOND].id)
    assert "✅ Keep colours" in ann.seen(ann.message(asked[copy]).to_json()).buttons


@either
async def test_cancel_under_either_cancels(
    ann: Actor, sessions: Sessions, restart: Restart, copy: int
) -> None:
    asked = await asked_twice(ann, sessions, restart)
    await ann.tap("Cancel", message=asked[copy])
    await is_gone(ann, asked[copy])
    await is_gone(ann, asked[SECOND])
    await ann.expect(text="Cancelled")


async def test_a_copy_about_other_pictures_says_what_to_do_now(
    ann: Actor, sessions: Sessions, jobs: Jobs, restart: Restart
) -> None:
    first, _ = await asked_twice(ann, sessions, restart)
    await ann.send_photo(picture("green"))
    await ann.expect(text="How strong", photo=True)
    assert "settled. I have your pictures" in await ann.tap("Light", message=first)
    assert await jobs.latest(None, ann.id, 9) == []


async def test_another_style_is_asked_about_even_if_the_bot_dies_before_it_does(
    ann: Actor, sessions: Sessions, restart: Restart
) -> None:
    """The earlier question was noted: it is no answer to what was sent since."""
    await send_pair(ann)
    session = await sessions.get(SessionKey(ann.id, 0, ann.id))
    assert session is not None
    await sessions.put(replace(session, question_due=True))
    await restart()
    await ann.expect(text="How strong", photo=True)


@either
async def test_the_style_is_taken_from_either_question_in_a_group(
    api: Emulator, ann: Actor, jobs: Jobs, restart: Restart, copy: int
) -> None:
    friends = api.world.add_supergroup("Friends", [ann.person])
    photo = await ann.send_photo(picture("red"), chat=friends)
    asked = []
    for _ in range(2):
        await ann.send_text("/style", chat=friends, reply_to=photo)
        asked.append(await ann.expect(text="with the style picture", chat=friends))
    await ann.send_photo(picture("blue"), chat=friends, reply_to=asked[copy])
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)
    await done(jobs, ann)
    asked = []
    for _ in range(2):
        await ann.send_text("/style", chat=friends, reply_to=photo)
        asked.append(await ann.expect(text="with the style picture", chat=friends))
    await ann.tap("Use the last style", chat=friends, message=asked[copy])
    await ann.expect(text="How strong", chat=friends)
    await restart()
    assert "settled. I have your" in await ann.tap(
        "Use the last style", chat=friends, message=asked[1 - copy]
    )


@either
async def test_all_is_forgotten_by_either_copy(ann: Actor, copy: int) -> None:
    asked = []
    for _ in range(2):
        await ann.send_text("/forget")
        asked.append(await ann.expect(text="Shall I delete everything"))
    await ann.tap("Delete everything", message=asked[copy])
    await ann.expect(text="I have deleted")
    await ann.tap("Keep it", message=asked[1 - copy])
    await ann.expect(text="Nothing was deleted")


@either
async def test_a_broadcast_asked_about_twice_is_sent_once(
    api: Emulator, ann: Actor, ben: Actor, shared: Database, copy: int
) -> None:
    await ann.send_text("/start")
    await ann.expect()
    command = await ben.send_text("/broadcast hello")
    asked = [await ben.expect(text="Shall I send")]
    # As after a kill before the first question was noted, its update comes once more.
    api.world.updates.add("message", ben.message(command).to_json())
    asked.append(await ben.expect(text="Shall I send"))
    assert await Broadcasts(shared).get(2) is None
    await ben.tap("Send it", message=asked[copy])
    await ann.expect(text="hello")
    await ben.expect(text="Sent", where=lambda seen: seen.id == asked[copy].id)
    await ann.expect_silence(0.2)


async def test_a_swap_that_comes_again_swaps_once(api: Emulator, ann: Actor) -> None:
    await send_pair(ann)
    command = await ann.send_text("/swap")
    await ann.expect(text="How strong", photo=True)
    api.world.updates.add("message", ann.message(command).to_json())
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, BLUE, RED)
