"""What happens in the chats, as a page hears of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from httpx import AsyncClient
from telegram import Bot

from bot.demo.page.web_page import WebPage
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.journal import Journal
from tests.kit.people import Actor


async def events(page: AsyncClient, api: Emulator, after: int, **how: Any) -> AsyncIterator[dict[str, Any]]:
    """Each event as it comes, or `{"reload": True}`."""
    asked = {"world": api.world.id, "after": after} | how.pop("params", {})
    kind, number = "message", None
    async with page.stream("GET", "/api/events", params=asked, **how) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                kind = value
            elif field == "id":
                number = int(value)
            elif field == "data" and kind == "reload":
                yield {"reload": True}
            elif field == "data":
                event = json.loads(value)
                assert event["number"] == number
                yield event


async def heard(page: AsyncClient, api: Emulator, after: int, count: int, **how: Any) -> list[dict[str, Any]]:
    async with asyncio.timeout(10), aclosing(events(page, api, after, **how)) as stream:
        return [await anext(stream) for _ in range(count)]


async def test_everything_that_people_see_is_told(
    page: AsyncClient, api: Emulator, bot: Bot, ann: Actor
) -> None:
    listening = asyncio.create_task(heard(page, api, api.world.journal.newest, 4))
    sent = await bot.send_message(ann.id, "hello\r\ndata: <b>\u2028")
    await bot.send_chat_action(ann.id, "typing")
    await sent.edit_text("edited")
    await sent.delete()
    told = await listening
    assert [event["kind"] for event in told] == ["message", "action", "edited", "deleted"]
    assert told[0]["data"]["text"] == "hello\r\ndata: <b>\u2028".strip()
    assert {event["chat_id"] for event in told} == {ann.id}


async def test_a_page_that_lost_its_connection_goes_on_where_it_was(
    page: AsyncClient, api: Emulator, ann: Actor
) -> None:
    start = api.world.journal.newest
    for text in ("one", "two", "three"):
        await ann.send_text(text)
    assert [event["data"]["text"] for event in await heard(page, api, start, 3)] == ["one", "two", "three"]
    # A browser repeats the address it began with, and adds the last id it saw.
    again = await heard(page, api, start, 1, headers={"Last-Event-ID": str(start + 2)})
    assert again[0]["data"]["text"] == "three"


@pytest.mark.parametrize(
    ("after", "how"),
    [
        (0, {"params": {"world": "another"}}),
        (0, {"params": {"world": ""}}),
        (10_000, {}),
        (-1, {}),
        (0, {"params": {"after": "x"}}),
        (0, {"headers": {"Last-Event-ID": "10000"}}),
        (0, {"headers": {"Last-Event-ID": "9" * 5000}}),
    ],
)
async def test_what_cannot_go_on_begins_anew(
    page: AsyncClient, api: Emulator, ann: Actor, after: int, how: dict[str, Any]
) -> None:
    await ann.send_text("something")
    async with asyncio.timeout(10):
        assert [event async for event in events(page, api, after, **how)] == [{"reload": True}]


async def test_events_no_longer_kept_begin_anew(page: AsyncClient, api: Emulator, ann: Actor) -> None:
    api.world.journal = Journal(kept=5)
    api.serve_too(WebPage(api.world, "127.0.0.1").app)
    for number in range(30):
        api.world.journal.add("action", ann.id, {"action": f"{number}"})
    assert await heard(page, api, 1, 1) == [{"reload": True}]


def test_a_journal_keeps_the_newest_events_and_counts_all() -> None:
    journal = Journal(kept=10)
    for number in range(1000):
        journal.add("action", 1, {"number": number})
        assert len(journal.events) <= 20
    assert journal.newest == 1000
    assert [event.number for event in journal.after(997)] == [998, 999, 1000]
    assert journal.keeps_all_after(990)
    assert not journal.keeps_all_after(900)
    assert not journal.keeps_all_after(1001)


async def test_a_server_that_ends_ends_its_streams_too() -> None:
    async with AsyncClient() as client:
        async with Emulator() as api:
            api.serve_too(WebPage(api.world, "127.0.0.1").app)
            client.base_url = api.url
            await Actor.join(api.world, "Ann").send_text("hello")
            stream = events(client, api, 0)
            assert [(await anext(stream))["kind"] for _ in range(2)] == ["chat", "message"]
        # Had it been cut off after a while, this would be an error.
        assert [event async for event in stream] == []
