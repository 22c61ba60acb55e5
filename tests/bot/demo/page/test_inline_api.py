"""What the page asks the bot inline, and what it sends of what is offered."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from telegram import Bot, InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

HELLO = InlineQueryResultArticle("1", "Hello", InputTextMessageContent("Hello, everybody"))


@pytest.fixture
def ben(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ben")


@pytest.fixture
def group(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    api.world.inline_queries.is_on = True
    return api.world.add_group("Weekend painters", [ann.person, ben.person])


async def offered(page: AsyncClient, bot: Bot, user: Actor, chat: Chat) -> Any:
    """What the page is told of a query to which the bot offers HELLO."""
    asked = {"chat": chat.id, "user": user.id, "query": "hel"}
    asking = asyncio.create_task(page.get("/api/inline", params=asked))
    query = None
    while query is None:
        await asyncio.sleep(0.01)
        query = next((one.inline_query for one in await bot.get_updates() if one.inline_query), None)
    assert (query.query, query.from_user.id, query.chat_type) == ("hel", user.id, "group")
    await query.answer([HELLO], button=InlineQueryResultsButton("More", start_parameter="more"))
    return (await asking).json()


async def choose(page: AsyncClient, user: Actor, chat: Chat, **what: Any) -> Any:
    """The messages sent, or the code of the refusal."""
    body = (await page.post(f"/api/chats/{chat.id}/inline", json={"user": user.id, **what})).json()
    return body.get("messages", body.get("error"))


async def test_what_is_offered_is_sent_by_way_of_the_bot(
    page: AsyncClient, bot: Bot, ann: Actor, group: Chat
) -> None:
    answer = await offered(page, bot, ann, group)
    assert (answer["button"], answer["next_offset"]) == ({"text": "More", "start_parameter": "more"}, "")
    [result] = answer["results"]
    assert result["title"] == "Hello"
    question = await ann.send_text("Who is here?", chat=group)
    chosen = {"query_id": result["query_id"], "result_id": result["id"]}
    [message] = await choose(page, ann, group, **chosen, reply_to=question.id)
    assert (message["text"], message["via_bot"]["username"]) == ("Hello, everybody", "stylegram_bot")
    assert message["reply_to_message"]["message_id"] == question.id


async def test_what_was_not_offered_or_to_nobody_here_is_refused(
    page: AsyncClient, bot: Bot, api: Emulator, ann: Actor, ben: Actor, group: Chat
) -> None:
    [result] = (await offered(page, bot, ann, group))["results"]
    before = api.world.journal.newest
    assert await choose(page, ann, group, query_id=result["query_id"], result_id="2") == "forbidden"
    assert await choose(page, ann, group, query_id=None, result_id=[1]) == "forbidden"
    assert await choose(page, ben, ann.private, query_id=result["query_id"], result_id="1") == "forbidden"
    assert api.world.journal.newest == before


async def test_where_inline_mode_is_off_the_page_is_told_so(
    page: AsyncClient, api: Emulator, ann: Actor, group: Chat
) -> None:
    assert (await page.get("/api/world")).json()["bot"]["supports_inline_queries"]
    api.world.inline_queries.is_on = False
    assert not (await page.get("/api/world")).json()["bot"]["supports_inline_queries"]
    answer = await page.get("/api/inline", params={"chat": group.id, "user": ann.id})
    assert answer.json()["error"] == "forbidden"


async def test_a_bot_that_offers_nothing_in_time_offers_nothing(
    page: AsyncClient, ann: Actor, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.page.inline_api.PATIENCE", 0.05)
    answer = await page.get("/api/inline", params={"chat": group.id, "user": ann.id})
    assert answer.json() == {"results": [], "next_offset": "", "button": None}
