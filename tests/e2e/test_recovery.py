"""What dies in the middle is made up for: each picture arrives, and only once."""

import asyncio
import os
import signal

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from core.executor.local.executor import LocalExecutor
from storage import Database, DatabaseInUse, Inbox, Jobs, State
from tests.e2e.conftest import (
    RESULT,
    BotProcess,
    RunBot,
    ask,
    has_colour,
    has_shape_of,
    picture,
    result,
    results_in,
    takes_the_place_of,
)
from tests.kit.people import Actor

GREY, TEAL = (128, 128, 128), (0, 128, 128)
CONTENT, STYLE = picture(GREY, 64, 51), picture(TEAL)


async def painting(user: Actor) -> SeenMessage:
    """Any state of what is being painted."""
    return await user.expect(photo=True, text="Painting", buttons=["Cancel"], timeout=120)


async def test_the_bot_is_killed_while_it_paints_and_started_again(
    api: Emulator, process: BotProcess
) -> None:
    ann = Actor.join(api.world, "Ann")
    await process.start()
    await ask(ann, CONTENT, STYLE, "Classic")
    progress = await painting(ann)
    await process.restart(kindly=False)
    shown = await result(ann)
    await takes_the_place_of(progress, shown, api)
    assert has_shape_of(shown, CONTENT)
    await ann.expect_silence(3)
    assert len(results_in(ann)) == 1
    assert api.token not in process.log.read_text()


async def test_the_bot_is_told_to_stop_while_it_paints_and_started_again(
    api: Emulator, process: BotProcess, settings: Settings
) -> None:
    ann = Actor.join(api.world, "Ann")
    await process.start()
    await ask(ann, CONTENT, STYLE, "Classic")
    progress = await painting(ann)
    process.terminate()
    assert await process.ended() == 0

    database = await Database.open(settings.database)
    [job] = await Jobs(database).of_user(ann.id)
    assert (job.state, job.attempt) == (State.QUEUED, 0)
    await database.close()

    await process.start()
    shown = await result(ann)
    await takes_the_place_of(progress, shown, api)
    assert len(results_in(ann)) == 1


async def test_the_worker_is_killed_while_it_paints(
    api: Emulator, run_bot: RunBot, worker: LocalExecutor
) -> None:
    ann = Actor.join(api.world, "Ann")
    async with run_bot():
        await ask(ann, CONTENT, STYLE, "Classic")
        progress = await painting(ann)
        os.kill(worker.pids[0], signal.SIGKILL)
        shown = await result(ann)
    await takes_the_place_of(progress, shown, api)
    assert has_shape_of(shown, CONTENT)
    assert len(results_in(ann)) == 1


async def test_what_is_cancelled_makes_room_for_the_next(api: Emulator, run_bot: RunBot) -> None:
    ann, ben = Actor.join(api.world, "Ann"), Actor.join(api.world, "Ben")
    async with run_bot(size=128):
        await ask(ann, picture(GREY, 128, 96), STYLE, "Classic")  # which takes longer than Ben to ask
        await painting(ann)
        await ask(ben, CONTENT, STYLE)
        await ben.expect(text="You are next")
        await ann.tap("Cancel", wait=False)
        await ann.expect(text="Cancelled", buttons=["Paint it after all"])
        await result(ben)
        await ann.expect_silence(0)
    assert results_in(ann) == []


async def at_rest(settings: Settings) -> None:
    """The bot has put away all it has answered, which is a moment after the answer is seen."""
    database = await Database.open(settings.database, shared=True)
    async with asyncio.timeout(30):
        while await Inbox(database).left() or (await Jobs(database).counts())[State.RUNNING]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await database.close()


async def test_restarts_between_any_two_messages_are_not_noticed(
    api: Emulator, process: BotProcess, settings: Settings
) -> None:
    """Told to stop and killed by turns; the bot answers what it is sent while it is away, too."""
    ann = Actor.join(api.world, "Ann")

    async def restart(*, kindly: bool) -> None:
        await at_rest(settings)
        await process.restart(kindly=kindly)

    await process.start()
    await ann.send_photo(CONTENT)
    await ann.expect(text="style")
    await restart(kindly=True)
    await ann.send_photo(STYLE)
    await ann.expect(text="How strong", buttons=["Light"])
    await restart(kindly=False)
    await ann.tap("Light", wait=False)
    shown = await result(ann)
    assert has_colour(shown, TEAL)

    await restart(kindly=True)
    await ann.tap_more("As a file")
    await ann.expect(document=True)
    await restart(kindly=False)
    await ann.tap("Strong", wait=False)
    await ann.expect(photo=True, buttons=RESULT, where=lambda seen: seen.id != shown.id, timeout=120)
    assert len(results_in(ann)) == 2


async def test_what_is_sent_just_before_the_bot_is_killed_is_not_lost(
    api: Emulator, process: BotProcess
) -> None:
    """Killed at some moment between fetching a message and answering it, or before, or after."""
    ann = Actor.join(api.world, "Ann")
    await process.start()
    await ann.send_text("/help")
    await ann.expect(text="photo")
    for number, moment in enumerate((0.0, 0.003, 0.01, 0.03)):
        await ann.send_text(f"/help {number}")
        await asyncio.sleep(moment)
        await process.restart(kindly=False)
        await ann.expect(text="photo")
    await ann.send_photo(CONTENT)
    await asyncio.sleep(0.01)
    await process.restart(kindly=False)
    await ann.expect(text="style")


async def test_a_second_bot_on_the_same_database_refuses_to_start(
    api: Emulator, process: BotProcess, settings: Settings
) -> None:
    ann = Actor.join(api.world, "Ann")
    await ann.send_text("/start")
    await process.start()
    await ann.expect(text="photo")
    second = BotProcess(settings)
    await second.start()
    assert await second.ended() == 1
    assert str(DatabaseInUse(f"Another process is running on {settings.database}")) in second.log.read_text()
    await ann.send_text("/help")
    await ann.expect(text="photo")


async def test_a_bot_with_jobs_waiting_moves_to_a_cluster_and_back(
    api: Emulator, process: BotProcess
) -> None:
    """By one setting, and nobody's picture is lost or comes twice."""
    people = [Actor.join(api.world, name) for name in ("Ann", "Ben")]
    await process.start()
    for person in people:
        await ask(person, CONTENT, STYLE)
    await painting(people[0])
    process.options = {"STYLEGRAM_EXECUTOR": "cluster"}
    await process.restart(kindly=True)
    assert [has_colour(await result(person), TEAL) for person in people] == [True] * 2

    for person in people:
        await ask(person, CONTENT, STYLE, "Classic")
    await painting(people[0])
    process.options = {}
    await process.restart(kindly=False)
    for person in people:
        await person.expect(photo=True, buttons=RESULT, timeout=120)
    await people[-1].expect_silence(3)
    assert [len(results_in(person)) for person in people] == [2] * 2
