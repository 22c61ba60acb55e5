"""What the bot sends: texts, pictures, albums, replies, keyboards; and what it may not."""

from collections.abc import Awaitable, Callable

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.demo.telegram.emulator import Emulator
from tests.kit.people import Actor

MakePicture = Callable[..., bytes]
NextUpdate = Callable[[], Awaitable[Update]]


def keyboard(data: str = "x") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Press", callback_data=data)]])


async def test_a_text(bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(ann.id, "  hello ", reply_markup=keyboard())
    assert (sent.text, sent.chat.id, sent.from_user.id) == ("hello", ann.id, bot.id)
    seen = await ann.expect(text="hello", buttons=["Press"])
    assert seen.id == sent.message_id


async def test_html_becomes_entities(bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(
        ann.id,
        f'😀 <b>bold <i>both</i></b> &lt;tag&gt; <a href="tg://user?id={ann.id}">Ann</a> /help',
        parse_mode="HTML",
    )
    assert sent.text == "😀 bold both <tag> Ann /help"
    found = {kind: sent.parse_entity(entity) for entity in sent.entities for kind in [entity.type]}
    assert found == {"bold": "bold both", "italic": "both", "text_mention": "Ann", "bot_command": "/help"}
    assert next(entity for entity in sent.entities if entity.user).user.id == ann.id


async def test_entities_can_be_given_instead(bot: Bot, ann: Actor) -> None:
    sent = await bot.send_message(ann.id, "bold", entities=[MessageEntity("bold", 0, 4)])
    assert [entity.type for entity in sent.entities] == ["bold"]


@pytest.mark.parametrize("text", ["<b>open", "a < b", "<x>y</x>", "<b><i>crossed</b></i>", "nothing</b>"])
async def test_malformed_html_is_refused(bot: Bot, ann: Actor, text: str) -> None:
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(ann.id, text, parse_mode="HTML")


async def test_texts_have_limits(bot: Bot, ann: Actor) -> None:
    await bot.send_message(ann.id, "x" * 4096)
    await bot.send_message(ann.id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(ann.id, "x" * 4097)
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(ann.id, "  ")


async def test_a_reply(bot: Bot, ann: Actor) -> None:
    asked = await ann.send_text("question")
    sent = await bot.send_message(ann.id, "answer", reply_parameters=ReplyParameters(asked.id))
    assert sent.reply_to_message.text == "question"
    assert (await bot.send_message(ann.id, "again", reply_to_message_id=asked.id)).reply_to_message
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(ann.id, "x", reply_parameters=ReplyParameters(999))
    lenient = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(ann.id, "x", reply_parameters=lenient)).reply_to_message is None


@pytest.mark.parametrize("data", ["x" * 65, "й" * 33])
async def test_callback_data_has_64_bytes(bot: Bot, ann: Actor, data: str) -> None:
    await bot.send_message(ann.id, "fits", reply_markup=keyboard(data[:32]))
    with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
        await bot.send_message(ann.id, "does not", reply_markup=keyboard(data))


async def test_inline_buttons_do_something(bot: Bot, ann: Actor) -> None:
    idle = InlineKeyboardMarkup([[InlineKeyboardButton("Idle")]])
    with pytest.raises(BadRequest, match="text buttons are unallowed"):
        await bot.send_message(ann.id, "x", reply_markup=idle)
    useful = InlineKeyboardMarkup([[InlineKeyboardButton("Copy", copy_text=CopyTextButton("text"))]])
    await bot.send_message(ann.id, "x", reply_markup=useful)


async def test_other_markups_are_accepted(bot: Bot, ann: Actor) -> None:
    for markup in (ForceReply(selective=True), ReplyKeyboardRemove()):
        assert (await bot.send_message(ann.id, "x", reply_markup=markup)).reply_markup is None


async def test_a_photo_a_document_and_an_animation(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    photo = await bot.send_photo(ann.id, picture(), caption="<i>photo</i>", parse_mode="HTML")
    assert photo.caption_entities[0].type == "italic"
    document = await bot.send_document(ann.id, picture(kind="PNG"), filename="large.png", caption="file")
    assert (document.document.file_name, document.document.mime_type) == ("large.png", "image/png")
    assert document.document.thumbnail.width == 320
    animation = await bot.send_animation(ann.id, picture(kind="GIF"), duration=2, filename="film.gif")
    assert (animation.animation.width, animation.animation.duration) == (640, 2)
    seen = [await ann.expect(photo=True), await ann.expect(document=True, text="file"), await ann.expect()]
    assert "animation" in seen[2].json
    assert seen[1].document_bytes() == picture(kind="PNG")


async def test_captions_have_a_limit(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    await bot.send_photo(ann.id, picture(), caption="x" * 1024)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(ann.id, picture(), caption="x" * 1025)


async def test_an_album(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    items = [InputMediaPhoto(picture(colour="red"), caption="two"), InputMediaPhoto(picture(colour="blue"))]
    sent = await bot.send_media_group(ann.id, items)
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["two", None]
    files = [InputMediaDocument(picture(), filename=name) for name in ("a.jpg", "b.jpg")]
    assert [message.document.file_name for message in await bot.send_media_group(ann.id, files)] == [
        "a.jpg",
        "b.jpg",
    ]


async def test_albums_have_rules(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    photo = InputMediaPhoto(picture())
    with pytest.raises(BadRequest, match="Too many messages"):
        await bot.send_media_group(ann.id, [photo] * 11)
    with pytest.raises(BadRequest, match="can't be mixed"):
        await bot.send_media_group(ann.id, [photo, InputMediaDocument(picture())])
    with pytest.raises(BadRequest, match="in the album"):
        await bot.send_media_group(ann.id, [photo, InputMediaAnimation(picture(kind="GIF"))])


async def test_a_chat_action(api: Emulator, bot: Bot, ann: Actor) -> None:
    await bot.send_chat_action(ann.id, ChatAction.UPLOAD_PHOTO)
    event = await api.world.journal.wait_for(lambda event: event.kind == "action", 1)
    assert (event.chat_id, event.data) == (ann.id, {"action": "upload_photo"})
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(ann.id, "dance")


async def test_strangers_cannot_be_written_to(api: Emulator, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(12345, "hello?")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(Actor.join(api.world, "Bob").id, "Bob never wrote")


async def test_nor_those_who_blocked_the_bot(bot: Bot, ann: Actor, next_update: NextUpdate) -> None:
    await next_update()
    ann.block()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(ann.id, "hello?")
    update = await next_update()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    ann.unblock()
    await bot.send_message(ann.id, "hello again")


async def test_uploads_have_limits(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(ann.id, b"")
    with pytest.raises(BadRequest, match="is too big for a photo"):
        await bot.send_photo(ann.id, picture() + bytes(10 << 20))
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(ann.id, bytes((50 << 20) + 1), write_timeout=20, read_timeout=20)
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ann.id, b"no picture")


@pytest.mark.parametrize(("width", "height"), [(9000, 1001), (2100, 100)])
async def test_photos_have_sane_shapes(
    bot: Bot, ann: Actor, picture: MakePicture, width: int, height: int
) -> None:
    with pytest.raises(BadRequest, match=r"(?i)PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(ann.id, picture(width, height))


async def test_a_copy_is_the_bots_own(bot: Bot, ann: Actor, picture: MakePicture) -> None:
    photo = await ann.send_photo(picture(), "look")
    said = await bot.send_message(ann.id, "<b>hello</b>", parse_mode="HTML")
    for original in (photo.id, said.message_id):
        copied = await bot.copy_message(ann.id, ann.id, original)
        assert copied.message_id > said.message_id
    await ann.expect(photo=True, text="look")
    assert (await ann.expect(text="hello")).json["entities"][0]["type"] == "bold"
    for missing in ((ann.id, 999), (12345, said.message_id)):
        with pytest.raises(BadRequest, match="essage to copy not found"):
            await bot.copy_message(ann.id, *missing)
