"""Pictures are looked at when they arrive: what cannot be painted is refused then, and the rest is kept."""

import asyncio
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from bot.chat import arrival
from bot.demo.telegram.chats import Chat
from bot.demo.telegram.emulator import Emulator
from bot.demo.telegram.faults import server_error
from core.decoding.refusal import PictureError, Reason
from tests.bot.chat.conftest import Restart, is_gone, result, send_pair
from tests.bot.conftest import LentDecoder
from tests.kit.hostile_pictures import png, zeros
from tests.kit.people import Actor
from tests.kit.pictures import BLUE, GREEN, RED, YELLOW, picture
from tests.kit.waiting import until


def transparent(kind: str) -> bytes:
    data = BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(data, kind)
    return data.getvalue()


def noise() -> bytes:
    """Of which a part is damaged for everybody to see."""
    data = BytesIO()
    Image.effect_noise((256, 256), 90).save(data, "JPEG")
    return data.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut short": (lambda: picture("red", 300, 200, "PNG")[:-60], "damaged or cut short"),
    "a JPEG cut short": (lambda: noise()[:9000], "damaged or cut short"),
    "tiny": (lambda: picture("red", 12, 12, "PNG"), "too tiny"),
    "narrow": (lambda: picture("red", 900, 20, "PNG"), "too narrow"),
    "huge": (lambda: png(9000, 9000, 8, 0, zeros(1000)), "more than 50 million pixels"),
    "long": (lambda: png(20_001, 1100, 8, 0, zeros(1000)), "no side may have more than 20000"),
    "transparent": (lambda: transparent("PNG"), "completely transparent"),
    "words": (lambda: b"these are only words", "not a picture I can open"),
    "a drawing": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "can't read that kind"),
}


@pytest.fixture
def friends(api: Emulator, ann: Actor, ben: Actor) -> Chat:
    return api.world.add_supergroup("Friends", [ann.person, ben.person])


@pytest.mark.parametrize("what", REFUSED)
async def test_a_file_that_cannot_be_painted_is_refused_at_once_and_the_photo_kept(
    ann: Actor, restart: Restart, what: str
) -> None:
    make, answer = REFUSED[what]
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    sent = await ann.send_document(make())
    assert (await ann.expect(text=answer)).reply_to_id == sent.id
    if what == "tiny":
        await restart()
    await ann.send_document(picture("blue", kind="PNG"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_a_style_that_is_refused_leaves_the_one_before(ann: Actor) -> None:
    prompt = await send_pair(ann)
    await ann.send_document(b"not even that")
    await ann.expect(text="not a picture I can open")
    await ann.tap("Light", message=prompt)
    await result(ann, RED, BLUE)


async def test_a_sticker_nobody_can_see_is_refused(ann: Actor) -> None:
    sent = await ann.send_sticker(transparent("WEBP"))
    assert (await ann.expect(text="completely transparent")).reply_to_id == sent.id


async def test_a_photo_is_judged_by_its_size_alone(api: Emulator, ann: Actor) -> None:
    api.faults.for_a_time("getFile download", server_error(), 60)
    sent = await ann.send_photo(picture("red", 150, 10))
    assert (await ann.expect(text="That picture is too tiny")).reply_to_id == sent.id
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")


@pytest.mark.parametrize("damaged", [1, 2])
async def test_of_an_album_the_other_picture_is_kept_in_its_part(ann: Actor, damaged: int) -> None:
    good = picture("red" if damaged == 2 else "blue", kind="PNG")
    album = [b"damaged", good] if damaged == 1 else [good, b"damaged"]
    sent = await ann.send_album(album, as_files=True)
    refusal = await ann.expect(text="not a picture I can open")
    assert refusal.reply_to_id == sent[damaged - 1].id
    await ann.expect(text="Now send me the photo to repaint" if damaged == 1 else "Now send me the style")
    await ann.send_photo(picture("red" if damaged == 1 else "blue"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_what_telegram_does_not_hand_out_now_is_taken_and_opened_when_it_is_painted(
    api: Emulator, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "PATIENCE", 0.2)
    api.faults.for_a_time("getFile", server_error(), 60)
    await ann.send_document(b"damaged", name="a.png")
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture("blue"))
    await ann.expect(text="How strong")
    api.faults.clear()
    await ann.tap("Light")
    await ann.expect(buttons=["Cancel"])  # the studio says the rest


@pytest.fixture
def slow_look(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Looks end when this is set, and the next question does not wait for them."""
    is_looked_at = asyncio.Event()

    async def look(_decoder: LentDecoder, data: bytes) -> None:
        await is_looked_at.wait()
        if data == b"damaged":
            raise PictureError(Reason.TRUNCATED, "The picture is damaged.")

    monkeypatch.setattr(LentDecoder, "look", look)
    monkeypatch.setattr(arrival, "A_MOMENT", 0)
    return is_looked_at


async def test_a_slow_look_holds_up_nobody_and_refuses_the_photo_later(
    ann: Actor, ben: Actor, slow_look: asyncio.Event
) -> None:
    sent = await ann.send_document(b"damaged", name="a.png")
    await ann.expect(text="Now send me the style")
    await send_pair(ben)
    await ann.send_photo(picture("blue"))
    prompt = await ann.expect(text="How strong")
    slow_look.set()
    assert (await ann.expect(text="damaged or cut short")).reply_to_id == sent.id
    await ann.expect(text="Now send me the photo to repaint in this style")
    await is_gone(ann, prompt)
    await ann.send_document(picture("green", kind="PNG"))
    await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    await result(ann, GREEN, BLUE)


async def test_a_slow_look_at_what_was_replaced_meanwhile_says_nothing(
    ann: Actor, slow_look: asyncio.Event
) -> None:
    await ann.send_photo(picture("red"))
    await ann.expect(text="Now send me the style")
    await ann.send_document(b"damaged", name="a.png")
    await ann.expect(text="How strong")
    await ann.send_photo(picture("yellow"))
    await ann.expect(text="How strong", photo=True)
    slow_look.set()
    await ann.expect_silence(0.2)
    await ann.tap("Light")
    await result(ann, RED, YELLOW)


async def test_a_slow_look_at_the_only_picture_asks_for_another(ann: Actor, slow_look: asyncio.Event) -> None:
    await ann.send_document(b"damaged", name="a.png")
    await ann.expect(text="Now send me the style")
    slow_look.set()
    await ann.expect(text="damaged or cut short")
    await ann.expect(text="Send me the photo")
    await send_pair(ann)
    await ann.tap("Light")
    await result(ann, RED, BLUE)


async def test_few_files_are_fetched_at_once_to_be_looked_at(
    api: Emulator, ann: Actor, slow_look: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    async def fetch(_bot: object, file_id: str, _most: int) -> bytes:
        fetched.append(file_id)
        return b"a picture"

    monkeypatch.setattr(arrival, "download", fetch)
    people = [Actor.join(api.world, name) for name in ("Cat", "Dan", "Eve", "Fay", "Gus")]
    for person in (ann, *people):
        await person.send_document(b"a picture")
        await person.expect(text="Now send me the style")
    assert len(fetched) == arrival.AT_ONCE
    slow_look.set()
    await until(lambda: is_length(fetched, 6))


async def is_length(fetched: list[str], count: int) -> bool:
    return len(fetched) == count


async def test_in_a_group_a_damaged_answer_is_refused_and_the_next_is_taken(
    ann: Actor, ben: Actor, friends: Chat
) -> None:
    photo = await ben.send_photo(picture("red"), chat=friends)
    await ann.send_text("/style", chat=friends, reply_to=photo)
    question = await ann.expect(text="with the style picture", chat=friends)
    sent = await ben.send_document(b"damaged", name="a.png", chat=friends, reply_to=question)
    assert (await ben.expect(text="not a picture I can open", chat=friends)).reply_to_id == sent.id
    await ben.send_document(picture("blue", kind="PNG"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, RED, BLUE, friends)


@pytest.mark.parametrize("which", ["theirs", "mine"])
async def test_in_a_group_the_other_picture_of_the_command_is_kept(
    ann: Actor, ben: Actor, friends: Chat, which: str
) -> None:
    damaged, good = b"damaged", picture("blue", kind="PNG")
    theirs, mine = (damaged, good) if which == "theirs" else (good, damaged)
    photo = await ben.send_document(theirs, chat=friends)
    command = await ann.send_document(mine, "/style", chat=friends, reply_to=photo)
    refusal = await ann.expect(text="not a picture I can open", chat=friends)
    assert refusal.reply_to_id == (photo if which == "theirs" else command).id
    question = await ann.expect(text="Ann, reply to this message with the", chat=friends)
    await ann.send_photo(picture("red"), chat=friends, reply_to=question)
    await ann.expect(text="How strong", photo=True, chat=friends)
    await ann.tap("Light", chat=friends)
    await result(ann, *((RED, BLUE) if which == "theirs" else (BLUE, RED)), friends)


async def test_what_a_message_gets_by_being_edited_is_looked_at(ann: Actor) -> None:
    photo = await ann.send_document(picture("red", kind="PNG"))
    await ann.expect(text="Now send me the style")
    await ann.replace_document(photo, b"damaged")
    said = await ann.expect(text=re.compile("not a picture I can open.*go on with the picture"))
    assert said.reply_to_id == photo.id
