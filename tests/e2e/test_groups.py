"""Groups, forums and moves, painted for real, with the bot in privacy mode as bots are."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from tests.e2e.conftest import RESULT, RunBot, has_shape_of, picture, takes_the_place_of
from tests.e2e.test_private import looks_painted_from
from tests.kit.people import Actor

RED, BLUE, GREEN = (200, 40, 40), (40, 60, 200), (40, 160, 60)
WIDE, TALL = picture(RED, 64, 40), picture(BLUE, 40, 64)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def bot(run_bot: RunBot) -> AsyncIterator[None]:
    async with run_bot():
        yield


@pytest.fixture
def ann(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ann")


@pytest.fixture
def ben(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ben")


async def result(user: Actor, chat: Chat, **like: Any) -> SeenMessage:
    return await user.expect(photo=True, buttons=RESULT, chat=chat, timeout=120, **like)


async def test_one_shows_a_photo_another_has_it_repainted_a_third_looks_on(
    api: Emulator, ann: Actor, ben: Actor
) -> None:
    cat = Actor.join(api.world, "Cat")
    friends = api.world.add_group("Friends", [ann.person, ben.person, cat.person])
    photo = await ben.send_photo(WIDE, chat=friends)
    await ann.send_text("/style", chat=friends, reply_to=photo)
    question = await ann.expect(text="reply to this message", chat=friends)
    await ann.send_photo(TALL, chat=friends, reply_to=question)
    prompt = await ann.expect(text="How strong", photo=True, chat=friends)
    assert await cat.tap("Light", chat=friends) == "Only the person who asked can use these buttons."
    await ann.tap("Light", chat=friends)
    shown = await result(ann, friends)
    await takes_the_place_of(prompt, shown, api)
    assert looks_painted_from(shown, WIDE, BLUE)
    [mention] = [entity for entity in shown.json["caption_entities"] if entity["type"] == "text_mention"]
    assert mention["user"]["id"] == ann.id
    assert await cat.tap("Another style", chat=friends) == "Only the person who asked can use these buttons."

    await ann.tap_more("Strong", chat=friends)
    assert (await result(ann, friends)).reply_to_id == shown.id

    await ben.send_photo(picture(GREEN), "/remix", chat=friends)
    remixed = await result(ben, friends, text="Ben")
    assert looks_painted_from(remixed, WIDE, GREEN)

    await cat.send_document(TALL, "/style", chat=friends)
    await cat.expect(text="Cat, reply to this message", chat=friends, buttons=["Use the last style"])
    await cat.tap("Use the last style", chat=friends)
    await cat.expect(text="How strong", photo=True, chat=friends)
    await cat.tap("Light", chat=friends)
    assert looks_painted_from(await result(cat, friends, text="Cat"), TALL, GREEN)


async def test_two_topics_of_a_forum_at_once(api: Emulator, ann: Actor, ben: Actor) -> None:
    forum = api.world.add_supergroup("Forum", [ann.person, ben.person], forum=True)
    topics = {ann: ann.create_topic(forum, "Reds"), ben: ann.create_topic(forum, "Blues")}
    photos = {ann: WIDE, ben: TALL}
    for user, topic in topics.items():
        await user.send_photo(photos[user], "/style", chat=forum, thread=topic)
        name = user.person.first_name
        question = await user.expect(text=f"{name}, reply to this", chat=forum, thread=topic)
        await user.send_photo(picture(GREEN), chat=forum, thread=topic, reply_to=question)
        await user.expect(text="How strong", chat=forum, thread=topic)
        await user.tap("Light", chat=forum)
    for user, topic in topics.items():
        shown = await result(user, forum, thread=topic)
        assert looks_painted_from(shown, photos[user], GREEN)


async def test_a_group_that_moves_while_the_bot_paints_gets_its_picture_where_it_went(
    api: Emulator, ann: Actor, ben: Actor
) -> None:
    small = api.world.add_group("Small", [ann.person, ben.person])
    photo = await ben.send_photo(WIDE, chat=small)
    await ann.send_photo(TALL, "/style", chat=small, reply_to=photo)
    await ann.expect(text="How strong", chat=small)
    await ann.tap("Light", chat=small)
    big = ann.upgrade(small)
    assert looks_painted_from(await result(ann, big), WIDE, BLUE)


async def test_a_bot_that_is_thrown_out_is_quiet_and_works_on_for_others(
    api: Emulator, ann: Actor, ben: Actor
) -> None:
    friends = api.world.add_supergroup("Friends", [ann.person, ben.person])
    photo = await ben.send_photo(WIDE, chat=friends)
    await ann.send_photo(TALL, "/style", chat=friends, reply_to=photo)
    await ann.expect(text="How strong", chat=friends)
    await ann.tap("Classic", chat=friends)
    ann.remove_bot(friends)
    await ben.send_album([WIDE, TALL])
    await ben.expect(text="How strong")
    await ben.tap("Light")
    assert looks_painted_from(await result(ben, ben.private), WIDE, BLUE)


async def test_from_the_greeting_to_a_friends_own_photo_in_the_same_style(
    api: Emulator, ann: Actor, ben: Actor
) -> None:
    friends = api.world.add_supergroup("Friends", [ann.person, ben.person])
    await ann.expect(text="Reply to a photo here with /style", chat=friends)
    photo = await ben.send_photo(WIDE, chat=friends)
    command = await ann.send_text("/style great wave", chat=friends, reply_to=photo)
    await ann.expect_reaction(command, "👀", timeout=60)
    shown = await result(ann, friends, text="Great Wave")
    await ann.expect_reaction(command, "🔥")

    await ben.tap("Repaint mine", chat=friends, message=shown)
    question = await ben.expect(text="Ben, reply to this message", chat=friends)
    damaged = await ben.send_document(TALL[:60], chat=friends, reply_to=question)
    assert (await ben.expect(text="damaged", chat=friends)).reply_to_id == damaged.id
    await ben.send_document(TALL, chat=friends, reply_to=question)
    await ben.expect(text="How strong", photo=True, chat=friends)
    await ben.tap("Light", chat=friends)
    mine = await result(ben, friends, text="Ben")
    assert has_shape_of(mine, TALL)
