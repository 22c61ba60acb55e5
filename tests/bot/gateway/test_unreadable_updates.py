"""An update that cannot be read is passed over alone, and everybody else is served."""

import json
import logging

import httpx
import pytest

from bot import app
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from storage import Database, Inbox, Letter
from tests.kit.easel import Easel
from tests.kit.people import Actor
from tests.kit.ports import free_address

SECRET = "something that somebody wrote"  # noqa: S105
CHAT = {"id": 7, "type": "private"}
UNREADABLE = {
    "a message without a date": {"message": {"message_id": 1, "chat": CHAT, "text": SECRET}},
    "a poll that lacks a field": {
        "message": {"message_id": 1, "date": 1, "chat": CHAT, "poll": {"id": "1", "question": SECRET}}
    },
    "a message without a chat": {
        "message": {
            "message_id": 1,
            "date": 1,
            "text": SECRET,
            "from": {"id": 5, "is_bot": False, "first_name": "A"},
        }
    },
    "a message that is none": {"message": SECRET},
    "a tap by nobody": {"callback_query": {"id": "1", "data": SECRET}},
    "a number beyond the database": {
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": CHAT,
            "from": {"id": 2**63, "is_bot": False, "first_name": SECRET},
        }
    },
    "a number beyond all": {"message": {"message_id": 10**400, "date": 1, "chat": CHAT, "text": SECRET}},
    "a date beyond all": {"message": {"message_id": 1, "date": 10**17, "chat": CHAT, "text": SECRET}},
}
NO_UPDATES = {"a text": SECRET, "nothing": None, "a list": [SECRET], "a number": 7}


@pytest.fixture(params=["polling", "webhook"])
def source(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    listen = free_address()
    hook = {"webhook_url": f"http://{listen}/hook", "webhook_secret": "s3cret"}
    changes = {"listen": listen, **(hook if request.param == "webhook" else {})}
    return Settings.load(**settings.model_dump() | changes)


@pytest.mark.parametrize("update", UNREADABLE.values(), ids=UNREADABLE)
async def test_it_is_passed_over_alone(
    api: Emulator,
    source: Settings,
    ann: Actor,
    caplog: pytest.LogCaptureFixture,
    update: dict[str, object],
) -> None:
    api.world.updates.add_raw(update)
    await ann.send_text("/help")
    async with app.running(source, Easel()):
        await ann.expect(text="Send me a photo")
        await ann.expect(text="two pictures")
    async with app.running(source, Easel()):
        await ann.send_text("/help")
        await ann.expect(text="two pictures")
    passed_over = [line for line in caplog.records if line.levelno >= logging.WARNING]
    assert [line.message for line in passed_over] == ["update passed over"]
    assert passed_over[0].reason == f"unreadable: {next(iter(update))}"
    assert SECRET not in caplog.text


@pytest.mark.parametrize("update", NO_UPDATES.values(), ids=NO_UPDATES)
async def test_what_is_no_update_holds_up_nobody(
    api: Emulator, settings: Settings, ann: Actor, caplog: pytest.LogCaptureFixture, update: object
) -> None:
    async with app.running(settings, Easel()):
        await ann.expect(text="Send me a photo")
        api.world.updates.add_raw(update)
        await ann.send_text("/help")
        await ann.expect(text="two pictures")
    assert SECRET not in caplog.text


async def test_what_an_earlier_version_could_read_does_not_end_this_one(
    settings: Settings, ann: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    database = await Database.open(settings.database)
    left = [
        Letter(number, 7, json.dumps({"update_id": number, **update}))
        for number, update in enumerate(UNREADABLE.values())
    ]
    await Inbox(database).put(left)
    await database.close()
    async with app.running(settings, Easel()):
        await ann.expect(text="Send me a photo")
    database = await Database.open(settings.database)
    assert await Inbox(database).left() == []
    await database.close()
    assert SECRET not in caplog.text


async def test_it_is_counted(api: Emulator, settings: Settings, ann: Actor) -> None:
    watched = settings.model_copy(update={"listen": free_address()})
    for update in UNREADABLE.values():
        api.world.updates.add_raw(update)
    await ann.send_text("/help")
    async with app.running(watched, Easel()):
        await ann.expect(text="two pictures")
        async with httpx.AsyncClient() as client:
            metrics = (await client.get(f"http://{watched.listen}/metrics")).text
    assert f"stylegram_unreadable_updates_total {len(UNREADABLE):.1f}" in metrics
