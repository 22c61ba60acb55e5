"""Faults on demand, and what python-telegram-bot makes of each."""

import asyncio
import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import too_many_requests
from bot.demo.telegram.faults import ANY_METHOD, Break, RawAnswer, server_error
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]


def _said(ann: Actor) -> list[str]:
    return [message.text for message in ann.private.messages.values()][1:]


def seconds_told(error: RetryAfter) -> int:
    """How long to wait."""
    return int(re.search(r"Retry in (\d+)", str(error))[1])


async def test_too_many_requests(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.next("sendMessage", too_many_requests(retry_after=7))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(ann.id, "one")
    assert seconds_told(refused.value) == 7
    await bot.send_message(ann.id, "two")
    assert _said(ann) == ["two"]


async def test_a_server_error_as_often_as_planned(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.next("sendMessage", server_error(), times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(ann.id, "one")
    assert not api.faults.planned
    await bot.send_message(ann.id, "two")
    assert _said(ann) == ["two"]


@pytest.mark.parametrize(
    ("fault", "said"), [(Break.DROP_BEFORE, ["two"]), (Break.DROP_AFTER, ["one", "two"])]
)
async def test_a_dropped_connection(
    api: Emulator, bot: Bot, ann: Actor, fault: Break, said: list[str]
) -> None:
    api.faults.next("sendMessage", fault)
    with pytest.raises(NetworkError, match="RemoteProtocolError"):
        await bot.send_message(ann.id, "one")
    await bot.send_message(ann.id, "two")
    assert _said(ann) == said


@pytest.mark.parametrize(
    ("fault", "said"), [(Break.HANG_BEFORE, ["two"]), (Break.HANG_AFTER, ["one", "two"])]
)
async def test_no_answer(api: Emulator, bot: Bot, ann: Actor, fault: Break, said: list[str]) -> None:
    api.faults.next("sendMessage", fault)
    with pytest.raises(TimedOut):
        await bot.send_message(ann.id, "one", read_timeout=0.3)
    await bot.send_message(ann.id, "two")
    assert _said(ann) == said


async def test_a_hanging_request_does_not_keep_the_emulator() -> None:
    async with Emulator() as api:
        api.faults.next("getMe", Break.HANG_BEFORE)
        hanging = asyncio.create_task(Bot(api.token, base_url=f"{api.url}/bot").initialize())
        await asyncio.sleep(0.3)
        assert not hanging.done()
        begun = time.monotonic()
    assert time.monotonic() - begun < 4  # seconds; it would otherwise be cut off after five
    with pytest.raises(NetworkError):
        await hanging


async def test_uploads_meet_faults_too(api: Emulator, bot: Bot, ann: Actor, picture: MakePicture) -> None:
    api.faults.next("sendPhoto", Break.DROP_BEFORE)
    api.faults.next("sendPhoto", Break.DROP_AFTER)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_photo(ann.id, picture())
    assert (
        sum(message.is_photo for message in ann.private.messages.values() if hasattr(message, "is_photo"))
        == 0
    )
    assert len(_said(ann)) == 1


async def test_downloads_meet_faults_too(api: Emulator, bot: Bot, ann: Actor, picture: MakePicture) -> None:
    message = await ann.send_photo(picture())
    file = await bot.get_file(message.json["photo"][-1]["file_id"])
    for fault in (server_error(), Break.DROP_BEFORE):
        api.faults.next("download", fault)
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == message.photo_bytes()


async def test_any_method_and_none(api: Emulator, bot: Bot) -> None:
    api.faults.next(ANY_METHOD, server_error())
    await bot.get_updates()
    with pytest.raises(NetworkError):
        await bot.get_me()
    api.faults.next(ANY_METHOD, server_error(), times=3)
    api.faults.clear()
    await bot.get_me()


async def test_an_update_comes_twice(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.duplicate_updates(1)
    await ann.send_text("one")
    await ann.send_text("two")
    updates = await bot.get_updates()
    assert [update.message.text for update in updates] == ["/start", "one", "one", "two"]
    assert updates[1].update_id == updates[2].update_id
    assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()


async def test_updates_come_in_another_order(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.reorder_updates(2)
    for text in ("one", "two", "three"):
        await ann.send_text(text)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates] == ["/start", "two", "one", "three"]
    assert [update.update_id for update in updates] == sorted(update.update_id for update in updates)


async def test_updates_held_back_are_not_lost(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.reorder_updates(5)
    await ann.send_text("one")
    api.faults.clear()
    await ann.send_text("two")
    assert {update.message.text for update in await bot.get_updates()} == {"/start", "one", "two"}


async def test_flood_limits_when_asked_for() -> None:
    async with Emulator(flood_limits=True) as api, Bot(api.token, base_url=f"{api.url}/bot") as bot:
        ann = Actor.join(api.world, "Ann")
        await ann.send_text("/start")
        for number in range(3):
            await bot.send_message(ann.id, str(number))
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(ann.id, "too soon")
        assert 1 <= seconds_told(refused.value) <= 3
        friends = api.world.add_group("Friends", [ann.person])
        for number in range(20):
            await bot.send_message(friends.id, str(number))
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(friends.id, "too soon")
        assert 50 <= seconds_told(refused.value) <= 60


HTML = b"<html><body>Bad gateway</body></html>"


@pytest.mark.parametrize("takes_effect", [False, True])
async def test_an_answer_of_any_content(api: Emulator, ann: Actor, takes_effect: bool) -> None:
    api.faults.next("sendMessage", RawAnswer(HTML, 502, "text/html", takes_effect))
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{api.url}/bot{api.token}/sendMessage", json={"chat_id": ann.id, "text": "one"}
        )
    assert (answer.status_code, answer.content) == (502, HTML)
    assert _said(ann) == ["one"] * takes_effect


async def test_a_fault_of_one_chat(api: Emulator, bot: Bot, ann: Actor) -> None:
    ben = Actor.join(api.world, "Ben")
    await ben.send_text("/start")
    api.faults.next("sendMessage", server_error(), chat_id=ben.id)
    await bot.send_message(ann.id, "one")
    with pytest.raises(NetworkError):
        await bot.send_message(ben.id, "one")


async def test_a_fault_that_lasts(
    api: Emulator, bot: Bot, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.faults.for_a_time("send* edit*", server_error(), seconds=30)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.send_message(ann.id, "one")
    await bot.get_me()
    later = time.monotonic() + 31
    monkeypatch.setattr("bot.demo.telegram.faults.time", SimpleNamespace(monotonic=lambda: later))
    await bot.send_message(ann.id, "two")
    assert _said(ann) == ["two"]


async def test_a_flood_wait_of_one_chat(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.flood(seconds=30, chat_id=ann.id)
    ben = Actor.join(api.world, "Ben")
    await ben.send_text("/start")
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(ann.id, "one")
        assert 29 <= seconds_told(refused.value) <= 30
    await bot.send_message(ben.id, "one")
