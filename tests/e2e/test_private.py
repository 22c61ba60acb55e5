"""A private chat, painted for real: every way to hand over two pictures, and every way on from a result."""

from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO

import pytest
import pytest_asyncio
from PIL import Image

from bot.demo.people.seen_messages import SeenMessage
from bot.demo.telegram.emulator import Emulator
from tests.bot.chat.test_wrong_things import WRONG
from tests.e2e.conftest import (
    SIZE,
    RunBot,
    ask,
    has_colour,
    has_shape_of,
    picture,
    result,
    takes_the_place_of,
)
from tests.kit.people import Actor
from tests.kit.pictures import Colour

RED, BLUE, GREEN = (200, 40, 40), (40, 60, 200), (40, 160, 60)
WIDE, TALL = picture(RED, 64, 40), picture(BLUE, 40, 64)

FOUR = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.7), (0.75, 0.7)]
"""Where on a sheet of four pictures each of them is."""

SendPair = Callable[[Actor, bytes, bytes], Awaitable[object]]


@pytest_asyncio.fixture(loop_scope="session")
async def ann(api: Emulator, run_bot: RunBot) -> AsyncIterator[Actor]:
    """Somebody, and a bot that runs."""
    async with run_bot():
        yield Actor.join(api.world, "Ann")


def looks_painted_from(shown: SeenMessage, content: bytes, style: Colour) -> bool:
    return has_shape_of(shown, content) and has_colour(shown, style)


def shows_four(shown: SeenMessage, style: Colour) -> bool:
    """Whether each picture of a sheet has the style's colour."""
    sheet = Image.open(BytesIO(shown.photo_bytes())).convert("RGB")
    found = [sheet.getpixel((round(x * sheet.width), round(y * sheet.height))) for x, y in FOUR]
    return all(
        max(abs(one - other) for one, other in zip(pixel, style, strict=True)) <= 40
        for pixel in found
        if isinstance(pixel, tuple)
    )


async def as_photos(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_photo(content)
    await user.expect(text="Now send me the style")
    await user.send_photo(style)


async def as_an_album(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_album([content, style])


async def as_files(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_document(content)
    await user.expect(text="Now send me the style")
    await user.send_document(style)


async def as_an_album_of_files(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_album([content, style], as_files=True)


async def as_a_photo_and_a_file(user: Actor, content: bytes, style: bytes) -> None:
    await user.send_photo(content)
    await user.expect(text="Now send me the style")
    await user.send_document(style, name="style.PNG", mime_type="application/octet-stream")


async def with_a_change_of_mind(user: Actor, content: bytes, style: bytes) -> None:
    await as_photos(user, content, picture(GREEN))
    await user.expect(text="How strong")
    await user.send_photo(style)


async def in_the_wrong_order(user: Actor, content: bytes, style: bytes) -> None:
    await as_photos(user, style, content)
    await user.expect(text="How strong")
    await user.send_text("/swap")


@pytest.mark.on_a_cluster_too
@pytest.mark.parametrize(
    "send",
    [
        as_photos,
        as_an_album,
        as_files,
        as_an_album_of_files,
        as_a_photo_and_a_file,
        with_a_change_of_mind,
        in_the_wrong_order,
    ],
)
async def test_two_pictures_a_strength_and_a_picture_back(api: Emulator, ann: Actor, send: SendPair) -> None:
    await send(ann, WIDE, TALL)
    prompt = await ann.expect(text="How strong", photo=True)
    await ann.tap("Light")
    shown = await result(ann)
    await takes_the_place_of(prompt, shown, api)
    assert looks_painted_from(shown, WIDE, BLUE)


@pytest.mark.on_a_cluster_too
async def test_the_question_soon_shows_every_strength(ann: Actor) -> None:
    await as_photos(ann, WIDE, TALL)
    prompt = await ann.expect(text="How strong", photo=True)
    await ann.expect(
        text="How strong",
        photo=True,
        buttons=["Balanced"],
        timeout=120,  # the worker may have to start first
        where=lambda seen: seen.id == prompt.id and shows_four(seen, BLUE),
    )


@pytest.mark.on_a_cluster_too
async def test_a_first_picture_with_a_bar_comes_before_the_result(ann: Actor) -> None:
    await ask(ann, WIDE, TALL)
    await ann.expect(photo=True, text="░", buttons=["Cancel"])
    await result(ann)


async def test_a_result_that_took_long_rings_in_a_message_of_its_own(
    api: Emulator, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.studio.attempt.LOOKED_AWAY", 0.0)
    await ask(ann, WIDE, TALL)
    progress = await ann.expect(photo=True, text="░", buttons=["Cancel"], timeout=120)
    rung = await ann.expect(text="Your picture is ready.", timeout=120)
    shown = await result(ann)
    assert shown.id == rung.id != progress.id
    assert shown.reply_to_id == 1  # the photo
    assert looks_painted_from(shown, WIDE, BLUE)
    await takes_the_place_of(progress, shown, api)


@pytest.mark.on_a_cluster_too
async def test_the_ways_on_from_a_result(ann: Actor) -> None:
    await ask(ann, WIDE, TALL)
    first = await result(ann)

    await ann.tap("Strong", message=first)
    stronger = await result(ann)
    assert stronger.id != first.id
    assert looks_painted_from(stronger, WIDE, BLUE)

    await ann.tap("Photo's colours", message=first)
    assert "🌈 Style's colours" in (await result(ann)).buttons

    await ann.tap_more("Swap", message=first)
    assert looks_painted_from(await result(ann), TALL, RED)

    await ann.tap("Back", message=first)
    await ann.tap("Another style", message=first)
    await ann.expect(text="Now send me the style")
    await ann.send_photo(picture(GREEN))
    await ann.expect(text="How strong")
    await ann.tap("Light")
    assert looks_painted_from(await result(ann), WIDE, GREEN)

    await ann.tap_more("Another photo", message=first)
    await ann.expect(text="photo to repaint")
    await ann.send_photo(TALL)
    await ann.expect(text="How strong")
    await ann.tap("Light")
    assert looks_painted_from(await result(ann), TALL, BLUE)


@pytest.mark.on_a_cluster_too
async def test_the_file_is_the_picture_in_full_and_without_loss(ann: Actor) -> None:
    await ask(ann, WIDE, TALL)
    shown = await result(ann)
    await ann.tap_more("As a file", message=shown)
    file = await ann.expect(document=True)
    with Image.open(BytesIO(file.document_bytes())) as full, Image.open(BytesIO(shown.photo_bytes())) as seen:
        assert full.format == "PNG"
        assert full.size == seen.size


async def test_classic_is_painted_too(ann: Actor) -> None:
    await ask(ann, WIDE, TALL, "Classic")
    shown = await result(ann)
    assert not any("✓" in label for label in shown.buttons)


async def test_a_picture_that_cannot_be_read_is_refused_when_it_comes_and_the_other_kept(ann: Actor) -> None:
    await ann.send_photo(WIDE)
    await ann.expect(text="Now send me the style")
    await ann.send_document(b"these are words", name="photo.jpg", mime_type="image/jpeg")
    await ann.expect(text="not a picture I can open")
    await ann.send_photo(TALL)
    await ann.expect(text="How strong")
    await ann.tap("Light")
    assert looks_painted_from(await result(ann), WIDE, BLUE)


async def test_twenty_kinds_of_wrong_thing_on_the_way_do_no_harm(ann: Actor) -> None:
    kinds = iter(WRONG.values())

    async def five_wrong_things() -> None:
        for _ in range(5):
            send, _answer = next(kinds)
            await send(ann)
            await ann.expect()

    await five_wrong_things()
    await ann.send_photo(WIDE)
    await ann.expect(text="Now send me the style")
    await five_wrong_things()
    await ann.send_photo(TALL)
    await ann.expect(text="How strong")
    await five_wrong_things()
    await ann.tap("Light")
    await five_wrong_things()
    assert looks_painted_from(await result(ann), WIDE, BLUE)


@pytest.mark.on_a_cluster_too
async def test_a_restart_between_every_two_messages_changes_nothing(api: Emulator, run_bot: RunBot) -> None:
    ann = Actor.join(api.world, "Ann")

    async def step(act: Callable[[], Awaitable[object]], shows: Callable[[], Awaitable[SeenMessage]]) -> None:
        async with run_bot():
            await act()
            await shows()

    await step(lambda: ann.send_photo(WIDE), lambda: ann.expect(text="Now send me the style"))
    await step(lambda: ann.send_photo(TALL), lambda: ann.expect(text="How strong", photo=True))
    await step(lambda: ann.tap("Larger"), lambda: ann.expect(buttons=["✅ Larger"]))
    await step(lambda: ann.tap("Light"), lambda: ann.expect(text="░", buttons=["Cancel"]))
    async with run_bot():
        shown = await result(ann)
    assert max(Image.open(BytesIO(shown.photo_bytes())).size) == 2 * SIZE
    await step(lambda: ann.tap_more("Swap"), lambda: result(ann))
    await step(lambda: ann.send_text("/history"), lambda: ann.expect(text="Your last results"))
    await step(lambda: ann.tap("2"), lambda: result(ann))
