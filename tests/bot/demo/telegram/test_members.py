"""Members of groups: administrators, and those who leave."""

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor


@pytest.fixture
def ann(api: Emulator) -> Actor:
    return Actor.join(api.world, "Ann")


@pytest.fixture
def bob(api: Emulator) -> Actor:
    return Actor.join(api.world, "Bob")


@pytest.fixture
async def friends(api: Emulator, bot: Bot, ann: Actor, bob: Actor) -> Chat:
    friends = api.world.add_group("Friends", [ann.person, bob.person])
    await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1, timeout=0)
    return friends


async def _statuses(bot: Bot, chat: Chat, *people: Actor) -> list[str]:
    return [(await bot.get_chat_member(chat.id, person.id)).status for person in people]


async def _administrators(bot: Bot, chat: Chat) -> dict[str, str]:
    found = await bot.get_chat_administrators(chat.id)
    return {member.user.first_name: member.status for member in found}


async def test_administrators_are_made_and_unmade(bot: Bot, ann: Actor, bob: Actor, friends: Chat) -> None:
    assert await _administrators(bot, friends) == {"Ann": "creator"}
    ann.promote(friends, bob)
    assert await _statuses(bot, friends, ann, bob) == ["creator", "administrator"]
    ann.promote_bot(friends)
    everybody = {"Ann": "creator", "Bob": "administrator", "stylegram": "administrator"}
    assert await _administrators(bot, friends) == everybody
    assert await _administrators(bot, ann.upgrade(friends)) == everybody
    ann.demote(friends, bob)
    assert await _statuses(bot, friends.migrated_to, bob) == ["member"]


async def test_there_are_none_in_a_private_chat(bot: Bot, ann: Actor) -> None:
    await ann.send_text("/start")
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(ann.id)


async def test_who_leaves_has_left(api: Emulator, bot: Bot, ann: Actor, bob: Actor, friends: Chat) -> None:
    ann.leave(friends)
    [update] = await bot.get_updates()
    assert (update.message.left_chat_member.id, update.message.from_user.id) == (ann.id, ann.id)
    assert await _statuses(bot, friends, ann, bob) == ["left", "member"]  # nobody inherits the group
    assert await _administrators(bot, friends) == {}
    with pytest.raises(ValueError, match="Ann is not in Friends"):
        await ann.send_text("hello?", chat=friends)
    with pytest.raises(ValueError, match="Ann is in no such group"):
        ann.leave(friends)
    left = [event.data for event in api.world.journal.events if event.kind == "chat"][-1]
    assert left["members"] == [bob.id]


async def test_only_members_can_be_made_administrators(ann: Actor, bob: Actor, friends: Chat) -> None:
    bob.leave(friends)
    for person in (ann, bob):
        with pytest.raises(ValueError, match="cannot be made an administrator of Friends"):
            ann.promote(friends, person)


async def test_an_administrator_bot_hears_of_others_if_it_asked(
    bot: Bot, ann: Actor, bob: Actor, friends: Chat
) -> None:
    await bot.get_updates(allowed_updates=[Update.CHAT_MEMBER])
    ann.promote(friends, bob)
    assert not await bot.get_updates()
    ann.promote_bot(friends)
    ann.demote(friends, bob)
    bob.leave(friends)
    changes = [update.chat_member for update in await bot.get_updates()]
    assert [(change.old_chat_member.status, change.new_chat_member.status) for change in changes] == [
        ("administrator", "member"),
        ("member", "left"),
    ]
