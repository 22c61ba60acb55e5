"""Files: sizes of a photo, the two kinds of id, downloads."""

from collections.abc import Awaitable, Callable
from io import BytesIO

import pytest
from PIL import Image
from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken

from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
NextUpdate = Callable[[], Awaitable[Update]]


@pytest.mark.parametrize(
    ("source", "sizes"),
    [
        ((2000, 1000), [(90, 45), (320, 160), (800, 400), (1280, 640)]),
        ((600, 900), [(60, 90), (213, 320), (533, 800), (600, 900)]),
        ((128, 96), [(90, 68), (128, 96)]),
        ((40, 40), [(40, 40)]),
    ],
)
async def test_a_photo_comes_in_telegrams_sizes(
    bot: Bot, ann: Actor, picture: MakePicture, source: tuple[int, int], sizes: list[tuple[int, int]]
) -> None:
    sent = await bot.send_photo(ann.id, picture(*source, kind="PNG"))
    assert [(size.width, size.height) for size in sent.photo] == sizes
    largest = await (await sent.photo[-1].get_file()).download_as_bytearray()
    assert Image.open(BytesIO(largest)).format == "JPEG"
    assert Image.open(BytesIO(largest)).size == sizes[-1]
    assert sent.photo[-1].file_size == len(largest)


async def test_a_photo_is_turned_upright(ann: Actor, picture: MakePicture) -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    message = await ann.send_photo(picture(400, 200, exif=sideways))
    assert Image.open(BytesIO(message.photo_bytes())).size == (200, 400)


async def test_transparency_becomes_white(ann: Actor) -> None:
    data = BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(data, "PNG")
    message = await ann.send_photo(data.getvalue())
    assert Image.open(BytesIO(message.photo_bytes())).getpixel((50, 50)) == (255, 255, 255)


async def test_the_same_bytes_have_one_unique_id_and_many_ids(
    bot: Bot, ann: Actor, picture: MakePicture
) -> None:
    first, second = [(await bot.send_photo(ann.id, picture())).photo[-1] for _ in range(2)]
    other = (await bot.send_photo(ann.id, picture(colour="red"))).photo[-1]
    assert first.file_unique_id == second.file_unique_id != other.file_unique_id
    assert first.file_id != second.file_id
    assert first.file_unique_id != first.file_id


async def test_a_file_is_sent_again_by_its_id(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    photo = await bot.send_photo(ann.id, picture())
    for size in photo.photo:
        assert (await bot.send_photo(ann.id, size.file_id)).photo == photo.photo
    document = await bot.send_document(ann.id, picture(kind="PNG"), filename="a.png")
    again = await bot.send_document(ann.id, document.document.file_id, caption="again")
    assert again.document == document.document


async def test_an_id_serves_only_what_it_was_made_for(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    photo = (await bot.send_photo(ann.id, picture())).photo[-1]
    document = (await bot.send_document(ann.id, picture())).document
    with pytest.raises(BadRequest, match="Can't use file of type photo as document"):
        await bot.send_document(ann.id, photo.file_id)
    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await bot.send_photo(ann.id, document.file_id)
    for unusable in (photo.file_unique_id, "nonsense", document.thumbnail.file_id):
        with pytest.raises(BadRequest, match="Wrong file identifier"):
            await bot.send_photo(ann.id, unusable)


async def test_a_users_file_arrives_as_it_is(
    bot: Bot, ann: Actor, picture: MakePicture, next_update: NextUpdate
) -> None:
    data = picture(kind="PNG")
    await next_update()
    await ann.send_document(data, name="style.png")
    document = (await next_update()).message.document
    assert document.file_name == "style.png"
    file = await document.get_file()
    assert file.file_path.startswith(bot.base_file_url)
    assert bytes(await file.download_as_bytearray()) == data


async def test_a_broken_picture_is_a_document_without_thumbnail(ann: Actor, picture: MakePicture) -> None:
    message = await ann.send_document(picture()[:500], name="broken.jpg")
    assert "thumbnail" not in message.json["document"]


async def test_downloads_end_at_20_megabytes(bot: Bot, ann: Actor) -> None:
    fits = await ann.send_document(bytes(20 << 20), name="fits.bin")
    too_big = await ann.send_document(bytes((20 << 20) + 1), name="large.bin")
    await bot.get_file(fits.json["document"]["file_id"])
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(too_big.json["document"]["file_id"])


async def test_unknown_files_are_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nonsense")
    with pytest.raises(InvalidToken):  # what python-telegram-bot makes of a 404
        await bot.request.retrieve(f"{bot.base_file_url}/photos/file_99.jpg")
