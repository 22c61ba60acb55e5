"""Edits, deletions and taps."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
RunBot = Callable[..., AbstractAsyncContextManager[object]]


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label.lower()) for label in labels]]
    )


UNCHANGED = "Message is not modified: specified new message content and reply markup are exactly the same"


async def test_a_text_is_edited(bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(ann.id, "one", reply_markup=keyboard("A"))
    await ann.expect(text="one", buttons=["A"])
    edited = await sent.edit_text("<b>two</b>", parse_mode="HTML")
    assert (edited.text, edited.edit_date is None, edited.reply_markup) == ("two", False, None)
    await ann.expect(text="two", buttons=[])


async def test_an_edit_has_to_change_something(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    text = await bot.send_message(ann.id, "same", reply_markup=keyboard("A"))
    with pytest.raises(BadRequest, match=UNCHANGED):
        await text.edit_text(" same ", reply_markup=keyboard("A"))
    with pytest.raises(BadRequest, match=UNCHANGED):
        await text.edit_reply_markup(keyboard("A"))
    await text.edit_text("<i>same</i>", parse_mode="HTML", reply_markup=keyboard("A"))
    photo = await bot.send_photo(ann.id, picture(), caption="same")
    with pytest.raises(BadRequest, match=UNCHANGED):
        await photo.edit_caption("same")
    with pytest.raises(BadRequest, match=UNCHANGED):
        await photo.edit_media(InputMediaPhoto(picture(), caption="same"))


async def test_a_caption_is_edited_and_the_photo_stays(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    sent = await bot.send_photo(ann.id, picture())
    edited = await sent.edit_caption("50 %", reply_markup=keyboard("Cancel"))
    assert (edited.caption, edited.photo) == ("50 %", sent.photo)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await sent.edit_text("text")
    text = await bot.send_message(ann.id, "text")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await text.edit_caption("caption")


async def test_a_picture_is_exchanged(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    sent = await bot.send_photo(ann.id, picture(colour="red"), caption="draft")
    draft = await ann.expect(photo=True)
    edited = await sent.edit_media(InputMediaPhoto(picture(colour="blue"), caption="result"))
    assert (edited.caption, edited.photo == sent.photo) == ("result", False)
    result = await ann.expect(text="result", photo=True)
    assert draft.photo_bytes() != result.photo_bytes()
    by_id = await edited.edit_media(InputMediaPhoto(sent.photo[-1].file_id))
    assert (by_id.photo, by_id.caption) == (sent.photo, None)
    as_file = await sent.edit_media(InputMediaDocument(picture(), filename="a.jpg"))
    assert as_file.document.file_name == "a.jpg"
    assert not as_file.photo


async def test_a_text_may_become_a_picture(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    sent = await bot.send_message(ann.id, "in the queue")
    edited = await sent.edit_media(InputMediaPhoto(picture(), caption="draft"))
    assert (edited.text, edited.caption) == (None, "draft")


async def test_only_own_messages_that_are_there_are_edited(bot: Bot, ann: Actor) -> None:
    theirs = await ann.send_text("mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", ann.id, theirs.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("text", ann.id, 999)


async def test_messages_are_deleted(api: Emulator, bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(ann.id, "gone")
    await sent.delete()
    await api.world.journal.wait_for(lambda event: event.kind == "deleted", 1)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await sent.edit_text("back")
    await bot.delete_message(ann.id, (await ann.send_text("hers")).id)


async def test_a_tap_and_its_toast(ann: Actor, run_bot: RunBot, bot: Bot) -> None:
    async def answer(update: Update, _context: object) -> None:
        query: CallbackQuery = update.callback_query
        await query.answer(f"{query.from_user.first_name} chose {query.data}")
        await query.edit_message_text(f"{query.data}!")

    async with run_bot(CallbackQueryHandler(answer)):
        await bot.send_message(ann.id, "How?", reply_markup=keyboard("Lighter", "Light", "Strong"))
        assert await ann.tap("Light") == "Ann chose light"
        await ann.expect(text="light!", buttons=[])


async def test_a_tap_is_answered_once_and_in_time(api: Emulator, bot: Bot, ann: Actor) -> None:
    await bot.send_message(ann.id, "How?", reply_markup=keyboard("A"))
    taps = [asyncio.create_task(ann.tap("A")) for _ in range(2)]
    first, second = await _queries(bot, 2)
    await first.answer("done", show_alert=True)
    assert await taps[0] == "done"
    api.world.callback_queries.answer_within = 0
    for late in (first, second):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await late.answer("late")
    taps[1].cancel()


async def test_toasts_are_short(bot: Bot, ann: Actor) -> None:
    await bot.send_message(ann.id, "How?", reply_markup=keyboard("A"))
    await ann.tap("A", wait=False)
    [query] = await _queries(bot, 1)
    with pytest.raises(BadRequest, match=r"(?i)MESSAGE_TOO_LONG"):
        await query.answer("x" * 201)


async def _queries(bot: Bot, count: int) -> list[CallbackQuery]:
    await asyncio.sleep(0)  # lets the tappers tap
    updates = await bot.get_updates()
    queries = [update.callback_query for update in updates if update.callback_query]
    assert len(queries) == count
    return queries


async def test_a_spoiler_stays_until_the_picture_is_replaced(
    bot: Bot, ann: Actor, picture: MakePicture
) -> None:
    sent = await bot.send_photo(ann.id, picture(), has_spoiler=True)
    assert sent.has_media_spoiler
    assert (await sent.edit_caption("covered")).has_media_spoiler
    assert (await ann.expect(text="covered")).is_covered
    with pytest.raises(BadRequest, match=UNCHANGED):
        await sent.edit_media(InputMediaPhoto(picture(), caption="covered", has_spoiler=True))
    seen = await sent.edit_media(InputMediaPhoto(picture(), caption="covered"))
    assert not seen.has_media_spoiler
