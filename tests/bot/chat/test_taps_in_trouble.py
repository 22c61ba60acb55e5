"""Taps while Telegram, or the database, has trouble: what was tapped counts, and is acted on once."""

import pytest

from bot.chat import button_router
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import server_error
from bot.gateway import request_limiter
from storage import DiskFull, Users
from tests.bot.chat.conftest import send_pair
from tests.kit.people import Actor


@pytest.fixture(autouse=True)
def soon_worthless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(request_limiter.WORTH, "answerCallbackQuery", 0.1)


async def test_a_tap_the_database_fails_under_is_put_off_though_its_toast_fails_too(
    api: Emulator, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send_pair(ann)
    failures = [DiskFull("no room")]
    ensure = Users.ensure

    async def fail_once(users: Users, user_id: int) -> object:
        if failures:
            raise failures.pop()
        return await ensure(users, user_id)

    monkeypatch.setattr(Users, "ensure", fail_once)
    api.faults.for_a_time("answerCallbackQuery", server_error(), seconds=600)
    await ann.tap("Balanced", wait=False)
    await ann.expect(photo=True, buttons=["Another style"])


async def test_a_long_toast_that_nobody_saw_is_said(
    api: Emulator, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(button_router, "LONGEST_TOAST", 5)
    await send_pair(ann)
    api.faults.for_a_time("answerCallbackQuery", server_error(), seconds=600)
    await ann.tap("Balanced", wait=False)
    await ann.expect(text="Here we go!")
