"""Long polling: offsets, limits, wishes, and one reader at a time."""

import asyncio
import time

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor


async def _texts(bot: Bot, **how: object) -> list[str]:
    return [update.effective_message.text for update in await bot.get_updates(**how)]


async def test_updates_stay_until_confirmed(api: Emulator, bot: Bot) -> None:
    ann = Actor.join(api.world, "Ann")
    for text in ("one", "two", "three"):
        await ann.send_text(text)
    assert await _texts(bot) == ["one", "two", "three"]
    assert await _texts(bot, limit=2) == ["one", "two"]
    first, *_ = await bot.get_updates()
    assert await _texts(bot, offset=first.update_id + 1) == ["two", "three"]
    assert await _texts(bot) == ["two", "three"]


async def test_a_negative_offset_counts_from_the_newest(api: Emulator, bot: Bot) -> None:
    ann = Actor.join(api.world, "Ann")
    assert await _texts(bot, offset=-1) == []
    for text in ("one", "two", "three"):
        await ann.send_text(text)
    assert await _texts(bot, offset=-1) == ["three"]
    assert await _texts(bot) == ["three"]


async def test_a_poll_waits_for_the_first_update(api: Emulator, bot: Bot) -> None:
    ann = Actor.join(api.world, "Ann")
    poll = asyncio.create_task(_texts(bot, timeout=5))
    await asyncio.sleep(0.2)
    assert not poll.done()
    await ann.send_text("late")
    async with asyncio.timeout(1):
        assert await poll == ["late"]


async def test_a_poll_ends_empty_when_its_time_is_up(bot: Bot) -> None:
    begun = time.monotonic()
    assert await _texts(bot, timeout=1) == []
    assert time.monotonic() - begun > 0.9


async def test_a_second_poll_ends_the_first(api: Emulator, bot: Bot) -> None:
    first = asyncio.create_task(_texts(bot, timeout=5))
    await asyncio.sleep(0.2)
    second = asyncio.create_task(_texts(bot, timeout=5))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await Actor.join(api.world, "Ann").send_text("hello")
    assert await second == ["hello"]


async def test_the_bot_gets_the_kinds_it_asked_for(api: Emulator, bot: Bot) -> None:
    ann = Actor.join(api.world, "Ann")
    await bot.get_updates(allowed_updates=["edited_message"])
    message = await ann.send_text("unwanted")
    await ann.edit_text(message, "wanted")
    await bot.get_updates()  # names no kinds, so the wish stands
    await ann.send_text("unwanted too")
    updates = await bot.get_updates()
    assert [update.edited_message.text for update in updates] == ["wanted"]
    await bot.get_updates(allowed_updates=[])
    await ann.send_text("all again")
    assert (await bot.get_updates())[-1].message.text == "all again"


async def test_what_a_dead_bot_left_is_there_for_the_next(api: Emulator) -> None:
    ann = Actor.join(api.world, "Ann")
    async with Bot(api.token, base_url=f"{api.url}/bot") as dying:
        await ann.send_text("one")
        await dying.get_updates()
    await ann.send_text("two")
    async with Bot(api.token, base_url=f"{api.url}/bot") as reborn:
        assert await _texts(reborn) == ["one", "two"]


async def test_stopping_ends_a_waiting_poll() -> None:
    async with Emulator() as api:
        bot = Bot(api.token, base_url=f"{api.url}/bot")
        await bot.initialize()
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await asyncio.sleep(0.2)
        begun = time.monotonic()
    assert time.monotonic() - begun < 20  # of the thirty seconds
    assert await poll == ()
    await bot.shutdown()


async def test_raw_updates_come_as_they_are(api: Emulator) -> None:
    await Actor.join(api.world, "Ann").send_text("one")
    api.world.updates.add_raw("no object")
    api.world.updates.add_raw({"poll": {"id": "5"}})
    async with httpx.AsyncClient() as client:

        async def poll(offset: int) -> list[object]:
            answer = await client.post(f"{api.url}/bot{api.token}/getUpdates", json={"offset": offset})
            updates: list[object] = answer.json()["result"]
            return updates

        first, *others = await poll(0)
        assert isinstance(first, dict)
        number = first["update_id"] + 1
        assert others == ["no object", {"update_id": number, "poll": {"id": "5"}}]
        assert await poll(number) == others
        assert await poll(number + 1) == []
