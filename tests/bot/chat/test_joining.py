"""A group that the bot is added to is greeted, once, in two lines; others are not."""

import pytest

from bot.chat import joining
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from tests.bot.chat.conftest import Restart
from tests.kit.people import Actor


@pytest.mark.parametrize("kind", ["group", "supergroup", "forum"])
async def test_a_group_is_told_in_two_lines_how_to_begin(api: Emulator, ann: Actor, kind: str) -> None:
    if kind == "group":
        chat = api.world.add_group("Friends", [ann.person])
    else:
        chat = api.world.add_supergroup("Friends", [ann.person], forum=kind == "forum")
    said = await ann.expect(text="/style", chat=chat)
    assert said.text.count("\n") == 1
    assert said.text.endswith("/games lists what we can play here.")
    assert said.thread is None


async def test_in_the_language_of_who_added_it(api: Emulator) -> None:
    eva = Actor.join(api.world, "Ева", language="ru")
    chat = api.world.add_supergroup("Друзья", [eva.person])
    await eva.expect(text="Ответьте здесь на фото командой /style", chat=chat)


async def test_once_whatever_becomes_of_the_bot_there(api: Emulator, ann: Actor, restart: Restart) -> None:
    chat = api.world.add_supergroup("Friends", [ann.person])
    await ann.expect(text="Hello!", chat=chat)
    ann.promote_bot(chat)
    await restart()
    api.world.set_bot_status(chat, "member", ann.person)
    await ann.send_text("/help", chat=chat)
    await ann.expect(text="/remix", chat=chat)
    await ann.expect_silence(0.2, chat=chat)
    ann.remove_bot(chat)
    ann.add_bot(chat)
    await ann.expect(text="Hello!", chat=chat)


async def test_not_where_it_may_not_write(api: Emulator, ann: Actor, ben: Actor) -> None:
    chat = api.world.add_supergroup("Friends", [ann.person], with_bot=False)
    ann.forbid(chat, "text")
    ann.add_bot(chat)
    await ben.send_text("/start")
    await ben.expect(text="Send me a photo")
    await ann.expect_silence(0.2, chat=chat)


async def test_not_a_supergroup_that_it_knew_as_a_group(
    api: Emulator, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram says that the bot was added to it, and before that it has moved."""
    monkeypatch.setattr(joining, "MOVE_PAUSE", 0.3)
    chat = api.world.add_group("Friends", [ann.person])
    await ann.expect(text="Hello!", chat=chat)
    big = ann.upgrade(chat)
    await ann.send_text("/help", chat=big)
    await ann.expect(text="/remix", chat=big)
    await ann.expect_silence(0.5, chat=big)


class TestListed:
    """Where the bot works for those on its lists only."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"allowed_chats": frozenset({-1})})

    async def test_not_a_group_that_is_not_on_the_list(self, api: Emulator, ann: Actor) -> None:
        chat = api.world.add_supergroup("Friends", [ann.person])
        await ann.expect_silence(0.3, chat=chat)
