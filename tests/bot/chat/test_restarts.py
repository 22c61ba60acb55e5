"""A restart between any two messages changes nothing that anybody sees."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.chat.session_flow import ALBUM_PAUSE
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from storage import SessionKey, Sessions
from tests.bot.chat.conftest import Restart
from tests.kit.people import Actor
from tests.kit.pictures import picture
from tests.kit.waiting import until

Talk = Callable[[Actor], AsyncIterator[None]]  # yields between what the user does, once it is answered


async def photos(ann: Actor) -> AsyncIterator[None]:
    await ann.send_text("/start")
    await ann.expect(text="photo")
    yield
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    yield
    await ann.send_text("hm")
    await ann.expect(text="Now send me the style")
    yield
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong", photo=True)
    yield
    await ann.tap("Keep colours")
    await ann.expect(buttons=["✅ Keep colours"])
    yield
    await ann.send_photo(picture("green"))
    await ann.expect(text="How strong", buttons=["✅ Keep colours"])
    yield
    await ann.send_text("/swap")
    await ann.expect(text="How strong", buttons=["✅ Keep colours"])
    yield
    await ann.tap("Wild")
    await ann.expect(photo=True, buttons=["Another style"])
    yield
    await ann.tap("Another style")
    await ann.expect(text="Now send me the style")
    yield
    await ann.send_photo(picture("yellow"))
    await ann.expect(text="How strong", photo=True)
    yield
    await ann.tap("Light")
    await ann.expect(photo=True, buttons=["Another style"])


async def files(ann: Actor) -> AsyncIterator[None]:
    await ann.send_document(picture("red", kind="PNG"))
    await ann.expect(text="Now send me the style")
    yield
    await ann.send_document(picture("blue", kind="PNG"))
    await ann.expect(text="How strong", photo=True)
    yield
    await ann.tap("Larger")
    await ann.expect(buttons=["✅ Larger"])
    yield
    await ann.tap("Classic")
    await ann.expect(photo=True, buttons=["Another style"])
    yield
    await ann.send_text("/settings")
    await ann.expect(text="Your settings")
    yield
    await ann.tap("Русский")
    await ann.expect(buttons=["✅ Русский"])
    yield
    await ann.send_text("/cancel")
    await ann.expect()


@pytest.mark.parametrize("talk", [photos, files])
async def test_a_restart_between_every_two_messages_is_not_noticed(
    api: Emulator, restart: Restart, talk: Talk
) -> None:
    async def nothing() -> None: ...

    undisturbed = await _transcript(Actor.join(api.world, "Ann"), talk, nothing)
    assert await _transcript(Actor.join(api.world, "Ann"), talk, restart) == undisturbed


async def _transcript(user: Actor, talk: Talk, between: Callable[[], Awaitable[None]]) -> list[str]:
    async for _ in talk(user):
        await between()
    return _lines(user.private)


def _lines(chat: Chat) -> list[str]:
    """Who said what under which buttons. The numbers of messages and jobs go on counting, so not those."""
    lines = []
    for message in chat.messages.values():
        keyboard = message.keyboard or {"inline_keyboard": []}
        labels = [button["text"] for row in keyboard["inline_keyboard"] for button in row]
        lines.append(f"{message.sender.first_name} {sorted(message.content)} {message.text} {labels}")
    return lines


async def test_an_album_may_be_cut_in_two_by_a_restart(api: Emulator, ann: Actor, restart: Restart) -> None:
    photos = [(await ann.send_photo(picture(colour))).json["photo"] for colour in ("red", "blue")]
    await ann.expect(text="How strong")
    await ann.tap("Cancel")
    await ann.expect(text="Cancelled")
    for photo in photos:
        api.world.post(ann.private, ann.person, {"photo": photo}, extra={"media_group_id": "7"})
        await restart()
    await ann.expect(text="How strong", photo=True)


async def test_an_albums_question_is_asked_though_the_bot_dies_in_the_pause_before(
    api: Emulator, ann: Actor, restart: Restart, sessions: Sessions
) -> None:
    photo = (await ann.send_photo(picture("red"))).json["photo"]
    await ann.expect(text="Now send me the style")
    api.world.post(ann.private, ann.person, {"photo": photo}, extra={"media_group_id": "7"})

    async def stored() -> bool:
        session = await sessions.get(SessionKey(ann.id, 0, ann.id))
        return session is not None and session.album_id == "7"

    await until(stored)
    await restart()
    await ann.expect(text="Now send me the style")
    await ann.expect_silence(2 * ALBUM_PAUSE)
