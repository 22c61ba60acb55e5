"""The log of a busy day, at its most talkative: whose job each line is about, and nothing that is private."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import app
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import ApiError, too_many_requests
from bot.demo.telegram.faults import Break, server_error
from bot.ops import logs
from bot.settings import Settings
from core.decoding.picture import PictureError, Reason
from core.executor.protocol import PaintFailed, WorkerLost
from storage import Database, Jobs
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.ports import free_address
from tests.kit.small_disk import SmallDisk
from tests.kit.waiting import eventually

TEXT, CAPTION, FILE, NAME, TITLE = ("t3xt-of-a-message", "c4ption", "f1le", "N4me", "T1tle")
SECRET = "s3cret-of-the-webhook"  # noqa: S105
PRIVATE = (TEXT, CAPTION, FILE, NAME, TITLE, SECRET)

# What the studio says that is about no job in particular.
OF_JOBS = {
    f"bot.studio.{name}"
    for name in ("attempt", "attempts", "cancelling", "progress_updates", "queue", "studio")
}
OF_ALL = {"took up interrupted jobs", "cannot take the next job"}  # of no single job


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    ours = [root, *map(logging.getLogger, ("bot", "core", "storage"))]
    handlers, levels = root.handlers[:], [logger.level for logger in ours]
    yield
    root.handlers[:] = handlers
    for logger, level in zip(ours, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def talkative(settings: Settings) -> Settings:
    listen = free_address()
    return Settings.load(
        **settings.model_dump()
        | {"log_level": "DEBUG", "log_format": "json", "limit_user": 10}
        | {"listen": listen, "webhook_url": f"http://{listen}", "webhook_secret": SECRET}
    )


async def test_a_busy_day(
    api: Emulator, talkative: Settings, easel: Easel, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(talkative)
    ann, ben = (
        Actor.join(api.world, f"{NAME} Ann", username=f"{NAME}_ann"),
        Actor.join(api.world, f"{NAME} Ben"),
    )
    group = api.world.add_group(TITLE, [ann.person, ben.person])
    async with app.running(talkative, easel):
        await says_things(ann)
        await delivered(ann)
        await fails_in_every_way(ann, easel)
        await in_a_group(ann, group)
        await goes_wrong_on_the_way(api, ann, easel)
        await called_off(ann, ben, easel)
        await leaves(api, ben, easel)
    async with app.running(talkative, easel):
        await ann.send_text(f"/help {TEXT}")
        await ann.expect(text="two pictures")

    output = capsys.readouterr().err
    for private in (*PRIVATE, talkative.token.get_secret_value()):
        assert private not in output
    lines: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]
    assert {"queued", "painting", "delivered", "cancelled", "job failed", "worker lost, job put back"} <= {
        line["event"] for line in lines
    }
    for line in lines:
        if line["logger"] in OF_JOBS and line["event"] not in OF_ALL:
            assert "job" in line, line
    assert {"progress not shown", "update failed"} <= {line["event"] for line in lines}
    database = await Database.open(talkative.database)
    owners = {line["job"]: await Jobs(database).get(line["job"]) for line in lines if "job" in line}
    await database.close()
    assert len(owners) >= 8
    for line in lines:
        if "job" in line and (job := owners[line["job"]]):
            assert (line["chat"], line["user"]) == (job.chat_id, job.user_id), line


async def says_things(user: Actor) -> None:
    await user.send_text(TEXT)
    await user.expect()
    await user.send_text(f"https://example.org/{TEXT}")
    await user.expect()
    await user.send_document(TEXT.encode(), CAPTION, name=f"{FILE}.txt", mime_type="text/plain")
    await user.expect()
    await user.send_text(f"/{TEXT}")
    await user.expect()


async def orders(user: Actor) -> None:
    await user.send_document(picture("red", kind="PNG"), CAPTION, name=f"{FILE}.png")
    await user.expect(text="style")
    await user.send_photo(picture("blue"), CAPTION)
    await user.expect(text="How strong")
    await user.tap("Balanced", wait=False)


async def delivered(user: Actor) -> None:
    await orders(user)
    await user.expect(photo=True, buttons=["Another style"])


async def fails_in_every_way(user: Actor, easel: Easel) -> None:
    for error in (
        PaintFailed("the loss is nan"),
        PictureError(Reason.TOO_SMALL, "8 x 8"),
        ArithmeticError("a mistake of ours"),
    ):
        easel.failures.append(error)
        await orders(user)
        await user.expect(text="tiny" if isinstance(error, PictureError) else "Sorry")
    easel.failures.append(WorkerLost("killed"))
    await delivered(user)


async def in_a_group(user: Actor, group: Chat) -> None:
    photo = await user.send_photo(picture("red"), CAPTION, chat=group)
    await user.send_text("/style", chat=group, reply_to=photo)
    question = await user.expect(chat=group)
    await user.send_photo(picture("blue"), CAPTION, chat=group, reply_to=question)
    await user.expect(text="How strong", chat=group)
    await user.tap("Balanced", chat=group, wait=False)
    await user.expect(photo=True, buttons=["Another style"], chat=group)


async def goes_wrong_on_the_way(api: Emulator, user: Actor, easel: Easel) -> None:
    """Requests that fail, updates that fail with them, progress that cannot be shown."""
    api.faults.next("sendMessage", ApiError(400, "Bad Request: out of mood"))
    await user.send_text(TEXT)
    await eventually(lambda: not api.faults.planned)
    easel.hold()
    api.faults.next("editMessageMedia", ApiError(400, "Bad Request: out of mood"))
    await orders(user)
    await eventually(lambda: easel.at_work == 1 and not api.faults.planned)
    api.faults.next("editMessageMedia", too_many_requests(retry_after=1))
    easel.go_on()
    await user.expect(photo=True, buttons=["Another style"])
    api.faults.next("download", Break.DROP_BEFORE)
    api.faults.next("getFile", server_error())
    await delivered(user)


async def called_off(user: Actor, other: Actor, easel: Easel) -> None:
    """With somebody else in the queue, who sees the line move."""
    easel.hold()
    await orders(user)
    await user.expect(photo=True, buttons=["Cancel"])
    await eventually(lambda: easel.at_work == 1)
    await orders(other)
    await other.expect(text="You are next")
    await user.tap("Cancel", wait=False)
    await user.expect(text="Cancelled")
    easel.go_on()
    await other.expect(photo=True, buttons=["Another style"])


async def leaves(api: Emulator, user: Actor, easel: Easel) -> None:
    """Blocks the bot with one job at work and another in the queue."""
    easel.hold()
    for _ in range(2):
        await orders(user)
    await eventually(lambda: easel.at_work == 1)
    user.block()
    easel.go_on()
    await eventually(lambda: easel.at_work == 0 and not api.faults.planned)


async def test_what_fails_with_the_database_carries_the_jobs_id_too(
    api: Emulator,
    talkative: Settings,
    easel: Easel,
    small_disk: SmallDisk,
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up(talkative)
    ann = Actor.join(api.world, NAME)
    easel.hold()
    async with app.running(talkative.model_copy(update={"data": small_disk.folder}), easel):
        await orders(ann)
        await eventually(lambda: easel.at_work == 1)
        small_disk.fill()
        easel.go_on()
        await eventually(lambda: easel.at_work == 0)
        await ann.expect(photo=True, buttons=["Another style"])
        await ann.expect_silence()
        small_disk.free()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    stuck = [line for line in lines if line["event"] == "cannot store yet"]
    assert stuck
    assert all("No room left" in line["reason"] and line["job"] == 1 for line in stuck)
