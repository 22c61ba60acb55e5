"""Stickers and animations: what the bot sends, what becomes of it, and where it may not."""

from collections.abc import Callable

import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.demo.telegram.chats import Sendable
from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]


async def test_a_sticker_is_sent_and_sent_again(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    webp = picture(512, 384, kind="WEBP")
    sent = await bot.send_sticker(ann.id, webp, emoji="🎨")
    sticker = sent.sticker
    assert (sticker.width, sticker.height, sticker.type, sticker.emoji) == (512, 384, "regular", "🎨")
    assert (sticker.is_animated, sticker.is_video) == (False, False)
    again = await bot.send_sticker(ann.id, sticker.file_id)
    assert again.sticker.file_unique_id == sticker.file_unique_id
    assert bytes(await (await bot.get_file(sticker.file_id)).download_as_bytearray()) == webp
    for _ in range(2):
        seen = await ann.expect(where=lambda message: message.sticker is not None)
        assert seen.sticker_bytes() == webp


@pytest.mark.parametrize(
    ("width", "height", "kind"), [(512, 512, "PNG"), (500, 400, "WEBP"), (600, 512, "WEBP")]
)
async def test_what_is_no_sticker_comes_as_a_document(
    bot: Bot, ann: Actor, picture: MakePicture, width: int, height: int, kind: str
) -> None:
    sent = await bot.send_sticker(ann.id, picture(width, height, kind=kind))
    assert sent.sticker is None
    assert sent.document
    await ann.expect(document=True)


async def test_a_sticker_has_no_more_than_512_kilobytes(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    sent = await bot.send_sticker(ann.id, picture(512, 512, kind="WEBP") + bytes(512 << 10))
    assert sent.document


async def test_other_files_are_no_stickers(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    photo = await bot.send_photo(ann.id, picture())
    with pytest.raises(BadRequest, match="Can't use file of type photo as sticker"):
        await bot.send_sticker(ann.id, photo.photo[-1].file_id)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_sticker(ann.id, b"")
    sticker = await bot.send_sticker(ann.id, picture(512, 512, kind="WEBP"))
    with pytest.raises(BadRequest, match="no caption in the message to edit"):
        await bot.edit_message_caption(ann.id, sticker.message_id, caption="x")


@pytest.mark.parametrize("forbidden", ["sticker", "animation"])
async def test_a_group_forbids_stickers_and_animations_together(
    api: Emulator, bot: Bot, ann: Actor, picture: MakePicture, forbidden: Sendable
) -> None:
    friends = api.world.add_group("Friends", [ann.person])
    ann.forbid(friends, forbidden)
    with pytest.raises(BadRequest, match="Not enough rights to send stickers to the chat"):
        await bot.send_sticker(friends.id, picture(512, 512, kind="WEBP"))
    with pytest.raises(BadRequest, match="Not enough rights to send animations to the chat"):
        await bot.send_animation(friends.id, picture(kind="GIF"), filename="film.gif")
    permissions = (await bot.get_chat(friends.id)).permissions
    assert (permissions.can_send_other_messages, permissions.can_send_documents) == (False, True)
    assert await bot.send_document(friends.id, picture())


async def test_an_animation_is_an_animation_with_a_preview(
    bot: Bot, ann: Actor, picture: MakePicture
) -> None:
    gif = picture(640, 480, kind="GIF")
    sent = await bot.send_animation(ann.id, gif, caption="The way here", filename="film.gif")
    assert (sent.animation.width, sent.animation.height) == (640, 480)
    assert sent.animation.thumbnail.width == 320
    assert sent.document.file_id == sent.animation.file_id  # for bots older than animations
    again = await bot.send_animation(ann.id, sent.animation.file_id)
    assert again.animation.file_unique_id == sent.animation.file_unique_id
    seen = await ann.expect(text="The way here", document=False)
    assert seen.animation
    assert seen.animation_bytes() == gif
    edited = await sent.edit_caption("The whole way")
    assert edited.animation.file_id == sent.animation.file_id


async def test_an_album_is_seen_as_one(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    await ann.send_album([picture(colour="red"), picture(colour="blue")])
    photo = await bot.send_photo(ann.id, picture())
    albums = [ann.seen(message.to_watchers()).album for message in ann.private.messages.values()]
    assert albums[1] is not None
    assert albums[1:] == [albums[1], albums[1], None]
    assert photo.media_group_id is None
