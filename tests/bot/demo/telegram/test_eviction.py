"""Superseded previews are not kept for ever; what people sent or see is."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from telegram import Bot, InputMediaPhoto, Message
from telegram.error import BadRequest

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
BUDGET = 200_000


@pytest.fixture
def api(api: Emulator) -> Emulator:
    api.world.files.budget = BUDGET
    return api


def noise(seed: int) -> bytes:
    """A picture whose sizes take some 20 kB."""
    pixels = np.random.default_rng(seed).integers(0, 255, (150, 150, 3), np.uint8)
    data = BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


async def progress(bot: Bot, chat_id: int, edits: int) -> list[Message]:
    """A message whose picture changes again and again; as it was at each moment."""
    shown = [await bot.send_photo(chat_id, noise(0))]
    for number in range(1, edits):
        edited = await shown[0].edit_media(InputMediaPhoto(noise(number)))
        assert isinstance(edited, Message)
        shown.append(edited)
    return shown


async def is_there(bot: Bot, message: Message) -> bool:
    try:
        await (await bot.get_file(message.photo[-1].file_id)).download_as_bytearray()
    except BadRequest:
        return False
    return True


def bytes_on_disk(api: Emulator) -> int:
    folder = api.world.files.place(0).parent
    return sum(path.stat().st_size for path in folder.iterdir())


async def test_of_previews_gone_the_oldest_are_deleted(api: Emulator, bot: Bot, ann: Actor) -> None:
    shown = await progress(bot, ann.id, 60)
    there = [await is_there(bot, message) for message in shown]
    assert there[-1]
    assert not there[0]
    assert there == sorted(there)  # the oldest went first
    assert bytes_on_disk(api) < 4 * BUDGET


async def test_what_is_seen_stays_however_old(bot: Bot, ann: Actor) -> None:
    first = await bot.send_photo(ann.id, noise(1000))
    document = await bot.send_document(ann.id, noise(1001))
    album = await bot.send_media_group(ann.id, [InputMediaPhoto(noise(number)) for number in (1002, 1003)])
    await progress(bot, ann.id, 60)
    for message in (first, *album):
        assert await is_there(bot, message)
    await bot.get_file(document.document.file_id)
    await bot.get_file(document.document.thumbnail.file_id)


async def test_a_picture_sent_again_by_its_id_stays_when_the_first_is_gone(bot: Bot, ann: Actor) -> None:
    first = await bot.send_photo(ann.id, noise(1000))
    await bot.send_photo(ann.id, first.photo[0].file_id)
    await first.delete()
    await progress(bot, ann.id, 60)
    assert await is_there(bot, first)


async def test_what_people_sent_stays_even_if_deleted(bot: Bot, ann: Actor) -> None:
    sent = await ann.send_photo(noise(1000))
    await ann.delete(sent)
    await progress(bot, ann.id, 60)
    await bot.send_photo(ann.id, sent.json["photo"][-1]["file_id"])
