"""Telegram's limits: who has to wait does so alone, and what matters is tried until it succeeds."""

import asyncio

import pytest
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.errors import too_many_requests
from bot.demo.telegram.faults import Break, server_error
from bot.gateway import request_limiter, retries
from bot.gateway.retries import patient, persist
from tests.kit.people import Actor
from tests.kit.waiting import eventually


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(retries, "BRIEFLY", 0.1)
    monkeypatch.setattr(request_limiter, "MARGIN", 0.0)


def said_to(user: Actor) -> list[str]:
    return [message.text for message in user.private.messages.values() if message.sender.is_bot]


async def say(bot: Bot, user: Actor, text: str) -> None:
    with patient(60):
        await bot.send_message(user.id, text)


async def test_a_flood_wait_is_one_chats_alone(api: Emulator, bot: Bot, ann: Actor, ben: Actor) -> None:
    api.faults.next("sendMessage", too_many_requests(1), chat_id=ann.id)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(say(bot, ann, "after the wait"))
        await eventually(lambda: not api.faults.planned)
        for number in range(5):
            await say(bot, ben, str(number))
        assert said_to(ben) == ["0", "1", "2", "3", "4"]
        assert said_to(ann) == []
    assert said_to(ann) == ["after the wait"]


async def test_who_waits_in_one_chat_takes_no_share_of_what_all_may_send(
    api: Emulator, bot: Bot, ann: Actor, ben: Actor
) -> None:
    api.faults.flood(30, chat_id=ann.id)
    with pytest.raises(RetryAfter):
        await bot.send_message(ann.id, "too much")
    crowd = [asyncio.create_task(say(bot, ann, str(number))) for number in range(100)]
    async with asyncio.timeout(2):
        for number in range(20):
            await say(bot, ben, str(number))
    for waiting in crowd:
        waiting.cancel()
    assert len(said_to(ben)) == 20


async def test_after_a_flood_wait_all_is_said_in_turn(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.next("sendMessage", too_many_requests(1))
    await asyncio.gather(*(say(bot, ann, str(number)) for number in range(5)))
    assert sorted(said_to(ann)) == ["0", "1", "2", "3", "4"]


async def test_what_nobody_is_owed_does_not_wait(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.next("editMessageText", too_many_requests(3600))
    message = await bot.send_message(ann.id, "1 %")
    for _ in range(2):  # the second is not even sent
        with pytest.raises(RetryAfter):
            await message.edit_text("2 %")
    with pytest.raises(RetryAfter):
        await bot.send_chat_action(ann.id, ChatAction.TYPING)
    api.faults.next("sendChatAction", server_error())
    assert len(api.faults.planned) == 1


async def test_an_absurd_wait_is_not_waited_for(
    api: Emulator, bot: Bot, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_limiter, "LONGEST_FLOOD", 0.1)
    api.faults.next("sendMessage", too_many_requests(10**9))
    await say(bot, ann, "at last")
    assert said_to(ann) == ["at last"]


async def test_a_chat_action_is_tried_once(api: Emulator, bot: Bot, ann: Actor) -> None:
    api.faults.next("sendChatAction", server_error(), times=2)
    with pytest.raises(NetworkError), patient(60):
        await bot.send_chat_action(ann.id, ChatAction.TYPING)
    assert len(api.faults.planned) == 1


async def test_patience_outlasts_an_outage_that_a_brief_try_does_not(
    api: Emulator, bot: Bot, ann: Actor
) -> None:
    api.faults.next("sendMessage", server_error(), times=12)
    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "briefly")
    api.faults.clear()
    api.faults.for_a_time("sendMessage", server_error(), seconds=0.5)
    await say(bot, ann, "patiently")
    assert said_to(ann) == ["patiently"]


async def test_patience_is_of_the_task_that_has_it(api: Emulator, bot: Bot, ann: Actor) -> None:
    """What is begun beside, such as showing progress, is soon old."""
    api.faults.for_a_time("sendMessage", server_error(), seconds=60)
    with patient(60):
        beside = asyncio.create_task(bot.send_message(ann.id, "progress"))
    with pytest.raises(NetworkError):
        await beside


async def test_to_persist_is_to_be_patient_and_refusals_end_it(api: Emulator, bot: Bot, ann: Actor) -> None:
    for fault in (server_error(), too_many_requests(1), Break.DROP_BEFORE):
        api.faults.next("sendMessage", fault)
    await persist(lambda: bot.send_message(ann.id, "one"), 60)
    assert said_to(ann) == ["one"]
    with pytest.raises(BadRequest):
        await persist(lambda: bot.send_message(404, "one"), 60)


async def test_what_is_said_to_a_group_that_moved_goes_there(api: Emulator, bot: Bot, ann: Actor) -> None:
    friends = api.world.add_group("Friends", [ann.person])
    new = api.world.upgrade(friends, ann.person)
    with patient(60, follows=True):
        await bot.send_message(friends.id, "hello")
    assert [message.text for message in new.messages.values()][-1] == "hello"
