"""English and Russian: chosen from the user's Telegram, changed in /settings, down to the last button."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from tests.e2e.conftest import RunBot, picture
from tests.kit.people import Actor

LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(r"/\w+|Telegram|JPEG|PNG|WebP|GIF|HEIC|English|VIII")
CONTENT, STYLE = picture((200, 40, 40)), picture((40, 60, 200))


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def bot(run_bot: RunBot) -> AsyncIterator[None]:
    async with run_bot():
        yield


def said(api: Emulator, user: Actor) -> list[str]:
    """Everything the bot ever said to this user, buttons and toasts included, edited since or not."""
    texts: list[str] = []
    for event in api.world.journal.events:
        if event.chat_id == user.id and event.kind in ("message", "edited"):
            if event.data["from"]["id"] == api.world.bot.id:
                seen = SeenMessage(event.data, api.world.files)
                texts += [seen.text, *seen.buttons]
        elif event.kind == "answered" and event.data["user_id"] == user.id:
            texts.append(event.data["text"])
    return texts


async def test_a_russian_is_answered_in_russian_from_start_to_end(api: Emulator) -> None:
    olga = Actor.join(api.world, "Ольга", "ru")
    for command in ("/start", "/help", "/history", "/status", "/swap", "/cancel", "/nonsense", "/forget"):
        await olga.send_text(command)
        await olga.expect()
    await olga.send_sticker()
    await olga.expect()
    await olga.send_photo(CONTENT)
    await olga.expect(text="Теперь пришлите стиль")
    await olga.send_photo(STYLE)
    await olga.expect(
        text="Насколько сильно", buttons=["Слегка", "Умеренно", "Сильно", "Безумно", "Классика"]
    )
    assert await olga.tap("Слегка") == "Начинаем!"
    await olga.expect(photo=True, buttons=["Другой стиль"], timeout=120)
    await olga.tap("Ещё…")
    await olga.tap("Файлом")
    await olga.expect(document=True)
    await olga.send_text("/history")
    await olga.expect(text="Ваши последние картины")
    await olga.send_text("/settings")
    await olga.expect(text="Ваши настройки")
    await olga.send_text("/forget")
    await olga.expect(text="Удалить всё")
    await olga.tap("Удалить всё")
    await olga.expect(text="• 1 картина")
    foreign = [text for text in said(api, olga) if LATIN.search(NAMES.sub("", text))]
    assert foreign == []


async def test_the_language_of_the_settings_comes_before_that_of_telegram(api: Emulator) -> None:
    olga = Actor.join(api.world, "Olga", "ru")
    await olga.send_text("/settings")
    await olga.expect(text="Ваши настройки", buttons=["✅ Как в Telegram"])
    assert await olga.tap("English") == "Saved."
    await olga.expect(text="Your settings", buttons=["✅ English"])
    await olga.send_text("/start")
    await olga.expect(text="Send me a photo")
    await olga.tap("As in Telegram")
    await olga.expect(text="Ваши настройки")


async def test_each_in_a_group_is_answered_in_their_own_language(api: Emulator) -> None:
    olga, ann = Actor.join(api.world, "Olga", "ru"), Actor.join(api.world, "Ann", "en")
    friends = api.world.add_group("Friends", [olga.person, ann.person])
    for user, question in ((olga, "ответьте на это сообщение"), (ann, "reply to this message")):
        await user.send_photo(CONTENT, "/style", chat=friends)
        await user.expect(text=question, chat=friends)


async def test_a_language_nobody_here_speaks_is_answered_in_english(api: Emulator) -> None:
    ines = Actor.join(api.world, "Inês", "pt-br")
    await ines.send_text("/start")
    await ines.expect(text="Send me a photo")


async def test_the_command_menus_are_in_both_languages(api: Emulator) -> None:
    ann, profile = Actor.join(api.world, "Ann"), api.world.profile
    await ann.send_text("/start")
    await ann.expect()
    for scope in ("all_private_chats", "all_group_chats"):
        english, russian = (profile.menu({"type": scope}, language) for language in ("", "ru"))
        assert [command["command"] for command in english] == [command["command"] for command in russian]
        assert not any(LATIN.search(command["description"].replace("/", "")) for command in russian)
        assert english
