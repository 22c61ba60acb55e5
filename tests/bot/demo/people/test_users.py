"""The users themselves: what they see, miss and complain about; and the journal behind it."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import MessageHandler, filters

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
RunBot = Callable[..., AbstractAsyncContextManager[object]]


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in labels]])


async def test_a_conversation(ann: Actor, run_bot: RunBot, picture: MakePicture) -> None:
    async def answer(update: Update, _context: object) -> None:
        photo = await (await update.message.photo[-1].get_file()).download_as_bytearray()
        await update.message.reply_photo(bytes(photo), caption="Here", do_quote=True)

    async with run_bot(MessageHandler(filters.PHOTO, answer)):
        sent = await ann.send_photo(picture(colour="red"))
        seen = await ann.expect(text="Here", photo=True, timeout=5)
    assert seen.reply_to_id == sent.id
    assert seen.photo_bytes()[:2] == b"\xff\xd8"


async def test_messages_are_seen_once_and_in_order(bot: Bot, ann: Actor) -> None:
    for text in ("one", "two", "one", "three"):
        await bot.send_message(ann.id, text)
    first, second = await ann.expect(text="one"), await ann.expect(text="one")
    assert first.id < second.id
    assert (await ann.expect()).text == "three"
    with pytest.raises(AssertionError):
        await ann.expect(text="one", timeout=0.1)


async def test_edits_are_seen_as_they_come_and_stay_as_seen(bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(ann.id, "10 %")
    await sent.edit_text("90 %")
    early = await ann.expect(text="10 %")
    late = await ann.expect(text=re.compile(r"9\d %"))
    assert (early.id, early.text, late.text) == (late.id, "10 %", "90 %")


async def test_what_is_expected_may_still_have_to_come(bot: Bot, ann: Actor) -> None:
    waiting = asyncio.create_task(ann.expect(where=lambda message: len(message.text) == 5))
    await asyncio.sleep(0.1)
    await bot.send_message(ann.id, "long enough")
    await bot.send_message(ann.id, "right")
    assert (await waiting).text == "right"


async def test_a_disappointment_shows_the_chat(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    await bot.send_photo(ann.id, picture(), caption="How strong?", reply_markup=keyboard("Light", "Strong"))
    with pytest.raises(AssertionError) as disappointed:
        await ann.expect(text="Done", document=True, timeout=0.1)
    complaint = str(disappointed.value)
    assert "Ann waited 0.1 s for text='Done', document=True" in complaint
    assert "#1 Ann: '/start'" in complaint
    assert "#2 stylegram: [photo] 'How strong?' <Light | Strong>" in complaint
    with pytest.raises(AssertionError, match=r"no button 'Wild' to tap"):
        await ann.tap("Wild")
    with pytest.raises(AssertionError, match=r"did not answer the tap on 'Light'"):
        await ann.tap("Light", timeout=0.1)


async def test_a_transcript_shows_polls_as_they_stand(bot: Bot, ann: Actor) -> None:
    sent = await bot.send_poll(ann.id, "Which?", ["Red", "Blue"])
    await ann.vote(await ann.expect(where=lambda message: message.poll is not None), "Blue")
    await bot.stop_poll(ann.id, sent.message_id)
    with pytest.raises(AssertionError) as disappointed:
        await ann.expect(text="Done", timeout=0.1)
    assert "#2 stylegram: [poll] 'Which?' (Red 0, Blue 1; closed)" in str(disappointed.value)


async def test_the_newest_message_with_the_button_is_tapped(api: Emulator, bot: Bot, ann: Actor) -> None:
    old = await bot.send_message(ann.id, "old", reply_markup=keyboard("💪 Strong"))
    new = await bot.send_message(ann.id, "new", reply_markup=keyboard("Stronger", "💪 Strong"))
    await bot.send_message(ann.id, "no buttons")
    await ann.tap("Strong", wait=False)
    await ann.tap("Strong", message=await ann.expect(text="old"), wait=False)
    await ann.tap("Stron", wait=False)
    tapped = [event.data for event in api.world.journal.events if event.kind == "tapped"]
    assert [query["message"]["message_id"] for query in tapped] == [
        new.message_id,
        old.message_id,
        new.message_id,
    ]
    assert [query["data"] for query in tapped] == ["💪 Strong", "💪 Strong", "Stronger"]


async def test_silence(bot: Bot, ann: Actor) -> None:
    await bot.send_message(ann.id, "hello")
    await ann.expect(text="hello")
    await ann.expect_silence(0.1)
    await bot.send_message(ann.id, "still here")
    with pytest.raises(AssertionError, match="not silent"):
        await ann.expect_silence(0)


async def test_each_user_of_a_group_sees_for_themselves(api: Emulator, bot: Bot, ann: Actor) -> None:
    bob = Actor.join(api.world, "Bob")
    friends = api.world.add_group("Friends", [ann.person, bob.person])
    await bot.send_message(friends.id, "hello")
    assert (await ann.expect(chat=friends)).id == (await bob.expect(chat=friends)).id


async def test_pictures_come_from_files_too(ann: Actor, picture: MakePicture, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture(300, 200))
    assert (await ann.send_photo(path)).has_photo


async def test_blocking_ends_the_conversation(ann: Actor) -> None:
    ann.block()
    with pytest.raises(ValueError, match="has to unblock the bot first"):
        await ann.send_text("hello?")


async def test_deleting_is_not_told(bot: Bot, ann: Actor) -> None:
    await ann.delete(await ann.send_text("oops"))
    assert [update.message.text for update in await bot.get_updates()] == ["/start", "oops"]
    assert len(ann.private.messages) == 1


async def test_the_journal_tells_everything_in_order(api: Emulator, bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(ann.id, "hello", reply_markup=keyboard("A"))
    await bot.send_chat_action(ann.id, "typing")
    await ann.tap("A", wait=False)
    query = (await bot.get_updates())[-1].callback_query
    await query.answer("toast")
    await sent.edit_text("edited")
    await sent.delete()
    events = api.world.journal.events
    kinds = ["chat", "message", "message", "action", "tapped", "answered", "edited", "deleted"]
    assert [event.kind for event in events] == kinds
    assert [event.number for event in events] == list(range(1, 9))
    assert events[5].data["text"] == "toast"


async def test_the_journal_is_followed_from_anywhere(api: Emulator, ann: Actor) -> None:
    heard = []

    async def listen() -> None:
        async for event in api.world.journal.follow(after=1):
            heard.append(event.to_json())
            if len(heard) == 3:
                return

    listening = asyncio.create_task(listen())
    await ann.send_text("two")
    await asyncio.sleep(0.05)
    await ann.send_text("three")
    await asyncio.wait_for(listening, 1)
    assert [event["data"]["text"] for event in heard] == ["/start", "two", "three"]


async def test_waiting_for_an_event_has_an_end(api: Emulator) -> None:
    with pytest.raises(TimeoutError):
        await api.world.journal.wait_for(lambda event: event.kind == "deleted", timeout=0.1)
