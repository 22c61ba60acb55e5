"""Groups: what the bot is told there, topics, migration, and being thrown out."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from bot.demo.telegram.chats import Chat, Sendable
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]


@pytest.fixture
def ann(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ann")


@pytest.fixture
async def friends(api: Emulator, bot: Bot, ann: Actor) -> Chat:
    friends = api.world.add_group("Friends", [ann.person, Actor.join(api.world, "Bob").person])
    joined, welcomed = await bot.get_updates()
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert welcomed.message.new_chat_members[0].id == bot.id
    await bot.get_updates(offset=welcomed.update_id + 1)
    return friends


@pytest.fixture
async def forum(api: Emulator, bot: Bot, ann: Actor) -> Chat:
    forum = api.world.add_supergroup("Forum", [ann.person], forum=True)
    await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1)
    return forum


async def _told(bot: Bot) -> list[str | None]:
    return [
        update.effective_message.text or update.effective_message.caption
        for update in await bot.get_updates()
    ]


async def test_privacy_hides_what_is_not_for_the_bot(
    bot: Bot, ann: Actor, friends: Chat, picture: MakePicture
) -> None:
    asked = await bot.send_message(friends.id, "Which style?")
    question = await ann.expect(chat=friends)
    assert question.id == asked.message_id
    await ann.send_text("just talking", chat=friends)
    await ann.send_photo(picture(), chat=friends)
    await ann.send_text("/style@another_bot", chat=friends)
    await ann.send_text("say /style", chat=friends)
    assert await _told(bot) == []
    await ann.send_text("/style", chat=friends)
    await ann.send_text("/style@Stylegram_Bot now", chat=friends)
    await ann.send_photo(picture(), "/style", chat=friends)
    await ann.send_photo(picture(), "this one", chat=friends, reply_to=question)
    assert await _told(bot) == ["/style", "/style@Stylegram_Bot now", "/style", "this one"]


async def test_a_reply_carries_the_photo_it_replies_to(
    bot: Bot, ann: Actor, friends: Chat, picture: MakePicture
) -> None:
    hidden = await ann.send_photo(picture(), chat=friends)
    await ann.send_text("/style", chat=friends, reply_to=hidden)
    [update] = await bot.get_updates()
    assert update.message.reply_to_message.message_id == hidden.id
    assert await update.message.reply_to_message.photo[-1].get_file()


async def test_an_administrator_sees_everything(bot: Bot, ann: Actor, friends: Chat) -> None:
    ann.promote_bot(friends)
    await ann.send_text("just talking", chat=friends)
    promoted, told = await bot.get_updates()
    assert promoted.my_chat_member.new_chat_member.status == "administrator"
    assert told.message.text == "just talking"


async def test_so_does_a_bot_without_privacy() -> None:
    async with Emulator(privacy=False) as api, Bot(api.token, base_url=f"{api.url}/bot") as bot:
        ann = Actor.join(api.world, "Ann")
        await ann.send_text("just talking", chat=api.world.add_group("Friends", [ann.person]))
        assert (await bot.get_updates())[-1].message.text == "just talking"
        assert (await bot.get_me()).can_read_all_group_messages


async def test_an_album_is_several_updates(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    await ann.send_album([picture(colour="red"), picture(colour="blue")], "both")
    updates = await bot.get_updates()
    assert [update.message.caption for update in updates] == ["both", None]
    assert len({update.message.media_group_id for update in updates}) == 1
    assert len({update.message.message_id for update in updates}) == 2
    files = await ann.send_album([picture(), picture()], as_files=True)
    assert all(message.has_document for message in files)


async def test_members_only(api: Emulator, friends: Chat) -> None:
    with pytest.raises(ValueError, match="Eve is not in Friends"):
        await Actor.join(api.world, "Eve").send_text("hello", chat=friends)


async def test_a_bot_thrown_out_may_not_write(bot: Bot, ann: Actor, friends: Chat) -> None:
    ann.remove_bot(friends)
    await ann.send_text("/style", chat=friends)
    [removed] = await bot.get_updates()
    assert removed.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="Forbidden: bot was kicked from the group chat"):
        await bot.send_message(friends.id, "hello?")
    ann.add_bot(friends)
    await bot.send_message(friends.id, "hello again")


async def test_a_group_becomes_a_supergroup(bot: Bot, ann: Actor, friends: Chat) -> None:
    grown = ann.upgrade(friends)
    joined, old, new = await bot.get_updates()
    assert (joined.my_chat_member.chat.id, joined.my_chat_member.new_chat_member.status) == (
        grown.id,
        "member",
    )
    assert (old.message.chat.id, old.message.migrate_to_chat_id) == (friends.id, grown.id)
    assert (new.message.chat.id, new.message.migrate_from_chat_id) == (grown.id, friends.id)
    assert new.message.chat.type == "supergroup"
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(friends.id, "hello?")
    assert moved.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "hello")
    await ann.expect(text="hello", chat=grown)
    with pytest.raises(ValueError, match="is a supergroup now"):
        await ann.send_text("old place", chat=friends)


async def test_topics_are_kept_apart(bot: Bot, ann: Actor, forum: Chat) -> None:
    cats = ann.create_topic(forum, "Cats")
    await ann.send_text("/style", chat=forum, thread=cats)
    await ann.send_text("/style", chat=forum)
    opened, in_topic, in_general = (update.message for update in await bot.get_updates())
    assert opened.forum_topic_created.name == "Cats"
    assert (opened.message_id, opened.message_thread_id) == (cats, cats)
    assert (in_topic.is_topic_message, in_topic.message_thread_id) == (True, cats)
    assert in_topic.reply_to_message.forum_topic_created  # in a topic, everything replies to its opening
    assert (in_general.is_topic_message, in_general.message_thread_id) == (None, None)
    sent = await bot.send_message(forum.id, "meow", message_thread_id=cats)
    assert sent.is_topic_message
    await ann.expect(text="meow", chat=forum, thread=cats)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "woof", message_thread_id=999)


async def test_a_reply_goes_where_the_message_is(bot: Bot, ann: Actor, forum: Chat) -> None:
    cats = ann.create_topic(forum, "Cats")
    asked = await ann.send_text("/style", chat=forum, thread=cats)
    sent = await bot.send_message(forum.id, "which?", reply_to_message_id=asked.id)
    assert (sent.message_thread_id, sent.is_topic_message) == (cats, True)


async def test_a_reply_in_a_supergroup_has_a_thread_but_no_topic(api: Emulator, bot: Bot, ann: Actor) -> None:
    grown = api.world.add_supergroup("Large", [ann.person])
    await bot.get_updates(offset=-1)
    first = await ann.send_text("a photo, say", chat=grown)
    await ann.send_text("/style", chat=grown, reply_to=first)
    message = (await bot.get_updates())[-1].message
    assert (message.message_thread_id, message.is_topic_message) == (first.id, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(grown.id, "which?", message_thread_id=message.message_thread_id)


async def test_message_ids_are_a_supergroups_own(api: Emulator, ann: Actor, friends: Chat) -> None:
    private = await ann.send_text("one")
    shared = await ann.send_text("two", chat=friends)
    own = await ann.send_text("three", chat=api.world.add_supergroup("Large", [ann.person], with_bot=False))
    assert (shared.id, own.id) == (private.id + 1, 1)


async def test_buttons_are_there_for_everybody(api: Emulator, bot: Bot, ann: Actor) -> None:
    bob = Actor.join(api.world, "Bob")
    friends = api.world.add_group("Friends", [ann.person, bob.person])
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Strong", callback_data="strong")]])
    await bot.send_message(friends.id, "Ann, how strong?", reply_markup=markup)
    tap = asyncio.create_task(bob.tap("Strong", chat=friends))
    await asyncio.sleep(0)
    query = (await bot.get_updates())[-1].callback_query
    assert query.from_user.id == bob.id
    assert query.message.chat.id == friends.id
    await query.answer("This is Ann's choice")
    assert await tap == "This is Ann's choice"


@pytest.mark.parametrize(
    ("forbidden", "refusal"),
    [("text", "text messages"), ("photo", "photos"), ("document", "documents")],
)
async def test_a_group_lets_in_what_its_members_may_send(
    bot: Bot, ann: Actor, friends: Chat, picture: MakePicture, forbidden: Sendable, refusal: str
) -> None:
    send: dict[Sendable, Callable[[], Coroutine[None, None, object]]] = {
        "text": lambda: bot.send_message(friends.id, "hello"),
        "photo": lambda: bot.send_photo(friends.id, picture()),
        "document": lambda: bot.send_document(friends.id, b"some bytes"),
    }
    ann.forbid(friends, forbidden)
    with pytest.raises(BadRequest, match=f"Not enough rights to send {refusal} to the chat"):
        await send[forbidden]()
    for allowed in send.keys() - {forbidden}:
        assert await send[allowed]()
    permissions = (await bot.get_chat(friends.id)).permissions
    assert permissions is not None
    assert permissions.can_send_photos is (forbidden != "photo")
    ann.promote_bot(friends)
    assert await send[forbidden]()


async def test_an_edit_brings_in_nothing_that_may_not_be_sent(
    bot: Bot, ann: Actor, friends: Chat, picture: MakePicture
) -> None:
    sent = await bot.send_message(friends.id, "hello")
    ann.forbid(friends, "photo")
    with pytest.raises(BadRequest, match=r"(?i)chat_send_photos_forbidden"):
        await bot.edit_message_media(InputMediaPhoto(picture()), friends.id, sent.message_id)
    assert await bot.edit_message_text("hi", friends.id, sent.message_id)
    ann.forbid(friends, "text")
    with pytest.raises(BadRequest, match=r"(?i)chat_write_forbidden"):
        await bot.edit_message_text("ho", friends.id, sent.message_id)
    assert await bot.delete_message(friends.id, sent.message_id)


async def test_nobody_writes_in_a_closed_topic(bot: Bot, ann: Actor, forum: Chat) -> None:
    topic = ann.create_topic(forum, "Landscapes")
    ann.close_topic(forum, topic)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(forum.id, "hello", message_thread_id=topic)
    ann.close_topic(forum, topic, closed=False)
    assert await bot.send_message(forum.id, "hello", message_thread_id=topic)


async def test_slow_mode_says_how_long_to_wait(bot: Bot, friends: Chat) -> None:
    friends.slow_mode = 30
    sent = await bot.send_message(friends.id, "hello")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(friends.id, "hello again")
    assert refused.value.retry_after == 30
    assert await bot.edit_message_text("edits are free", friends.id, sent.message_id)
