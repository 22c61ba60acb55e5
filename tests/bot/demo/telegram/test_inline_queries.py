"""Inline mode: what people ask, what the bot may offer, what is kept, and what comes of a choice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultCachedSticker,
    InlineQueryResultGif,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest

from bot.demo.people.seen_offers import SeenOffers
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
NextUpdate = Callable[[], Awaitable[Update]]


@pytest.fixture
async def api() -> AsyncIterator[Emulator]:
    async with Emulator(inline_mode=True) as api:
        yield api


@pytest.fixture
async def ann(api: Emulator, next_update: NextUpdate) -> Actor:
    ann = Actor.join(api.world, "Ann")
    await ann.send_text("/start")
    await next_update()
    return ann


async def asked(next_update: NextUpdate, person: Actor, query: str = "", **where: Any) -> InlineQuery:
    """The query as the bot gets it; nobody waits for the answer."""
    person.world.inline_queries.ask(person.person, where.get("chat", person.private), query)
    return (await next_update()).inline_query


async def answered(
    next_update: NextUpdate, person: Actor, query: str, results: list[Any], **how: Any
) -> SeenOffers:
    """What the person is offered, once the bot has answered so."""
    asking = asyncio.create_task(person.ask_inline(query))
    await asyncio.sleep(0)
    await (await next_update()).inline_query.answer(results, **how)
    return await asking


def article(title: str = "One") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(title.lower(), title, InputTextMessageContent(f"<b>{title}</b>", "HTML"))


async def test_a_query_is_told_and_answered(bot: Bot, ann: Actor, next_update: NextUpdate) -> None:
    assert (await bot.get_me()).supports_inline_queries
    button = InlineQueryResultsButton("Paint", start_parameter="paint")
    offers = await answered(next_update, ann, "cats", [article()], button=button, next_offset="50")
    assert [(offer.id, offer.kind, offer.title) for offer in offers.results] == [("one", "article", "One")]
    assert (offers.next_offset, offers.button) == ("50", {"text": "Paint", "start_parameter": "paint"})


async def test_the_bot_learns_who_asks_what_and_where(
    api: Emulator, ann: Actor, next_update: NextUpdate
) -> None:
    query = await asked(next_update, ann, "cats")
    assert (query.from_user.id, query.query, query.offset) == (ann.id, "cats", "")
    assert query.chat_type == "sender"
    friends = api.world.add_group("Friends", [ann.person], with_bot=False)
    assert (await asked(next_update, ann, "cats", chat=friends)).chat_type == "group"


async def test_without_inline_mode_nobody_can_ask() -> None:
    async with Emulator() as api, Bot(api.token, base_url=f"{api.url}/bot") as bot:
        assert not (await bot.get_me()).supports_inline_queries
        with pytest.raises(ValueError, match="no inline mode"):
            await Actor.join(api.world, "Ann").ask_inline("cats")


async def test_a_choice_is_said_by_way_of_the_bot(
    api: Emulator, bot: Bot, ann: Actor, picture: MakePicture, next_update: NextUpdate
) -> None:
    friends = api.world.add_group("Friends", [ann.person])
    await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1, timeout=0)
    photo = await bot.send_photo(ann.id, picture())
    sticker = await bot.send_sticker(ann.id, picture(512, 512, kind="WEBP"))
    results = [
        InlineQueryResultCachedPhoto("p", photo.photo[-1].file_id, caption="<i>Mine</i>", parse_mode="HTML"),
        InlineQueryResultCachedSticker("s", sticker.sticker.file_id),
        article(),
    ]
    offers = await answered(next_update, ann, "", results, is_personal=True)
    assert offers.results[0].file_id == photo.photo[-1].file_id
    for offer in offers.results:
        await ann.choose(offer, chat=friends)
    said = [update.message for update in await bot.get_updates()]
    assert all(message.via_bot.id == bot.id and message.from_user.id == ann.id for message in said)
    assert (said[0].caption, said[0].caption_entities[0].type) == ("Mine", "italic")
    assert said[0].photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    assert said[1].sticker
    assert (said[2].text, said[2].entities[0].type) == ("One", "bold")


async def test_only_what_was_offered_can_be_chosen(
    api: Emulator, ann: Actor, next_update: NextUpdate
) -> None:
    offers = await answered(next_update, ann, "", [article()])
    friends = api.world.add_group("Friends", [Actor.join(api.world, "Bob").person])
    with pytest.raises(ValueError, match="Ann is not in Friends"):
        await ann.choose(offers.results[0], chat=friends)
    with pytest.raises(ValueError, match="not offered any more"):
        api.world.inline_queries.offered("1", "one")


async def test_answers_come_from_the_cache_for_a_while(
    api: Emulator, bot: Bot, ann: Actor, next_update: NextUpdate
) -> None:
    bob = Actor.join(api.world, "Bob")
    await answered(next_update, ann, "all", [article("All")])
    await answered(next_update, ann, "mine", [article("Mine")], is_personal=True)
    await answered(next_update, ann, "now", [article("Now")], cache_time=0)
    assert (await bob.ask_inline("all")).results[0].title == "All"
    assert (await ann.ask_inline("mine")).results[0].title == "Mine"
    assert await bot.get_updates() == ()
    assert (await asked(next_update, bob, "mine")).from_user.id == bob.id
    assert (await asked(next_update, ann, "now")).from_user.id == ann.id


async def test_late_answers_are_refused(api: Emulator, bot: Bot, ann: Actor, next_update: NextUpdate) -> None:
    too_old = "Query is too old and response timeout expired or query id is invalid"
    with pytest.raises(BadRequest, match=too_old):
        await bot.answer_inline_query("1", [])
    query = await asked(next_update, ann)
    await query.answer([])
    with pytest.raises(BadRequest, match=too_old):
        await query.answer([])
    api.world.inline_queries.answer_within = 0
    with pytest.raises(BadRequest, match=too_old):
        await (await asked(next_update, ann, "again")).answer([])
    with pytest.raises(AssertionError, match="did not answer Ann's 'more'"):
        await ann.ask_inline("more", timeout=0.05)


@pytest.mark.parametrize(
    ("results", "how", "refusal"),
    [
        ([article(), article()], {}, "RESULT_ID_DUPLICATE"),
        ([InlineQueryResultCachedPhoto("x" * 65, "f")], {}, "RESULT_ID_INVALID"),
        ([InlineQueryResultCachedPhoto("x", "f")], {}, "wrong file identifier"),
        (
            [InlineQueryResultGif("x", "https://a.b/c.gif", "https://a.b/c.jpg")],
            {},
            'type "gif" is unsupported',
        ),
        ([article()], {"next_offset": "ё" * 33}, "NEXT_OFFSET_INVALID"),
        ([], {"button": InlineQueryResultsButton("Paint", start_parameter="a b")}, "START_PARAM_INVALID"),
        ([], {"button": InlineQueryResultsButton("Paint")}, "exactly one optional field"),
    ],
)
async def test_what_is_offered_has_rules(
    ann: Actor, bot: Bot, next_update: NextUpdate, results: list[Any], how: dict[str, Any], refusal: str
) -> None:
    query = await asked(next_update, ann)
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await bot.answer_inline_query(query.id, results, **how)
    await query.answer([])  # a refused answer is none


async def test_no_more_than_fifty_at_once(bot: Bot, ann: Actor, next_update: NextUpdate) -> None:
    described = [article(str(number)).to_dict() for number in range(51)]
    query = await asked(next_update, ann)
    with pytest.raises(BadRequest, match="Too many inline query results specified"):
        await bot.do_api_request("answerInlineQuery", {"inline_query_id": query.id, "results": described})
