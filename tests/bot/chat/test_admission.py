"""Who says too much is told so once, and answered again later."""

import pytest

from bot.chat import message_allowance
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from tests.bot.chat.conftest import send_pair
from tests.kit.people import Actor
from tests.kit.pictures import picture

LIMIT = 12


@pytest.fixture
def settings(settings: Settings, ben: Actor) -> Settings:
    """Ben is an administrator."""
    changes = {"limit_updates": LIMIT, "admin_ids": frozenset({ben.id})}
    return settings.model_copy(update=changes)


async def flood(user: Actor) -> None:
    for _ in range(LIMIT):
        await user.send_text("/help")
        await user.expect(text="two pictures")


async def test_who_says_too_much_is_told_once_and_then_not_answered(ann: Actor) -> None:
    await flood(ann)
    for _ in range(3):
        await ann.send_text("/help")
    await ann.expect(text="That was a lot at once")
    await ann.expect_silence(0.3)


async def test_they_are_answered_again_after_a_while(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_allowance, "PAUSE", 0.0)
    await flood(ann)
    await ann.send_text("/help")
    await ann.expect(text="That was a lot at once")
    await ann.send_text("/help")
    await ann.expect()


async def test_taps_count_and_are_told_too(ann: Actor) -> None:
    await send_pair(ann)
    for _ in range(LIMIT - 2):
        await ann.tap("Keep colours")
    assert "That was a lot at once" in await ann.tap("Keep colours")


async def test_an_album_of_ten_passes(ann: Actor) -> None:
    await ann.send_album([picture(colour) for colour in ("red", "blue") * 5])
    await ann.expect(text="How strong")
    await ann.expect_silence(0.3)


async def test_administrators_may_say_what_they_like(ben: Actor) -> None:
    await flood(ben)
    await flood(ben)


async def test_talk_among_people_is_not_held_against_them(api: Emulator, ann: Actor, ben: Actor) -> None:
    friends = api.world.add_group("Friends", [ann.person, ben.person])
    ann.promote_bot(friends)  # so that it hears all
    for _ in range(2 * LIMIT):
        await ann.send_text("nice weather", chat=friends)
    await ann.send_text("/help", chat=friends)
    await ann.expect(text="/remix", chat=friends)
