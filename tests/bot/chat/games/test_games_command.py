"""Games are listed, and switched off and on by a group's administrators or for all by the operator."""

import re

from bot.chat.games.rulebook import RULEBOOK
from bot.demo.telegram.chats import Chat
from tests.kit.people import Actor


async def test_games_are_listed(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/games", chat=friends)
    said = await ann.expect(chat=friends, text="/games off")
    *games, off = said.text.splitlines()
    assert len(games) == len(RULEBOOK)
    assert off.startswith("/games off")
    assert all(re.match(r"/\w+ (in reply|under|on\b)", line) for line in games), "how does one begin?"


async def test_help_leads_to_them(ann: Actor, friends: Chat) -> None:
    await ann.send_text("/help", chat=friends)
    await ann.expect(chat=friends, text="/games – what we can play here: a duel of styles")


async def test_only_administrators_switch_them_off_and_on(ann: Actor, ben: Actor, friends: Chat) -> None:
    await ben.send_text("/games off", chat=friends)
    await ben.expect(chat=friends, text="Only this group's administrators")
    await ann.send_text("/games off", chat=friends)
    await ann.expect(chat=friends, text="Games are off here")
    await ben.send_text("/daily on", chat=friends)
    await ben.expect(chat=friends, text="Games are off here")
    await ann.send_text("/games on", chat=friends)
    await ann.expect(chat=friends, text="Games are on")
    await ben.send_text("/daily", chat=friends)
    await ben.expect(chat=friends, text="/daily on")


async def test_they_are_for_groups(ann: Actor) -> None:
    await ann.send_text("/daily")
    said = await ann.expect(text="Games are for groups", buttons=["Add me to a group"])
    assert said.buttons
