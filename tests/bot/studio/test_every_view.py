"""Whatever a message shows and whatever becomes of a request, at the end it stands there, once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import too_many_requests
from bot.demo.telegram.faults import Break, Fault, RawAnswer, server_error
from bot.gateway import retries
from bot.studio import views
from bot.studio.job_message import JobMessage
from bot.studio.progress_updates import EditPace, ProgressMessage
from bot.studio.view import View
from core.executor.protocol import Done, Progress
from storage import Chats, Database, Job, Jobs, NewJob, PictureRef, QueueLimits, Users
from tests.kit.easel import png_and_jpeg
from tests.kit.people import Actor

PNG, JPEG = png_and_jpeg((200, 0, 0))
DONE = Done(JPEG, PNG, 32, 32, 1.0)
PROGRESS = Progress(3, 5, 0.6, 32, None, 1.0, 1.0, JPEG)

VIEWS: dict[str, Callable[[Job], View]] = {
    "waiting": lambda job: views.waiting(job, 2, None),
    "starting": views.starting,
    "painting": lambda job: views.painting(job, PROGRESS),
    "painting without a picture": lambda job: views.painting(job, replace(PROGRESS, preview=None)),
    "result": lambda job: views.result(job, DONE, None),
    "result without buttons": lambda job: replace(views.result(job, DONE, None), keyboard=None),
    "file": lambda job: views.result_file(job, PNG, None),
    "result as a file": lambda job: replace(
        views.result(job, DONE, None), picture=None, file=views.as_file(job, PNG)
    ),
    "cancelled": views.cancelled,
    "failed": views.failed,
    "refused": lambda job: views.failed(replace(job, refusal="too small")),
    "not allowed": lambda job: views.failed(replace(job, refusal=views.Trouble.NOT_ALLOWED)),
    "not fetched": lambda job: views.failed(replace(job, refusal=views.Trouble.NOT_FETCHED)),
}

ALL_WELL = dict.fromkeys(VIEWS, True)

FAULTS: dict[str, Fault] = {
    "lost before": Break.DROP_BEFORE,
    "lost after": Break.DROP_AFTER,
    "429": too_many_requests(retry_after=1),
    "502": server_error(),
    "unreadable": RawAnswer(b"<html>"),
    "unreadable after": RawAnswer(b"<html>", takes_effect=True),
    "null": RawAnswer(b'{"ok": true, "result": null}', takes_effect=True),
    "HTML as a 404": RawAnswer(b"<html>", status=404),
}

Put = Callable[[str], Awaitable[tuple[Actor, JobMessage]]]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.01)


@pytest.fixture
def put(api: Emulator, bot: ExtBot[Any], database: Database, jobs: Jobs) -> Put:
    """Somebody's job, whose message shows words or a picture: known or, as after a restart, not."""

    async def put(shows: str) -> tuple[Actor, JobMessage]:
        zoe = Actor.join(api.world, "Zoe")
        zoe.unblock()
        await Users(database).ensure(zoe.id)
        new = NewJob(
            request_key=f"request of {zoe.id}",
            chat_id=zoe.id,
            user_id=zoe.id,
            content=PictureRef("photo"),
            styles=(PictureRef("style"),),
            strength="balanced",
        )
        job, _ = await jobs.add(new, QueueLimits())
        message = JobMessage(bot, job, jobs, Chats(database))
        await message.put(views.starting(job) if "words" in shows else views.painting(job, PROGRESS))
        if "unknown" in shows:
            message = JobMessage(bot, await jobs.get(job.id) or job, jobs, Chats(database))
        return zoe, message

    return put


async def settle(message: JobMessage, view: View) -> None:
    progress = ProgressMessage(message, EditPace(0, 0), lambda: None)
    async with asyncio.timeout(30):
        await progress.settle(view)


def stands(api: Emulator, user: Actor, view: View) -> bool:
    """Exactly one message is there, and it shows this."""
    [message] = [one for one in user.private.messages.values() if one.sender is api.world.bot]
    buttons = view.keyboard.inline_keyboard if view.keyboard else ()
    shown = (message.keyboard or {}).get("inline_keyboard", [])
    labels = [button["text"] for row in shown for button in row if "callback_data" in button]
    media = "document" if view.file else "photo" if view.picture else ""
    return (
        message.text == view.text
        and labels == [button.text for row in buttons for button in row]
        and (not media or media in message.content)
    )


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_an_edit_takes_effect_once_whatever_becomes_of_its_answer(
    api: Emulator, put: Put, fault: Fault
) -> None:
    async def edit(make_view: Callable[[Job], View]) -> bool:
        user, message = await put("words")
        view = make_view(message.job)
        api.faults.next("edit*", fault, chat_id=user.id)
        await settle(message, view)
        return stands(api, user, view)

    assert dict(zip(VIEWS, await asyncio.gather(*map(edit, VIEWS.values())), strict=True)) == ALL_WELL
    uploads = [media for media in api.world.files.all if media.of_bot]
    assert len(uploads) <= 2 * len(VIEWS)  # a lost answer costs one more, and not an hour of them


@pytest.mark.parametrize("shows", ["words", "a picture", "unknown words", "an unknown picture"])
async def test_what_stands_there_already_is_well(api: Emulator, put: Put, shows: str) -> None:
    async def edit(make_view: Callable[[Job], View]) -> bool:
        user, message = await put(shows)
        view = make_view(message.job)
        for _ in range(2):
            await settle(message, view)
        return stands(api, user, view)

    assert dict(zip(VIEWS, await asyncio.gather(*map(edit, VIEWS.values())), strict=True)) == ALL_WELL


async def test_what_was_deleted_comes_anew(api: Emulator, put: Put) -> None:
    async def edit(make_view: Callable[[Job], View]) -> bool:
        user, message = await put("a picture")
        [shown] = user.private.messages.values()
        api.world.delete(shown)
        view = make_view(message.job)
        await settle(message, view)
        return stands(api, user, view)

    assert dict(zip(VIEWS, await asyncio.gather(*map(edit, VIEWS.values())), strict=True)) == ALL_WELL


async def test_every_answer_about_a_file_may_be_lost(api: Emulator, put: Put) -> None:
    user, message = await put("words")
    view = views.result_file(message.job, PNG, None)
    api.faults.next("editMessageMedia", Break.DROP_AFTER, times=3)
    await settle(message, view)
    assert stands(api, user, view)
