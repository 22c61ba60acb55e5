"""The bot's reactions to messages: which there are, where they are let in, and who may."""

import pytest
from telegram import Bot, ReactionTypeCustomEmoji, ReactionTypeEmoji
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, Forbidden

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.methods.reacting import EMOJI
from tests.kit.people import Actor


@pytest.fixture
def friends(api: Emulator, ann: Actor) -> Chat:
    return api.world.add_group("Friends", [ann.person])


async def test_a_reaction_replaces_the_one_before_and_can_be_taken_away(bot: Bot, ann: Actor) -> None:
    asked = await ann.send_text("/style")
    for emoji in ("👀", "🔥", "🔥"):  # the same again is no error
        assert await bot.set_message_reaction(ann.id, asked.id, emoji)
        await ann.expect_reaction(asked, emoji)
    await bot.set_message_reaction(ann.id, asked.id, [])
    await ann.expect_reaction(asked, None)


def test_all_of_telegrams_reactions_are_known() -> None:
    assert {emoji.value for emoji in ReactionEmoji} == EMOJI


async def test_not_every_emoji_is_one(bot: Bot, ann: Actor) -> None:
    asked = await ann.send_text("/style")
    for reaction in (ReactionTypeEmoji("🎨"), ReactionTypeCustomEmoji("5368324170671202286")):
        with pytest.raises(BadRequest, match=r"(?i)REACTION_INVALID"):
            await bot.set_message_reaction(ann.id, asked.id, reaction)
    with pytest.raises(BadRequest, match=r"(?i)REACTIONS_TOO_MANY"):
        await bot.set_message_reaction(ann.id, asked.id, ["👀", "🔥"])


async def test_a_group_may_let_in_some_or_none(bot: Bot, ann: Actor, friends: Chat) -> None:
    asked = await ann.send_text("/style", chat=friends)
    assert await bot.set_message_reaction(friends.id, asked.id, "👀")
    ann.allow_reactions(friends, "🔥")
    allowed = (await bot.get_chat(friends.id)).available_reactions
    assert [reaction.emoji for reaction in allowed] == ["🔥"]
    assert await bot.set_message_reaction(friends.id, asked.id, "🔥")
    with pytest.raises(BadRequest, match=r"(?i)REACTION_INVALID"):
        await bot.set_message_reaction(friends.id, asked.id, "👀")
    ann.allow_reactions(friends)
    with pytest.raises(BadRequest, match=r"(?i)REACTION_INVALID"):
        await bot.set_message_reaction(friends.id, asked.id, "🔥")
    assert await bot.set_message_reaction(friends.id, asked.id, [])


async def test_who_may_not_write_may_react(bot: Bot, ann: Actor, friends: Chat) -> None:
    asked = await ann.send_text("/style", chat=friends)
    ann.forbid(friends, "text", "photo", "document")
    assert await bot.set_message_reaction(friends.id, asked.id, "👀")


async def test_what_is_gone_is_not_reacted_to(bot: Bot, ann: Actor, friends: Chat) -> None:
    asked = await ann.send_text("/style", chat=friends)
    await ann.delete(asked)
    with pytest.raises(BadRequest, match=r"(?i)message to react not found"):
        await bot.set_message_reaction(friends.id, asked.id, "👀")
    ann.remove_bot(friends)
    with pytest.raises(Forbidden):
        await bot.set_message_reaction(friends.id, asked.id, "👀")
