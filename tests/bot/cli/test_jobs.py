"""`stylegram jobs` and `stylegram users`, as typed beside a running bot."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import app
from bot.cli import program
from bot.settings import Settings
from bot.studio import queue
from core.executor.protocol import PaintFailed
from storage import Bans, Database, Job, Jobs, State, Users
from tests.bot.chat.conftest import done, send_pair
from tests.kit.command_line import stylegram
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.studio import is_in
from tests.kit.waiting import eventually


@pytest.fixture
async def shared(
    settings: Settings, easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """The database of a bot that runs, and looks around often, from beside it."""
    monkeypatch.setattr(queue, "LOOK_AROUND", 0.2)
    async with app.running(settings, easel):
        database = await Database.open(settings.database, shared=True)
        yield database
        await database.close()


@pytest.fixture
def jobs(shared: Database) -> Jobs:
    return Jobs(shared)


async def typed(settings: Settings, *arguments: str) -> Result:
    """In this process, as a dozen new ones take a dozen seconds."""
    environment = {"STYLEGRAM_DATA": str(settings.data)}
    return await asyncio.to_thread(CliRunner().invoke, program.app, arguments, env=environment)


async def said(settings: Settings, *arguments: str) -> str:
    """What a command that succeeds has to say."""
    ended = await typed(settings, *arguments)
    assert (ended.exit_code, ended.stderr) == (0, "")
    return ended.stdout


async def refused(settings: Settings, *arguments: str) -> str:
    ended = await typed(settings, *arguments)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    return ended.stderr


async def ask(user: Actor, expected: str) -> None:
    await send_pair(user)
    await user.tap("Light")
    await user.expect(text=expected)


async def newest(jobs: Jobs, user: Actor) -> Job:
    [job] = await jobs.latest(None, user.id, 1)
    return job


async def test_a_job_that_runs_is_stopped_and_its_message_says_so(
    settings: Settings, jobs: Jobs, easel: Easel, ann: Actor
) -> None:
    easel.hold()
    await ask(ann, "Painting")
    running = await newest(jobs, ann)
    await ask(ann, "You are next")
    waiting = await newest(jobs, ann)
    assert easel.at_work == 1

    assert "it was running" in await said(settings, "jobs", "cancel", str(running.id))
    await ann.expect(
        text="Cancelled.",
        buttons=["Paint it after all"],
        where=lambda seen: seen.id == running.progress_message_id,
    )
    await ann.expect(text="Painting", where=lambda seen: seen.id == waiting.progress_message_id)
    assert len(easel.begun) == 2
    assert "only one that waits or runs" in await refused(settings, "jobs", "cancel", str(running.id))
    easel.go_on()


async def test_a_job_that_waits_is_cancelled_and_its_message_says_so(
    settings: Settings, jobs: Jobs, easel: Easel, ann: Actor
) -> None:
    easel.hold()
    await ask(ann, "Painting")
    await ask(ann, "You are next")
    waiting = await newest(jobs, ann)
    assert "it was queued" in await said(settings, "jobs", "cancel", str(waiting.id))
    await ann.expect(text="Cancelled.", where=lambda seen: seen.id == waiting.progress_message_id)
    easel.go_on()
    assert len(await done(jobs, ann)) == 1
    assert len(easel.begun) == 1


async def test_a_job_that_failed_is_tried_again_in_its_message(
    settings: Settings, jobs: Jobs, easel: Easel, ann: Actor
) -> None:
    easel.failures.append(PaintFailed("losses are not finite"))
    await ask(ann, "Sorry")
    failed = await is_in(State.FAILED, await newest(jobs, ann), jobs)
    assert "in the queue again" in await said(settings, "jobs", "retry", str(failed.id))
    await ann.expect(
        photo=True, buttons=["Another style"], where=lambda s: s.id == failed.progress_message_id
    )
    assert (await is_in(State.DONE, failed, jobs)).error is None
    assert "only one that failed" in await refused(settings, "jobs", "retry", str(failed.id))


async def test_jobs_as_a_table_and_as_json(settings: Settings, jobs: Jobs, ann: Actor, ben: Actor) -> None:
    for user in (ann, ben):
        await send_pair(user)
        await user.tap("Wild")
        await done(jobs, user)
    table = await said(settings, "jobs", "list")
    assert [line.split()[:5] for line in table.splitlines()[1:]] == [
        ["2", "done", str(ben.id), str(ben.id), "wild"],
        ["1", "done", str(ann.id), str(ann.id), "wild"],
    ]
    for arguments, ids in (
        (["--user", str(ann.id)], [1]),
        (["--limit", "1"], [2]),
        (["--state", "done"], [2, 1]),
        (["--state", "failed"], []),
    ):
        listed = json.loads(await said(settings, "jobs", "list", "--json", *arguments))
        assert [job["id"] for job in listed] == ids
    shown = json.loads(await said(settings, "jobs", "show", "1", "--json"))
    assert (shown["state"], shown["user_id"], shown["strength"]) == ("done", ann.id, "wild")
    assert "wild" in await said(settings, "jobs", "show", "1")
    for command in ("show", "retry", "cancel"):
        assert "There is no job 99" in await refused(settings, "jobs", command, "99")


async def test_who_is_banned_is_shut_out_and_stopped(
    settings: Settings, shared: Database, easel: Easel, ann: Actor
) -> None:
    easel.hold()
    await ask(ann, "Painting")
    banned = await said(settings, "users", "ban", str(ann.id), "--reason", "too many cats")
    assert banned == f"User {ann.id} is banned; jobs cancelled: 1.\n"
    await ann.expect(text="Cancelled.")
    await eventually(lambda: easel.at_work == 0)
    await ann.send_photo(picture("red"))
    await ann.expect(text="You can no longer use this bot: too many cats")
    await said(settings, "users", "ban", "7")
    listed = json.loads(await said(settings, "users", "list", "--banned", "--json"))
    assert [(user["id"], user["reason"]) for user in listed] == [(ann.id, "too many cats"), (7, None)]

    assert "no longer banned" in await said(settings, "users", "unban", str(ann.id))
    assert await Bans(shared).get(ann.id) is None
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    assert "was not banned" in await refused(settings, "users", "unban", str(ann.id))


async def test_users_as_a_table_and_as_json(settings: Settings, shared: Database, ann: Actor) -> None:
    await send_pair(ann)
    await ann.tap("Light")
    await done(Jobs(shared), ann)
    await Users(shared).ensure(7)
    [header, *lines] = (await said(settings, "users", "list")).splitlines()
    assert header.split()[:2] == ["id", "language"]
    assert [line.split()[0] for line in lines] == ["7", str(ann.id)]
    shown = json.loads(await said(settings, "users", "show", str(ann.id), "--json"))
    assert (shown["jobs"], shown["done"], shown["banned"]) == (1, 1, None)
    assert "balanced" in await said(settings, "users", "show", str(ann.id))
    assert "has never met user 8" in await refused(settings, "users", "show", "8")


def test_where_no_bot_has_been_each_command_ends_in_one_line(tmp_path: object) -> None:
    for arguments in (("jobs", "list"), ("users", "ban", "7")):
        ended = stylegram(*arguments, STYLEGRAM_DATA=f"{tmp_path}/nowhere")
        assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
