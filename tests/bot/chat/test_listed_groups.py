"""A group on the operator's list stays on it when it becomes a supergroup, which has another id."""

import pytest

from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.settings import Settings
from tests.bot.chat.conftest import Restart
from tests.kit.people import Actor
from tests.kit.pictures import picture


@pytest.fixture
def small(api: Emulator, ann: Actor) -> Chat:
    return api.world.add_group("Small", [ann.person])


@pytest.fixture
def settings(settings: Settings, small: Chat) -> Settings:
    return settings.model_copy(update={"allowed_chats": frozenset({small.id})})


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_listed_group_that_becomes_a_supergroup_is_listed_still(
    api: Emulator,
    ann: Actor,
    small: Chat,
    restart: Restart,
    caplog: pytest.LogCaptureFixture,
    overtaken: bool,
) -> None:
    await ann.send_text("/help", chat=small)
    await ann.expect(text="/remix", chat=small)
    if overtaken:
        api.faults.reorder_updates(2)
    big = ann.upgrade(small)
    for runs in (1, 2):
        for _ in range(2):
            await ann.send_photo(picture("red"), "/style", chat=big)
            await ann.expect(text="with the style picture", chat=big)
        lines = [record for record in caplog.records if "STYLEGRAM_ALLOWED_CHATS" in record.getMessage()]
        assert [vars(record)["new_chat"] for record in lines] == runs * [big.id]
        await restart()


async def test_one_that_was_not_listed_is_not_now(api: Emulator, ann: Actor) -> None:
    other = api.world.add_group("Other", [ann.person])
    big = ann.upgrade(other)
    await ann.send_text("/help", chat=big)
    await ann.expect(text="only for people on its list", chat=big)
